"""What founders agree to before everybody may read their start-up's profile."""

from network_platform.people.consents import PURPOSES, Purpose

STARTUP_PROFILE = "startup-profile"

PURPOSES[STARTUP_PROFILE] = Purpose(
    key=STARTUP_PROFILE,
    version="1",
    titles={"en": "Profiles of my start-ups", "ru": "Профили моих стартапов"},
    texts={
        "1": {
            "en": (
                "The profiles of my start-ups that I choose to show may be read by every visitor of this site and be "
                "found by search: name, country, stage, sectors, goals, the text about what we do, the website, and "
                "which programmes supported us, if we confirmed that. Nothing is shown of the people in the team."
            ),
            "ru": (
                "Профили моих стартапов, которые я решу показать, могут читать все посетители сайта и находить "
                "поиском: название, страну, стадию, отрасли, цели, текст о том, что мы делаем, сайт и программы, "
                "которые нас поддержали, если мы это подтвердили. О людях в команде не показывается ничего."
            ),
        }
    },
)
