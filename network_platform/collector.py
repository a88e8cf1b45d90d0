"""Python's collector of circular garbage in a process that serves for hours.

As it comes it looks through everything new after every 700 objects and now and then through all that Django and
Wagtail keep for good: more than half of the time of a large import.
"""

import gc

YOUNG = 10_000


def settle() -> None:
    """What is loaded by now is never looked at again (and stays shared by forked processes); the rest less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 10, 10)
