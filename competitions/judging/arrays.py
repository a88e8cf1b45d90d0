"""Checks of what callers give. A ValueError names the array, the place, what is there and what was expected.

One sentence for each kind of mistake, whatever the array: `demand[3] is nan; expected a finite number`.
"""

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Booleans = NDArray[np.bool_]
Integers = NDArray[np.integer[Any]]
Floats = NDArray[np.floating[Any]]
LONGEST_SHOWN = 40  # letters of what is wrong


def is_whole(number: object) -> bool:
    return isinstance(number, int | np.integer) and not isinstance(number, bool)


def whole(name: str, number: object, least: int, most: int | None = None) -> int:
    """The number, if it is a whole one from `least` to `most`."""
    if not is_whole(number) or number < least or (most is not None and number > most):  # type: ignore[operator]
        bounds = f"{least:,} or more" if most is None else f"{least:,} to {most:,}"
        raise ValueError(f"{name} is {number!r}; expected a whole number, {bounds}")
    return int(number)  # type: ignore[call-overload]


def listener(progress: Callable[[str, float], None] | None) -> Callable[[str, float], None]:
    """Who is told how far long work is; nobody, where None was given."""
    if progress is not None and not callable(progress):
        raise ValueError(f"progress is {progress!r}; expected a function or None")
    return progress or (lambda what, share: None)


def array_of(name: str, value: ArrayLike, expected: str) -> NDArray:
    """As NumPy reads it; where it finds no numbers in it, as they came: so that `[1, "a"]` is not of two texts.

    expected   the shape in words, should rows have different lengths
    """
    try:
        array = np.asarray(value)
        return array if array.dtype.kind in "fiub" else np.asarray(value, object)
    except ValueError as error:
        raise ValueError(f"{name} has rows of different lengths; expected {expected}") from error


def refuse(name: str, array: NDArray, wrong: NDArray, expected: str) -> None:
    """Raise for the first place of the array that is `wrong`."""
    places = np.argwhere(wrong)
    if len(places):
        place = tuple(int(i) for i in places[0])
        at = f"[{', '.join(map(str, place))}]" if place else ""
        raise ValueError(f"{name}{at} is {_shown(array[place])}; expected {expected}")


def _shown(item: object) -> str:
    text = repr(item.item() if isinstance(item, np.generic) else item)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def numbers(name: str, array: NDArray) -> Floats:
    """The array as floats. NaN and infinities are numbers here, and so are whole ones beyond 2^63."""
    if array.dtype.kind == "O":
        here = np.frompyfunc(lambda item: isinstance(item, int | float | np.integer | np.floating), 1, 1)
        refuse(name, array, ~here(array).astype(bool), "a number")
        refuse(name, array, np.abs(array) > sys.float_info.max, "a finite number")
    return np.ascontiguousarray(array, float).reshape(array.shape)


def finite(name: str, array: NDArray) -> Floats:
    """The array as floats, all of them finite."""
    found = numbers(name, array)
    refuse(name, array, ~np.isfinite(found), "a finite number")
    return found


def truths(name: str, array: NDArray) -> Booleans:
    """The array as true and false; 1 and 0 are these too."""
    if array.dtype != bool:
        refuse(name, array, ~np.isin(array, (0, 1)), "true or false")
    return np.ascontiguousarray(array, bool).reshape(array.shape)


def seats_of(value: ArrayLike) -> Booleans:
    """bool[J, E], checked."""
    seats = array_of("seats", value, "judges x entries")
    if seats.ndim != 2:
        raise ValueError(f"seats has {seats.ndim} dimension(s); expected two, judges x entries")
    return truths("seats", seats)


def indices(name: str, value: ArrayLike, count: int, length: int) -> Integers:
    """int[length]: 0 to count - 1, also where they come as floats."""
    array = array_of(name, value, f"({length},), one for each value")
    if array.shape != (length,):
        raise ValueError(f"{name} has the shape {array.shape}; expected ({length},), one for each value")
    found = numbers(name, array)
    wrong = ~np.isfinite(found) | (found != np.round(found)) | (array.dtype.kind == "b")
    refuse(name, array, wrong, "a whole number, an index")
    refuse(name, array, (found < 0) | (found >= count), f"an index, 0 to {count - 1}" if count else "no mark at all")
    return array.astype(np.int64)


def entries_of(name: str, value: ArrayLike, count: int) -> Integers:
    """int[]: indices of entries, 0 to count - 1, in the order given, each once."""
    array = array_of(name, value, "indices of entries")
    if array.ndim != 1:
        raise ValueError(f"{name} has {array.ndim} dimension(s); expected one, indices of entries")
    if array.size and array.dtype.kind not in "iu":
        refuse(name, array, np.ones(array.shape, bool), "indices of entries, whole numbers")
    wrong = array[(array < 0) | (array >= count)]
    if wrong.size:
        raise ValueError(f"{name} holds {wrong[0]}; expected indices of entries, 0 to {count - 1}")
    return np.array(list(dict.fromkeys(array.tolist())), np.int64)
