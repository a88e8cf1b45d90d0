"""What the ground gathers about the search text; see network_platform/desk.py."""

from network_platform.search.index import is_whole


def problems() -> list[str]:
    if is_whole():
        return []
    return ["The index of the search text is not complete: a migration rebuilt its table without `index.build`."]
