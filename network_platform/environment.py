"""Every environment variable the platform reads, declared once.

`docs/settings.md` is generated from `VARIABLES`; production refuses to start on an unsafe value.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
KEPT_KEY = "secret-key"  # the file of the folder PLATFORM_VAR in which `make run` keeps its SECRET_KEY


def _safe(value: str) -> str:
    """The check of a variable of which every value is safe."""
    return ""


@dataclass(frozen=True)
class Variable:
    """One variable: `default` is what holds when it is unset; `unsafe` says what is wrong in production, or ''."""

    name: str
    default: str
    description: str
    unsafe: Callable[[str], str] = _safe
    secret: bool = False
    group: str = ""

    @property
    def value(self) -> str:
        return os.environ.get(self.name, self.default)

    @property
    def is_checked(self) -> bool:
        return self.unsafe is not _safe


VARIABLES: dict[str, Variable] = {}
_groups = ["General"]


class UnsafeSettings(SystemExit):
    """The process ends with this text, one line for each value that it must not start with; never a traceback."""


def group(title: str) -> None:
    """Variables declared from here on stand under this title in the table."""
    _groups.append(title)


def declare(
    name: str,
    default: str,
    description: str,
    *,
    unsafe: Callable[[str], str] = _safe,
    secret: bool = False,
) -> str:
    """Register a variable and return its value now."""
    VARIABLES[name] = Variable(name, default, description, unsafe, secret, _groups[-1])
    return VARIABLES[name].value


def refusals() -> dict[str, str]:
    """What is unsafe in production: from the variable's name to what is wrong with its value."""
    found = {variable.name: variable.unsafe(variable.value) for variable in VARIABLES.values()}
    return {name: wrong for name, wrong in found.items() if wrong}


def refuse_unsafe() -> None:
    """Raise `UnsafeSettings` that names every unsafe value at once. Values themselves are never shown."""
    lines = [f"{name} {wrong}." for name, wrong in refusals().items()]
    if lines:
        raise UnsafeSettings("Production refuses to start:\n" + "\n".join(f"- {line}" for line in lines))


def declare_int(name: str, default: int, description: str) -> int:
    value = declare(name, str(default), description)
    try:
        return int(value)
    except ValueError:
        raise UnsafeSettings(f"{name} must be a whole number.") from None


def key_kept_in(folder: Path) -> str:
    """The key with which `make run` signs on this data; "" where it has not made one."""
    try:
        return (folder / KEPT_KEY).read_text().strip()
    except OSError:
        return ""


def as_list(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def as_bool(value: str) -> bool:
    return value.strip().lower() in {"1", "true", "yes", "on"}
