"""Numbers to be drawn, in pages and as files of their own."""

from decimal import Decimal
from xml.etree import ElementTree

from network_platform.charts import bars, line, svg_file

SVG = "{http://www.w3.org/2000/svg}"


def test_what_is_not_known_has_no_bar_and_keeps_its_words() -> None:
    drawn = bars([("A", 4), ("B", None, "none listed"), ("C", Decimal(2))])

    assert [(bar["value"], bar["width"], bar["more"]) for bar in drawn] == [
        (4, "100.0", []),
        (None, "0.0", ["none listed"]),
        (Decimal(2), "50.0", []),
    ]


def test_what_is_not_known_parts_a_line_and_keeps_its_place() -> None:
    drawn = line([("2021", 1), ("2022", 2), ("2023", None), ("2024", 4), ("2025", None)])

    assert [[point.split(",")[0] for point in path.split()] for path in drawn["paths"]] == [["0", "1"], ["3"]]
    assert drawn["last"]["label"] == "2024"
    assert line([("2021", None)])["last"] is None


def test_a_file_is_a_drawing_of_its_own_with_title_and_notes() -> None:
    for over_years in (False, True):
        text = svg_file(
            "Jobs <now>", [("2024", 5), ("2025", None)], notes=["From & of"], language="ru", over_years=over_years
        )
        drawing = ElementTree.fromstring(text)
        words = [each.text for each in drawing.iter(f"{SVG}text")]

        assert drawing.find(f"{SVG}title").text == "Jobs <now>"
        assert {"5", "2024", "From & of"} <= set(words)
        assert not {"style", "class"} & {name for each in drawing.iter() for name in each.attrib}
