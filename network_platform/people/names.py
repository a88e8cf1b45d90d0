"""What a person's name may hold, and how it is found. Names are printed in mails to others: they must carry no lure."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

FEWEST_LETTERS = 2
BESIDE_LATIN = dict.fromkeys(("ru", "kk", "ky", "tg"), "CYRILLIC") | dict.fromkeys(("prs", "ps"), "ARABIC")
FORBIDDEN = re.compile(r"[<>{}\[\]|\\/@:#$%^*=_~\"\d]|www\.|\.\w{2,}\b")


def holds(field: str, words: str) -> Q:
    """Whether a text holds these words in any case of any script; SQLite's LIKE knows no case but of ASCII."""
    return Q(**{f"{field}__iregex": re.escape(words)})


def in_known_letters(name: str, name_latin: str) -> str:
    """The name as the reader can read it: the one in Latin letters, where there is one and the other has a letter that
    the reader's language does not use.
    """
    known = {"LATIN", "MODIFIER", BESIDE_LATIN.get(get_language() or "en")}
    scripts = {unicodedata.name(sign, "").partition(" ")[0] for sign in name if sign.isalpha()}
    return name if name and scripts <= known else name_latin or name


def clean_name(name: str) -> str:
    """The name with single spaces, or ValidationError. Initials ("J. R. Sample") pass, addresses do not."""
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if any(unicodedata.category(sign) in {"Cc", "Cf", "Co", "Cs"} and sign not in "\u200c\u200d" for sign in name):
        raise ValidationError(_("The name contains invisible characters. Type it again by hand."))
    if FORBIDDEN.search(name):
        raise ValidationError(_("Use letters only: no digits, web addresses or brackets."))
    if name and sum(sign.isalpha() for sign in name) < FEWEST_LETTERS:
        raise ValidationError(_("Write the name out: it has at least two letters."))
    return name


def clean_latin_name(name: str) -> str:
    """As `clean_name`, and every letter is Latin: this name stands on certificates and lists in English."""
    name = clean_name(name)
    if any(sign.isalpha() and not unicodedata.name(sign, "").startswith(("LATIN", "MODIFIER")) for sign in name):
        raise ValidationError(_("Use Latin letters here, as in a passport."))
    return name
