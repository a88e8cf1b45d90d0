"""What is served is what the sources make, and no registry's address stands beside it."""

import gzip
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FRONTEND = ROOT / "frontend"
STATIC = ROOT / "network_platform" / "static"


def test_built_files_and_sources_are_those_of_the_last_build() -> None:
    differences = runpy.run_path(str(FRONTEND / "digests.py"))["differences"]
    assert differences() == [], "run `make frontend` and commit what it builds"


def test_lock_names_exact_versions_and_no_registry() -> None:
    lock = (FRONTEND / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert "http" not in lock.replace("https://github.com/sponsors", "").replace('"url": "https', "")
    assert '"integrity"' in lock


def test_licences_of_borrowed_code_are_shipped() -> None:
    assert len((STATIC / "licences" / "bootstrap.txt").read_text()) > 500


def compressed(name: str) -> int:
    return len(gzip.compress((STATIC / name).read_bytes(), 9))


@pytest.mark.parametrize(("names", "limit"), [(["site.css"], 14_500), (["site.js", "autosave.js"], 6_450)])
def test_weight(names: list[str], limit: int) -> None:
    assert sum(compressed(name) for name in names) <= limit


def test_stylesheet_is_logical_and_stays_on_the_site() -> None:
    css = (STATIC / "site.css").read_text()
    for physical in ("margin-left", "margin-right", "padding-left", "padding-right", "text-align:left"):
        assert physical not in css
    assert "@import" not in css
    assert "http://" not in css.replace("http://www.w3.org/2000/svg", "")
