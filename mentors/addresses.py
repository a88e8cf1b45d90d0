"""Whether a text holds an e-mail address, a telephone number or a name in a messenger.

The consent promises never to show such; a link to somebody's work is none.
"""

import re
import unicodedata

_SPELLED_DOT = r"(?:\s*[(\[](?:dot|точка)[)\]]\s*|\s(?:dot|точка)\s)"
_MAIL = re.compile(
    rf"""[\w.+-]+\s*(?:@|[(\[](?:at|собака)[)\]])\s*[\w-]+(?:(?:\.|{_SPELLED_DOT})[\w-]+)*(?:\.|{_SPELLED_DOT})[^\W\d_]{{2}}
    |[\w.+-]+\s(?:at|собака)\s[\w-]+{_SPELLED_DOT}[^\W\d_]{{2}}""",
    re.IGNORECASE | re.VERBOSE,
)
_CALLED = re.compile(
    r"(?:\b(?:tel|phone|mobile|whats?app|viber|telegram)|тел(?=[.:\s\d])|телефон\w*|моб(?=[.:])|ватсап\w*|вотсап\w*|wa\.me/)"
    r"[\s.:№#—–-]*(?:\w{2,10}[\s.:]+)?(\+?\(?\d[\d\s().-]{4,}\d)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![\d.,])\+?\s?\(?\d[\d\s().‐-―-]{5,}\d(?![\d%])")  # noqa: RUF001 - dashes of every length
_DATE = re.compile(r"\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\b\d{4}-\d{2}-\d{2}\b")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_THOUSANDS = re.compile(r"\d{1,3}(?:[\s.]\d{3})+")
_LOCAL = re.compile(r"\d{3}[\s-]\d{2}[\s-]\d{2}")
_MESSENGER_LINK = re.compile(
    r"(?<![\w-])(?:t\.me|telegram\.(?:me|dog)|wa\.me|api\.whatsapp\.com|chat\.whatsapp\.com|viber\.click|vk\.me|m\.me"
    r"|signal\.me|join\.skype\.com|imo\.im|discord\.gg|instagram\.com|facebook\.com|fb\.com|vk\.com|ok\.ru)/\S"
    r"|\b(?:tg|viber|skype|whatsapp)://",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w.@])@[A-Za-z]\w{3,}")
_NAMED = re.compile(
    r"\b(?:telegram|телеграмм?|телега|тг|tg|skype|скайп|instagram|инстаграмм?|inst|инста|viber|вайбер|whats?app|imo)"
    r"\s*[:=–—-]\s*(?=[A-Za-z])(?=[\w.]*[_\d])[\w.]{4,}",  # noqa: RUF001 - dashes of every length
    re.IGNORECASE,
)
# Country codes of the region with the number of digits that a whole number has.
_LENGTHS = {"7": 11, "93": 11, "992": 12, "993": 11, "994": 12, "996": 12, "998": 12}


def has_address(text: str) -> bool:
    plain = "".join(_plain(sign) for sign in unicodedata.normalize("NFKC", text))
    if _MAIL.search(plain) or any(len(_digits(each)) >= 6 for each in _CALLED.findall(plain)):
        return True
    if any(pattern.search(plain) for pattern in (_MESSENGER_LINK, _HANDLE, _NAMED)):
        return True
    undated = _DATE.sub(" | ", plain)
    return any(_is_telephone(part) for part in _NUMBER.findall(undated))


def _is_telephone(text: str) -> bool:
    """A plus and enough digits, a country's code and length, or the grouping of a local number; no years, no sums."""
    digits, text = _digits(text), text.strip()
    if text.startswith("+"):
        return 9 <= len(digits) <= 15
    for code, length in _LENGTHS.items():
        if digits.startswith(code) and len(digits) == length and (len(code) == 3 or not _THOUSANDS.fullmatch(text)):
            return True
    if _YEAR.search(text) or _THOUSANDS.fullmatch(text) or re.search(r"\s[‐-―-]\s", text):  # noqa: RUF001
        return False
    if _LOCAL.fullmatch(text):
        return True
    if digits.startswith("0"):
        return 9 <= len(digits) <= 14
    return digits.startswith("8") and len(digits) == 11


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())


def _plain(sign: str) -> str:
    """Digits of any script as 0-9."""
    return str(unicodedata.digit(sign)) if sign.isdigit() else sign
