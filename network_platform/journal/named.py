"""Who and what the codes of records stand for: people while their accounts exist, and the apps' codes in words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from network_platform.desk import code_words, gather
from network_platform.journal.models import Record
from network_platform.journal.wording import label_words, value_label, vocabulary
from network_platform.languages import in_language
from network_platform.people.models import User, reference_of

PERSON = User._meta.label_lower
PEOPLE_FIELDS = ("claimant", "editor")  # whose value is a person's uid


@dataclass(frozen=True)
class Named:
    """What one page of records needs, read once."""

    people: dict[str, User] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, records: Iterable[Record]) -> "Named":
        """One query for the people of all records, if they name any, and one an app for the names of its things."""
        records = list(records)
        uids = {uid for record in records for uid in _people_in(record)}
        found = User.objects.filter(uid__in=uids, erased_at=None) if uids else []
        codes = {code: word for words in gather("codes_in", records) for code, word in words.items()}
        return cls({str(person.uid): person for person in found}, code_words() | codes, _texts(records))

    def subject(self, record: Record) -> User | None:
        """The person whom the record is about, while the account exists."""
        return self.people.get(record.thing_uid) if record.thing_type == PERSON else None

    def label(self, record: Record) -> str:
        """What the record calls its thing; where that is only a person's reference, the name. What has that name still
        and one in the reader's language is called by the latter.
        """
        person = self.subject(record)
        if person and record.label == person.reference:
            return person.name_here
        name, colon, rest = record.label.partition(": ")
        label = self.texts.get(record.label) or f"{self.texts.get(name, name)}{colon}{self.texts.get(rest, rest)}"
        return label_words(record.thing_type, label, self.codes)

    def value(self, name: str, value: str, thing_type: str = "") -> str:
        """The value of a field of this name of such a thing, in words."""
        if name in PEOPLE_FIELDS:
            return self.people[value].name_here if value in self.people else reference_of(value)
        if name in vocabulary().code_fields and value in self.codes:
            return self.codes[value]
        return value_label(value, thing_type)


def _texts(records: list[Record]) -> dict[str, str]:
    """Names in any language -> in the reader's; without those that mean two things."""
    found: dict[str, set[str]] = {}
    for names in (names for told in gather("names_in", records) for names in told):
        for text in filter(None, names.values()):
            found.setdefault(text, set()).add(in_language(names))
    return {text: next(iter(here)) for text, here in found.items() if len(here) == 1}


def _people_in(record: Record) -> Iterator[UUID]:
    named = [state.get(name) for state in (record.before, record.after) for name in PEOPLE_FIELDS]
    for text in [*named, record.thing_uid if record.thing_type == PERSON else None]:
        try:
            yield UUID(text)
        except (TypeError, ValueError, AttributeError):
            continue
