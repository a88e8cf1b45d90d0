"""What people and programs typed, made fit for the database."""

from typing import Any

LONGEST_VALUE = 10_000
MOST_VALUES = 200
LONGEST_NUMBER = 18  # more digits do not fit into a database's integers


def whole_number(text: str, otherwise: int = 0) -> int:
    """The number that ASCII digits tell; `otherwise` for anything else, numbers that are too long among it."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else otherwise


def without_nul(value: Any) -> Any:
    """The text, or JSON value, without NUL, which PostgreSQL does not keep."""
    match value:
        case str():
            return value.replace("\x00", "")
        case dict():
            return {without_nul(key): without_nul(each) for key, each in value.items()}
        case list() | tuple():
            return [without_nul(each) for each in value]
    return value


def clipped(value: Any) -> Any:
    """A form's text, or list of texts, as every database takes it, and not more than a form would send."""
    if isinstance(value, list):
        return [clipped(each) for each in value[:MOST_VALUES]]
    return without_nul(value)[:LONGEST_VALUE] if isinstance(value, str) else value
