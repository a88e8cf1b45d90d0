"""The blocks an editor may put into a body. Each block keeps its id for life: paragraph links hang on it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock

from cms.enums import CalloutKind

TEXT_FEATURES = ["bold", "italic", "superscript", "link", "document-link", "ol", "ul"]
NOTE_FEATURES = ["italic", "link"]


def rows_of(text: str) -> list[list[str]]:
    """Lines into rows of cells, which are parted by tabs (as pasted from a spreadsheet) or by upright bars."""
    lines = [line for line in text.splitlines() if line.strip()]
    return [[cell.strip() for cell in line.split("\t" if "\t" in line else "|")] for line in lines]


class RowsBlock(blocks.TextBlock):
    """Rows of cells as text. Every row must have as many cells as the first."""

    def clean(self, value: str) -> str:
        rows = rows_of(super().clean(value))
        uneven = [number for number, row in enumerate(rows, 1) if len(row) != len(rows[0])]
        if uneven:
            raise ValidationError(
                gettext("Line %(number)s has %(found)s cells, the first line has %(wanted)s.")
                % {"number": uneven[0], "found": len(rows[uneven[0] - 1]), "wanted": len(rows[0])}
            )
        return value


class NumbersBlock(RowsBlock):
    """Rows of a name and a number."""

    def clean(self, value: str) -> str:
        for number, row in enumerate(rows_of(super().clean(value)), 1):
            if len(row) != 2 or not _is_number(row[1]):
                raise ValidationError(
                    gettext("Line %(number)s: write a name, a bar | and a number.") % {"number": number}
                )
        return value


def _is_number(text: str) -> bool:
    try:
        return float(text.replace(",", ".")) >= 0
    except ValueError:
        return False


class FigureBlock(blocks.StructBlock):
    image = ImageBlock(label=_("Picture"))
    caption = blocks.CharBlock(label=_("Caption"), max_length=300)

    class Meta:
        icon = "image"
        label = _("Figure")


class ChartBlock(blocks.StructBlock):
    """A bar a line, drawn by us; the numbers stand beside the bars as text."""

    caption = blocks.CharBlock(label=_("Caption"), max_length=300)
    unit = blocks.CharBlock(label=_("Unit"), max_length=20, required=False)
    numbers = NumbersBlock(label=_("Numbers"), help_text=_("One line for each bar: a name, a bar | and a number."))

    class Meta:
        icon = "order"
        label = _("Bar chart")


class TableBlock(blocks.StructBlock):
    caption = blocks.CharBlock(label=_("Caption"), max_length=300)
    rows = RowsBlock(
        label=_("Rows"),
        help_text=_("The first line is the head. Part the cells by | or paste them from a spreadsheet."),
    )

    class Meta:
        icon = "table"
        label = _("Table")


class CalloutBlock(blocks.StructBlock):
    kind = blocks.ChoiceBlock(choices=CalloutKind.choices, default=CalloutKind.NOTE, label=_("Kind"))
    title = blocks.CharBlock(label=_("Title"), max_length=120, required=False)
    text = blocks.RichTextBlock(label=_("Text"), features=TEXT_FEATURES)

    class Meta:
        icon = "help"
        label = _("Callout")


class ChecklistBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=120)
    items = blocks.ListBlock(blocks.CharBlock(label=_("Item"), max_length=300), label=_("Items"))

    class Meta:
        icon = "tasks"
        label = _("Checklist")


class BodyBlock(blocks.StreamBlock):
    """Everything a chapter, a section or a news item may hold."""

    heading = blocks.CharBlock(label=_("Heading"), max_length=200, icon="title")
    subheading = blocks.CharBlock(label=_("Subheading"), max_length=200, icon="title")
    text = blocks.RichTextBlock(
        label=_("Text"),
        features=TEXT_FEATURES,
        help_text=_("Write one paragraph or one list in each block: its link then stays the same for good."),
    )
    figure = FigureBlock()
    chart = ChartBlock()
    table = TableBlock()
    callout = CalloutBlock()
    checklist = ChecklistBlock()
    footnote = blocks.RichTextBlock(
        label=_("Footnote"), features=NOTE_FEATURES, help_text=_("Belongs to the paragraph above it."), icon="openquote"
    )

    class Meta:
        required = False

    def get_searchable_content(self, value: Any) -> list[str]:
        """Nothing for Wagtail's own search: the platform has one search text of its own."""
        return []
