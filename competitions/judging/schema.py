"""Whether JSON has the shape that a JSON schema asks for, and where not. Of that language it knows what is used here.

A node may have a `title`, which then says what is expected there.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

LONGEST_SHOWN = 40
MISSING, UNKNOWN = "missing", "not known here"  # found: what must be there is not; what is there must not be
TYPES: dict[str, tuple[str, type | tuple[type, ...]]] = {
    "object": ("an object", dict),
    "array": ("a list", list),
    "string": ("a text", str),
    "integer": ("a whole number", int),
    "number": ("a number", (int, float)),
    "boolean": ("true or false", bool),
    "null": ("null", type(None)),
}


@dataclass(frozen=True)
class Misfit:
    """`place`: where, as `sheets[3].total`; "" for the whole. `found is …; expected …` is a sentence about it."""

    place: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.place} is {self.found}; expected {self.expected}"


class Schema:
    """A JSON schema as a mapping; `$ref` leads into its `$defs`."""

    def __init__(self, written: Mapping[str, Any]) -> None:
        self.written = written

    def misfits(self, value: Any) -> Iterator[Misfit]:
        """Where a value, as `json.loads` gives it, has another shape; nothing if it has this one."""
        return self._misfits("", value, self.written)

    @property
    def names(self) -> tuple[str, ...]:
        """Of what it knows at the top."""
        return tuple(self.written.get("properties", {}))

    @cached_property
    def _named(self) -> dict[str, Mapping[str, Any]]:
        return {f"#/$defs/{name}": node for name, node in self.written.get("$defs", {}).items()}

    def _misfits(self, place: str, value: Any, node: Mapping[str, Any]) -> Iterator[Misfit]:
        if "$ref" in node:
            node = self._named[node["$ref"]]
        choices = node.get("anyOf", ())
        if choices and all(any(self._misfits(place, value, choice)) for choice in choices):
            yield Misfit(place, shown(value), " or ".join(self._expected(choice) for choice in choices))
            return
        if not _fits(value, node):
            yield Misfit(place, shown(value), self._expected(node))
            return
        for part in node.get("allOf", ()):
            yield from self._misfits(place, value, part)
        if isinstance(value, dict):
            yield from self._of_object(place, value, node)
        elif isinstance(value, list):
            yield from self._of_list(place, value, node)

    def _of_object(self, place: str, value: Mapping[str, Any], node: Mapping[str, Any]) -> Iterator[Misfit]:
        known, others = node.get("properties", {}), node.get("additionalProperties", True)
        for key in node.get("required", ()):
            if key not in value:
                yield Misfit(_below(place, key), MISSING, self._expected(known.get(key, {})))
        for key, item in value.items():
            if key in known:
                yield from self._misfits(_below(place, key), item, known[key])
            elif others is False:
                yield Misfit(_below(place, key), UNKNOWN, f"one of {', '.join(known)}")
            elif others is not True:
                yield from self._misfits(_below(place, key), item, others)

    def _of_list(self, place: str, value: list[Any], node: Mapping[str, Any]) -> Iterator[Misfit]:
        first, others = node.get("prefixItems", ()), node.get("items", {})
        for number, item in enumerate(value):
            inside = first[number] if number < len(first) else others
            if inside:
                yield from self._misfits(f"{place}[{number}]", item, inside)

    def _expected(self, node: Mapping[str, Any]) -> str:
        if "$ref" in node:
            return self._expected(self._named[node["$ref"]])
        if "title" in node:
            return str(node["title"])
        if "enum" in node:
            return f"one of {', '.join(map(str, node['enum']))}"
        if "anyOf" in node:
            return " or ".join(self._expected(choice) for choice in node["anyOf"])
        words = " or ".join(TYPES[name][0] for name in _types(node)) or "something"
        low, high = node.get("minimum"), node.get("maximum")
        if low is not None:
            words += f", {low} or more" if high is None else f", {low} to {high}"
        return words


def shown(value: Any) -> str:
    """A value as a sentence names it, not longer than a line can bear."""
    if isinstance(value, dict | list):
        return TYPES["object" if isinstance(value, dict) else "array"][0]
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return clipped(repr(value))


def clipped(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def _types(node: Mapping[str, Any]) -> list[str]:
    asked = node.get("type", [])
    return [asked] if isinstance(asked, str) else list(asked)


def _fits(value: Any, node: Mapping[str, Any]) -> bool:
    """Whether the value itself is right, whatever is inside it."""
    if "type" in node and not any(_is(value, name) for name in _types(node)):
        return False
    if "const" in node and value != node["const"]:
        return False
    if "enum" in node and value not in node["enum"]:
        return False
    if isinstance(value, str):
        return len(value) >= node.get("minLength", 0) and ("pattern" not in node or _matches(node["pattern"], value))
    if isinstance(value, list):
        return node.get("minItems", 0) <= len(value) <= node.get("maxItems", len(value))
    if isinstance(value, dict):
        return len(value) <= node.get("maxProperties", len(value))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return node.get("minimum", value) <= value <= node.get("maximum", value)
    return True


def _is(value: Any, name: str) -> bool:
    return isinstance(value, TYPES[name][1]) and (name == "boolean" or not isinstance(value, bool))


def _matches(pattern: str, value: str) -> bool:
    """Whether all of the text is so; `$` of other languages does not stand before a last line break."""
    return re.fullmatch(pattern.removeprefix("^").removesuffix("$"), value) is not None


def _below(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key
