"""What experts agree to: the ground's "public-profile" and "contact-requests", and one purpose of this app."""

from mentors.enums import Visibility
from network_platform.people.consents import PURPOSES, Purpose

PUBLIC_PROFILE = "public-profile"
NETWORK_PROFILE = "network-profile"
CONTACT = "contact-requests"

PURPOSE_OF: dict[str, str] = {Visibility.PUBLIC: PUBLIC_PROFILE, Visibility.NETWORK: NETWORK_PROFILE}

PURPOSES[NETWORK_PROFILE] = Purpose(
    key=NETWORK_PROFILE,
    version="1",
    titles={"en": "Profile within the network", "ru": "Профиль внутри сети"},
    texts={
        "1": {
            "en": (
                "My name, country, languages, roles, skills and the text I write about myself may be shown to people "
                "who are signed in here and be found by their search. My address and telephone are never shown."
            ),
            "ru": (
                "Моё имя, страну, языки, роли, навыки и мой рассказ о себе можно показывать тем, кто вошёл на сайт, "
                "и находить их поиском. Мой адрес и телефон не показываются никогда."
            ),
        }
    },
)
