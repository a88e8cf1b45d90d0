from cms.words import excerpt, mark, matches


def test_matches_any_form_of_every_word() -> None:
    assert matches("Наставников находят через платформу", "наставник платформа")
    assert matches("Incubators serve teams", "incubator team")


def test_matches_refuses_when_one_word_is_missing() -> None:
    assert not matches("Incubators serve teams", "incubator mentor")
    assert not matches("Incubators serve teams", "")


def test_mark_leaves_tags_and_entities_alone() -> None:
    html = '<a href="/strong/">strong</a> &amp; amp strong'

    marked = mark(html, "strong amp")

    assert marked == '<a href="/strong/"><mark>strong</mark></a> &amp; <mark>amp</mark> <mark>strong</mark>'


def test_excerpt_cuts_round_the_word_and_keeps_it() -> None:
    text = "before " * 80 + "needle" + " after" * 80

    cut = excerpt(text, "needle")

    assert "needle" in cut
    assert len(cut) < 240
    assert cut.startswith("… ")
    assert cut.endswith(" …")


def test_excerpt_keeps_a_short_text_whole() -> None:
    assert excerpt("short needle", "needle") == "short needle"


def test_a_word_that_only_sounds_alike_is_told_from_the_word_itself() -> None:
    assert matches("They monitor progress", "mentor")
    assert not matches("They monitor progress", "mentor", by_sound=False)
    assert matches("Two mentors came", "mentor", by_sound=False)
    assert mark("mentors monitor", "mentor", by_sound=False) == "<mark>mentors</mark> monitor"


def test_a_word_in_the_other_script_is_found_by_its_sound_all_the_same() -> None:
    assert matches("Говорил Кучкоров", "Qo'chqorov", by_sound=False)
    assert matches("Выступил наставник Ташкулов", "Toshqulov", by_sound=False)
