"""The body of a page: a stream of blocks whose tree stays out of migrations."""

from typing import Any

from wagtail.fields import StreamField

from cms.blocks import BodyBlock


class BodyField(StreamField):
    """A StreamField of `BodyBlock`.

    The block tree is code, not schema: the column is JSON whatever the blocks are. So a migration holds only
    `BodyField()`, and a changed block needs no migration.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(BodyBlock(), **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [], kwargs
