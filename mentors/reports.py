"""Experts as a table: what the reader may see of each, and never an address."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from mentors.cards import languages_in_words, roles_in_words
from mentors.models import Expert, Expertise
from network_platform.languages import in_language


def expert_table(experts: Iterable[Expert]) -> Iterator[tuple[Any, ...]]:
    """`experts` come from `with_cards`."""
    yield (
        _("Name"),
        _("Name in Latin letters"),
        _("Country"),
        _("Role"),
        _("Help with"),
        _("Language"),
        _("In one line"),
    )
    labels = Expertise.objects.labels()
    for expert in experts:
        skills = dict.fromkeys(code for role in expert.shown_roles for code in role.skill_codes)
        yield (
            expert.name,
            expert.name_latin,
            expert.country,
            roles_in_words(expert.shown_roles),
            ", ".join(in_language(labels[code]) for code in skills),
            languages_in_words(expert.spoken),
            expert.headline_here.text,
        )
