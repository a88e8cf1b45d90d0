"""What the ground gathers from every app, without importing any.

`settings.DESKS` lists modules by dotted name. A desk module may define any of:

- `waiting_for(user) -> list[Waiting]`: what waits for this person on their desk page;
- `sent_by(user) -> list[Waiting]`: what this person has sent and others have not answered yet;
- `waited_in(user, iso2) -> list[Waited]`: of an app above the registry, what waits for this person in a country and
  since when, as the desk of who serves it shows it (`incubators.country_desk.Waited`);
- `scopes_of(user) -> set[str]`: audience tokens ("country:KZ") for the journal and the search;
- `personal_data(user) -> dict`: everything this app holds about the person, JSON-ready;
- `lost_with(user) -> list[Waiting]`: what nobody could go on with if this person's account were erased now;
- `erase(user) -> None`: drop the person, keep the figures;
- `needs_second_factor(user) -> bool`;
- `roles_of(user) -> list[str]`: the person's roles in this app, in words, for the secretariat's page about them;
- `areas_of(user) -> list[Area]`: where this person works in this app, for their desk;
- `begun_by(user) -> set[str]`: the ways of beginning (see people/desk_page.py) that this person has gone already;
- `consent_answered(user, purpose, given) -> None`: act at once on a person's answer to a purpose;
- `consent_notes(user, given) -> dict[str, Area]`: by purpose, what of this person is hidden or closed whatever they
  answered, and the way to where that is chosen; `given` are the purposes agreed to;
- `person_changed(user, changed) -> None`: act at once on new names or another time zone; `changed` names the fields;
- `access_changed(user) -> None`: act at once on a person's access being closed or opened;
- `code_words() -> dict[str, str]`: codes that stand in records of the journal and in a person’s own data (a role, a
  country), in words as inside a sentence;
- `journal_words() -> journal.words.Words`: what the journal and a person’s own data call the verbs, things and fields
  that this app writes;
- `reasons_to_sign_in() -> dict[str, str]`: what a visitor gets at a page that asks to sign in, in one sentence by the
  name of its view;
- `codes_in(records) -> dict[str, str]`: the same of codes that only these records of the journal have;
- `names_in(records) -> Iterable[dict[str, str]]`: names, by language, of what these records are about;
- `token_scopes() -> dict[str, str]`: what a personal token may be allowed to write in this app, by name, in words;
- `webhook_events() -> dict[str, str]`: the public changes of this app that the feed tells, by name, in words;
- `sitemap() -> Iterable[str]`: public paths without the language prefix;
- `search_documents() -> Iterable[search.services.Document]`: everything to index again;
- `problems() -> list[str]`: what `manage.py doctor` should report of this app;
- `load_demonstration(stdout) -> None`: the demonstration data of this app, safe to repeat.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

from django.conf import settings


@dataclass(frozen=True)
class Waiting:
    """One line of a person's desk: `title` is translated, `url` a path on this site; `zone`: in which `due` was set."""

    title: str
    url: str
    count: int = 0
    due: datetime | None = None
    detail: str = ""
    zone: str = ""


@dataclass(frozen=True)
class Area:
    """A place where a person works: `title` is translated and starts with what is done there."""

    title: str
    url: str
    detail: str = ""


@cache
def desks() -> tuple[ModuleType, ...]:
    return tuple(import_module(name) for name in settings.DESKS)


def providers(name: str) -> list[Callable[..., Any]]:
    """The functions called `name` in every desk that has one, lowest floor first."""
    return [getattr(desk, name) for desk in desks() if hasattr(desk, name)]


def code_words() -> dict[str, str]:
    """The codes of all apps in words."""
    return {code: word for words in gather("code_words") for code, word in words.items()}


def gather(name: str, *args: Any) -> list[Any]:
    """Call `name` in every desk that has it; the results, lowest floor first."""
    return [provider(*args) for provider in providers(name)]
