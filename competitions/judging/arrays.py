"""Checks of what callers give. A ValueError names the array, the place, what is there and what was expected.

One sentence for each kind of mistake, whatever the array: `demand[3] is nan; expected a finite number`.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Booleans = NDArray[np.bool_]
Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


def is_whole(number: object) -> bool:
    return isinstance(number, int | np.integer) and not isinstance(number, bool)


def whole(name: str, number: object, least: int, most: int | None = None) -> int:
    """The number, if it is a whole one from `least` to `most`."""
    if not is_whole(number) or number < least or (most is not None and number > most):  # type: ignore[operator]
        bounds = f"{least:,} or more" if most is None else f"{least:,} to {most:,}"
        raise ValueError(f"{name} is {number!r}; expected a whole number, {bounds}")
    return int(number)  # type: ignore[call-overload]


def array_of(name: str, value: ArrayLike, expected: str) -> NDArray:
    """`expected`: the shape in words, should rows have different lengths."""
    try:
        return np.asarray(value)
    except ValueError as error:
        raise ValueError(f"{name} has rows of different lengths; expected {expected}") from error


def refuse(name: str, array: NDArray, wrong: NDArray, expected: str) -> None:
    """Raise for the first place of the array that is `wrong`."""
    places = np.argwhere(wrong)
    if len(places):
        place = tuple(int(i) for i in places[0])
        at = f"[{', '.join(map(str, place))}]" if place else ""
        raise ValueError(f"{name}{at} is {array[place]}; expected {expected}")


def numbers(name: str, array: NDArray) -> Floats:
    """The array as floats. NaN and infinities are numbers here."""
    if array.dtype.kind not in "fiub" and array.size:
        raise ValueError(f"{name} holds {array.dtype}; expected numbers")
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
        raise ValueError(f"{name} holds {array.dtype}; expected indices of entries, whole numbers")
    wrong = array[(array < 0) | (array >= count)]
    if wrong.size:
        raise ValueError(f"{name} holds {wrong[0]}; expected indices of entries, 0 to {count - 1}")
    return np.array(list(dict.fromkeys(array.tolist())), np.int64)
