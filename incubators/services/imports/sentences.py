"""What an import says: put together only when it is told, and kept in every language of the platform.

The worker that writes a file and the secretariat that looks at it may use another language than who sent it.
"""

from typing import Any

from django.conf import settings
from django.utils.functional import Promise, lazy
from django.utils.translation import override

from network_platform.languages import in_language

Sentence = str | Promise
Kept = str | dict[str, str]  # a text as the report keeps it: by language, or one that is the same in all


def _filled(text: Sentence, values: Any) -> str:
    return str(text) % values


def _joined(sentences: list[Sentence]) -> str:
    return " ".join(map(str, sentences))


filled = lazy(_filled, str)  # `_("… %(most)s …") % values`, later
_one_after_the_other = lazy(_joined, str)


def in_a_row(*sentences: Sentence) -> Sentence:
    """One after the other; nothing if there is none."""
    said = [sentence for sentence in sentences if sentence]
    return _one_after_the_other(said) if said else ""


def kept(words: Sentence | dict[str, str]) -> Kept:
    """In every language that says it otherwise than English; what is no sentence of ours stays as it is."""
    if not isinstance(words, Promise):
        return words
    texts = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            texts[code] = str(words)
    return {code: text for code, text in texts.items() if code == "en" or text != texts["en"]}


def told(words: Any) -> Any:
    """In the reader's language."""
    return in_language(words) if isinstance(words, dict) else words
