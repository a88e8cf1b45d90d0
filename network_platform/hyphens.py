"""Short words that no line may break at their hyphen: start-up, PP-59."""

import re
from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

HYPHENATED = re.compile(r"(?<![\w-])[^\W_]+(?:-[^\W_]+)+(?![\w-])")
LONGEST = 12


def whole(code: object) -> SafeString:
    """A number with a hyphen that no line breaks at: `{% blocktranslate with number=entry.number|whole %}`."""
    return format_html('<span class="nowrap">{}</span>', code)


def unbroken(words: Any) -> SafeString:
    """The text, escaped; each short word with a hyphen is held together by a span. Longer ones may break."""
    text, parts, end = str(words), [], 0
    if "-" not in text:
        return conditional_escape(words)
    for found in HYPHENATED.finditer(text):
        if len(found[0]) <= LONGEST:
            parts += [conditional_escape(text[end : found.start()]), whole(found[0])]
            end = found.end()
    return SafeString("".join([*parts, conditional_escape(text[end:])]))
