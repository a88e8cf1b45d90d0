"""One sentence that says what to do, instead of a traceback."""


class CannotStart(Exception):  # noqa: N818 - it reads as what happened
    """The machine is not as it must be; the text says what to do."""
