"""What people wrote, with the language it is in."""

from dataclasses import dataclass

from django.utils.translation import get_language

from network_platform.languages import FALLBACKS


@dataclass(frozen=True)
class Text:
    """`language` is what `lang=""` takes."""

    language: str
    text: str

    def __str__(self) -> str:
        return self.text


def all_texts(texts: dict[str, str]) -> list[Text]:
    """The reader's language first, then English, Russian, and any other."""
    wanted = dict.fromkeys((get_language() or "en", *FALLBACKS, *texts))
    return [Text(code, texts[code]) for code in wanted if texts.get(code)]


def text_here(texts: dict[str, str]) -> Text:
    return next(iter(all_texts(texts)), Text("", ""))
