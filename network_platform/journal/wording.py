"""The journal's codes in words, those of all apps together; `words.py` says what there is."""

from dataclasses import fields
from functools import cache
from typing import Any

from django.apps import apps
from django.utils.text import format_lazy

from network_platform.desk import gather
from network_platform.journal.words import Word, Words
from network_platform.lifecycle import tables
from network_platform.zones import in_words, moment_in


@cache
def _words_of_apps() -> list[Words]:
    return gather("journal_words")


@cache
def vocabulary() -> Words:
    """The words of all apps; where two have a word for one code, that of the higher floor."""

    def merged(name: str) -> Any:
        parts = [getattr(words, name) for words in _words_of_apps()]
        if isinstance(parts[0], tuple):
            return tuple(code for part in parts for code in part)
        return {code: word for part in parts for code, word in part.items()}

    return Words(**{each.name: merged(each.name) for each in fields(Words) if each.name != "label"})


def reason_label(reason: str) -> str:
    return str(vocabulary().reasons.get(reason, reason))


def thing_label(thing_type: str) -> Word:
    """The word for a model, the journal's own or the model's."""
    if word := vocabulary().things.get(thing_type):
        return word
    try:
        return apps.get_model(thing_type)._meta.verbose_name
    except (LookupError, ValueError):
        return thing_type


def label_words(thing_type: str, label: str, codes: dict[str, str]) -> str:
    """What a record calls its thing, the codes in it in words: labels are kept as they were written."""
    for words in _words_of_apps():
        if thing_type in words.things:
            return words.label(label, codes)
    return label


def verb_label(verb: str) -> Word:
    """`organisation.listed` as "organisation: listed"."""
    subject, _dot, deed = verb.partition(".")
    return format_lazy("{}: {}", _subject(subject), vocabulary().deeds.get(deed, _plain(deed)))


def field_label(name: str, verb: str = "") -> Word:
    words = vocabulary()
    return words.fields_of.get((verb.partition(".")[2], name)) or words.fields.get(name, _plain(name))


def value_label(value: str, thing_type: str = "") -> str:
    """A state or a moment in words, as inside a sentence; anything else as it is. `thing_type`: whose state it would
    be.
    """
    if moment := moment_in(value):
        return in_words(moment)
    if (label := _states_of(thing_type).get(value)) is None:
        if word := vocabulary().values.get(value):
            return str(word)
        if (label := _states().get(value)) is None:
            return value
    words = str(label)
    return words[:1].lower() + words[1:]


def verbs() -> dict[str, Word]:
    """Every verb that the apps use, with its words."""
    moves = {move.verb for table in tables().values() for move in table.moves}
    return {verb: verb_label(verb) for verb in moves.union(vocabulary().verbs)}


@cache
def _states_of(thing_type: str) -> dict[str, Word]:
    """The states of one model: "proposed" is one thing of a round and another of a placement."""
    for thing, table in tables().items():
        if f"{table.app}.{thing.replace(' ', '')}" == thing_type:
            return dict(table.states.choices)
    return dict(vocabulary().states_of.get(thing_type, {}))


@cache
def _states() -> dict[str, Word]:
    """Lowest floor last, so that its words win where two apps call different states alike."""
    return {value: label for table in reversed(tables().values()) for value, label in table.states.choices}


def _subject(name: str) -> Word:
    name = name.replace("_", "")
    words = vocabulary()
    by_model = {thing.partition(".")[2]: word for thing, word in words.things.items()}
    return words.subjects.get(name) or by_model.get(name) or name


def _plain(code: str) -> str:
    return code.replace("_", " ")
