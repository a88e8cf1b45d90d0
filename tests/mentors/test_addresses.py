"""Texts without e-mail addresses, telephone numbers and names in messengers, and without false alarms."""

import pytest

from mentors.addresses import has_address


@pytest.mark.parametrize(
    "text",
    [
        "Write to aigul@example.org",
        "почта: aigul.m@example.kz.",
        "aigul (at) example.org",
        "aigul [at] example [dot] org",
        "aigul собака example точка ru",
        "aigul at example dot com",
        "aigul@пример.рф",
        "+7 701 123 45 67",
        "+996 555 123456",
        "+998(90)123-45-67",
        "8 (701) 123-45-67",
        "87011234567",
        "0555 123 456",
        "0 (555) 12-34-56",
        "996 555 123 456",
        "992901234567",
        "тел. 612-345",
        "Телефон: 62 14 15",
        "WhatsApp 555123456",
        "wa.me/77011234567",
        "звоните 245-67-89",
        "+۹۳ ۷۰ ۱۲۳ ۴۵۶۷",
        "00996 555 123 456",
        "t.me/dilshod",
        "https://t.me/dilshod_uz",
        "HTTPS://WWW.Instagram.com/dilshod",
        "tg://resolve?domain=dilshod",
        "@dilshod_uz в телеграм",
        "телеграм (@dilshod)",
        "Telegram: dilshod_uz",
        "скайп — live.dilshod7",
        "@aigul in the chat",
    ],
)
def test_an_address_is_seen_however_it_is_spelled(text):
    assert has_address(f"Twenty years in trade. {text} Questions are welcome.")


@pytest.mark.parametrize(
    "text",
    [
        "2010–2015 bank, 2016–2020 fund",
        "2010-2015, 2016-2020",
        "2008 2012 2016 2020",
        "с 2015 по 2023 год",
        "15.03.2020 – 20.04.2021",
        "2020-03-15 – 2021-04-20",
        "по вторникам 9:00–18:00, 10.00-19.00",
        "с 10 до 19, 24/7",
        "выручка 10 000 000 – 50 000 000 тенге",
        "100 000 000 000 сум",
        "$1.500.000",
        "1,200,000 users in 12 months",
        "от 500 до 1 500 компаний",
        "500 000-1 000 000",
        "рост 150% за 2 года, 30-40% маржа",
        "ISO 9001:2015, ISO 27001",
        "команды 3–5 человек, 12 недель, 40 стартапов",
        "meets at noon, look at example.org",
        "https://dilshod.example/works shows what I built",
        "linkedin.com/in/dilshod",
        "Telegram: bots and channels",
        "Instagram – reels, stories",
        "meets @ noon",
        "at.me/x and part.me/now",
        "8 000 000 долларов",
        "phone apps for 2 000 000 people",
        "телефоны 15 моделей",
        "I am at home. Com",
    ],
)
def test_years_ranges_hours_and_sums_are_no_addresses(text):
    assert not has_address(f"Twenty years in trade. {text} Questions are welcome.")
