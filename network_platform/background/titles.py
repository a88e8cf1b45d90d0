"""What a message is about, in words, without what it says: its subject with gaps."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, cast

from django.template import Context, TemplateDoesNotExist
from django.template.backends.django import Template
from django.template.loader import get_template
from django.utils.translation import get_language

_OPEN_END = re.compile(r":? …$")  # what a mail names at its end is not told
LITERALS = frozenset(("True", "False", "None"))


class Gap(str):
    """Stands for every value of a mail; also for texts per language."""

    __slots__ = ()

    def get(self, *args: Any) -> "Gap":
        return self

    def __getitem__(self, place: Any) -> "Gap":
        return self

    def __iter__(self) -> Iterator["Gap"]:
        return iter((self,))


class Gaps(dict[str, Any]):
    """A context that has everything."""

    def __contains__(self, name: object) -> bool:
        return name not in LITERALS

    def __getitem__(self, name: str) -> Gap:
        return Gap("…")


def title_of(template: str) -> str:
    """The subject of such mails in the active language, or '' if it cannot be told without the mail."""
    return _title(template, get_language() or "en")


@cache
def _title(template: str, language: str) -> str:
    try:
        subject = cast(Template, get_template(f"email/{template}.subject.txt")).template
    except TemplateDoesNotExist:
        return ""
    context = Context(autoescape=False)
    context.dicts.append(Gaps())
    title = _OPEN_END.sub("", " ".join(subject.render(context).split()))
    return title if any(map(str.isalpha, title)) else ""
