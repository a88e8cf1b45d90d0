"""Languages of the region: which are switched on, which way they run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.forms import CharField
from django.utils import translation
from django.utils.translation import get_language_info

from network_platform.languages import REGION, switched_on

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("code", "right_to_left"), [("prs", True), ("ps", True), ("az", False), ("ru", False), ("kaa", False)]
)
def test_direction(code: str, right_to_left: bool) -> None:
    with translation.override(code):
        assert translation.get_language_bidi() is right_to_left


def test_every_language_of_the_region_has_a_name() -> None:
    assert all(get_language_info(code)["name_local"] for code in REGION)
    assert switched_on(["en", "prs"])[1] == ("prs", "دری")


@pytest.mark.parametrize("codes", [["en", "xx"], ["ru"]])
def test_unknown_or_missing_languages_are_refused(codes: list[str]) -> None:
    with pytest.raises(ValueError, match="PLATFORM_LANGUAGES"):
        switched_on(codes)


def test_a_language_is_switched_on_by_the_environment() -> None:
    program = (
        "import django; django.setup()\n"
        "from django.test import Client\n"
        "from django.urls import resolve\n"
        "page = Client().get('/prs/components/errors/500/').content.decode()\n"
        'assert \'<html lang="prs" dir="rtl">\' in page, page[:300]\n'
        "assert 'دفتر ثبت' in page\n"
    )
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "network_platform.settings",
        "PLATFORM_LANGUAGES": "en,ru,prs,az",
        "PLATFORM_MODE": "test",
    }
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Shorten this to 5 characters; it has 7 now."), ("ru", "Сократите до 5 знаков, сейчас их 7.")],
)
def test_messages_say_what_to_do(language: str, words: str) -> None:
    from django.core.exceptions import ValidationError

    with translation.override(language):
        with pytest.raises(ValidationError) as caught:
            CharField(max_length=5).clean("1234567")
        assert caught.value.messages == [words]
