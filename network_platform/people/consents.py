"""Consent by purpose and version: what people are asked, and the ledger of their answers.

The text of a version never changes once somebody may have agreed to it: a new wording is a new version, and an
answer to the old one no longer counts. The ledger is only ever added to.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Case, F, OuterRef, Subquery, Value, When
from django.db.models.lookups import Exact

from network_platform.desk import Area, gather
from network_platform.journal.services import record
from network_platform.languages import in_language
from network_platform.people.models import Consent, User


@dataclass(frozen=True)
class Purpose:
    """One thing that a person may agree to. `texts` has every version ever asked, per language."""

    key: str
    version: str
    titles: dict[str, str]
    texts: dict[str, dict[str, str]]

    @property
    def title(self) -> str:
        return in_language(self.titles)

    @property
    def text(self) -> str:
        return self.text_of(self.version)

    def text_of(self, version: str) -> str:
        return in_language(self.texts.get(version))


PURPOSES = {
    purpose.key: purpose
    for purpose in (
        Purpose(
            key="public-profile",
            version="1",
            titles={"en": "Public profile", "ru": "Публичный профиль"},
            texts={
                "1": {
                    "en": (
                        "My name, country, languages, roles, skills and the text I write about myself may be shown to "
                        "every visitor of this site and be found by search. My address and telephone are never shown."
                    ),
                    "ru": (
                        "Моё имя, страну, языки, роли, навыки и мой рассказ о себе можно показывать всем посетителям "
                        "сайта и находить поиском. Мой адрес и телефон не показываются никогда."
                    ),
                }
            },
        ),
        Purpose(
            key="contact-requests",
            version="1",
            titles={"en": "Requests from others", "ru": "Запросы от других"},
            texts={
                "1": {
                    "en": (
                        "Members of the network may write to me through the platform. They see my name, not my "
                        "address; the platform sends me their message by e-mail."
                    ),
                    "ru": (
                        "Участники сети могут писать мне через платформу. Они видят моё имя, но не адрес; сообщение "
                        "приходит мне на электронную почту от платформы."
                    ),
                }
            },
        ),
        Purpose(
            key="news",
            version="1",
            titles={"en": "News and open calls by e-mail", "ru": "Новости и открытые конкурсы по почте"},
            texts={
                "1": {
                    "en": (
                        "The network may send me news, open calls and invitations to events, at most once a week. "
                        "Messages about what I do here myself come without this."
                    ),
                    "ru": (
                        "Сеть может присылать мне новости, объявления о конкурсах и приглашения, не чаще раза "
                        "в неделю. Письма о моих собственных делах на платформе приходят и без этого."
                    ),
                }
            },
        ),
    )
}


def has_consented(user: User, purpose: str) -> bool:
    """Whether the person's newest answer to this purpose is yes, and to the version that is asked today."""
    return PURPOSES[purpose].version == consented_versions(user).get(purpose)


def consented_versions(user: User) -> dict[str, str]:
    """Version agreed to per purpose, for those whose newest answer is yes; one query."""
    newest: dict[str, Consent] = {}
    for answer in user.consents.order_by("at", "pk"):
        newest[answer.purpose] = answer
    return {key: answer.version for key, answer in newest.items() if answer.given}


def agreed_by(user: User) -> frozenset[str]:
    """The purposes whose text of today this person has agreed to; one query."""
    versions = consented_versions(user)
    return frozenset(key for key, purpose in PURPOSES.items() if versions.get(key) == purpose.version)


def agreed_to(purpose: str, person: str) -> Exact:
    """For `filter`: those whose user, found along the path `person`, has consented. Twin of `has_consented`."""
    answers = Consent.objects.filter(user=OuterRef(person), purpose=purpose).order_by("-at", "-pk")
    newest = answers.values(agreed=Case(When(given=True, then=F("version"))))[:1]
    return Exact(Subquery(newest), Value(PURPOSES[purpose].version))


@dataclass(frozen=True)
class Asked:
    """A purpose as one person's page shows it."""

    purpose: Purpose
    given: bool
    note: Area | None = None


def asked_of(user: User) -> list[Asked]:
    given = agreed_by(user)
    notes = {key: note for found in gather("consent_notes", user, given) for key, note in found.items()}
    return [Asked(purpose, key in given, notes.get(key)) for key, purpose in PURPOSES.items()]


def give(*, user: User, purpose: str) -> Consent:
    """Add a yes to the version asked today."""
    return _answer(user=user, purpose=purpose, given=True)


def withdraw(*, user: User, purpose: str) -> Consent:
    """Add a no. What was lawful before stays lawful; from now on the purpose is closed."""
    return _answer(user=user, purpose=purpose, given=False)


@transaction.atomic
def _answer(*, user: User, purpose: str, given: bool) -> Consent:
    asked = PURPOSES[purpose]
    answer = Consent.objects.create(user=user, purpose=asked.key, version=asked.version, given=given)
    gather("consent_answered", user, asked.key, given)
    record(
        verb="consent.given" if given else "consent.withdrawn",
        thing=user,
        by=user,
        scope=f"person:{user.uid}",
        label=user.reference,
        after={"purpose": asked.key, "version": asked.version},
    )
    return answer
