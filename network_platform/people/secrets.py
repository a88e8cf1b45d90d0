"""Secrets of second factors are not readable in a copy of the database."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

MARK = "enc1:"


def conceal(text: str) -> str:
    return MARK + _cipher().encrypt(text.encode()).decode()


def reveal(concealed: str) -> str:
    """The text again; raises ValueError when no key that the settings still name fits."""
    try:
        return _cipher().decrypt(concealed.removeprefix(MARK).encode()).decode()
    except InvalidToken as error:
        raise ValueError("concealed under another SECRET_KEY: name it in SECRET_KEY_FALLBACKS") from error


def _cipher() -> MultiFernet:
    return MultiFernet([Fernet(_key(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"second-factor:" + secret.encode()).digest())
