"""Our Russian for Wagtail's words: no more than it lacks, nothing that it has given up."""

from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.apps import apps
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import override

from network_platform import wagtail_words

UPSTREAM = ("wagtail", "modelcluster", "taggit")


def catalogues(file: str) -> Iterator[tuple[str, Path]]:
    """Of the installed apps, but for ours, which has all."""
    for app in apps.get_app_configs():
        path = Path(app.path) / "locale" / file
        if app.name != "network_platform" and path.exists():
            yield app.name, path


def said_in_english(domain: str) -> set[str]:
    return {
        entry.msgid
        for name, path in catalogues(f"en/LC_MESSAGES/{domain}.po")
        if name.startswith(UPSTREAM)
        for entry in polib.pofile(str(path))
        if not entry.obsolete
    }


def said_in_russian(domain: str) -> set[str]:
    return {
        entry.msgid
        for _, path in catalogues(f"ru/LC_MESSAGES/{domain}.mo")
        for entry in polib.mofile(str(path))
        if entry.msgstr or (entry.msgstr_plural and all(entry.msgstr_plural.values()))
    }


def words(listed: tuple[str | Promise, ...]) -> set[str]:
    with override("en"):
        return {one if isinstance(one, str) else one % 1 for one in listed}


@pytest.mark.once
def test_words_without_russian_are_exactly_these() -> None:
    lacking = said_in_english("django") - said_in_russian("django")

    assert words(wagtail_words.WITHOUT_RUSSIAN) == lacking


@pytest.mark.once
def test_no_word_of_scripts_is_without_russian() -> None:
    assert said_in_english("djangojs") - said_in_russian("djangojs") == set()


@pytest.mark.once
def test_what_is_said_otherwise_is_still_said() -> None:
    assert words(wagtail_words.SAID_RIGHT) - said_in_russian("django") == set()


@pytest.mark.once
def test_scripts_words_are_theirs_or_said_again_by_our_script() -> None:
    again = (settings.BASE_DIR / "network_platform" / "static" / "wagtail" / "words.js").read_text()
    ours = {entry.msgid for entry in polib.pofile(str(settings.LOCALE_PATHS[0] / "ru" / "LC_MESSAGES" / "djangojs.po"))}

    assert {words for words in ours - said_in_russian("djangojs") if f"gettext('{words}')" not in again} == set()
