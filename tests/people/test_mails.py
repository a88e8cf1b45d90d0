"""Every mail about an account, in both languages, as it is really composed."""

from pathlib import Path

import pytest
from django.conf import settings

from network_platform.background.delivery import compose
from network_platform.background.services import send_message
from tests.people.factories import PersonFactory

pytestmark = pytest.mark.django_db
FOLDER = Path(settings.BASE_DIR) / "templates" / "email"
NAMES = sorted(
    f"{app}/{path.name.removesuffix('.subject.txt')}"
    for app in ("account", "people")
    for path in (FOLDER / app).glob("*.subject.txt")
)
CONTEXT = {
    "code": "123456",
    "minutes": 10,
    "from_email": "a'b@people.example",
    "to_email": "c&d@people.example",
    "deleted_email": "e@people.example",
    "at": "now",
    "signup_path": "/ru/accounts/signup/",
    "reset_path": "/ru/accounts/password/reset/",
    "added": ["secretariat", "editors"],
    "removed": [],
}


@pytest.mark.parametrize("name", NAMES)
def test_mail_is_whole_in_both_languages(name):
    texts = {}
    for language in ("en", "ru"):
        person = PersonFactory(name="О'Хара & Үлгі", language=language)
        message = send_message(template=name, to=person, dedupe_key=f"{name}{language}", context=CONTEXT)
        texts[language] = compose(message)

    for mail in texts.values():
        assert "О'Хара & Үлгі" in mail.body
        assert "&amp;" not in mail.body
        assert "\n" not in mail.subject
        assert mail.subject
    assert texts["en"].subject != texts["ru"].subject
    assert "Hello О'Хара & Үлгі," in texts["en"].body
    assert "Здравствуйте, О'Хара & Үлгі!" in texts["ru"].body
    assert f"{settings.BASE_URL}/ru/settings/" in texts["ru"].body


def test_mail_to_an_address_greets_nobody_by_name():
    message = send_message(
        template="account/login_code", to="x@people.example", dedupe_key="x", context=CONTEXT, language="ru"
    )

    mail = compose(message)

    assert mail.body.startswith("Здравствуйте!")
    assert "\n    123456\n" in mail.body
    assert "10 минут" in mail.body
    assert "/settings/" not in mail.body


def test_every_mail_of_allauth_has_ours():
    import allauth

    theirs = Path(allauth.__file__).parent / "templates"
    wanted = {
        path.name.removesuffix("_subject.txt")
        for folder in ("account/email", "mfa/email")
        for path in (theirs / folder).glob("*_subject.txt")
    }
    linked = {"password_reset_key"}  # mails with links: codes are sent instead

    assert wanted - linked <= {name.removeprefix("account/") for name in NAMES}
