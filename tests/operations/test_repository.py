"""What is committed is current: migrations, locks, catalogues, contracts; and nothing of somebody's machine is in it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from django.core.management import call_command
from packaging.requirements import Requirement

from network_platform.environment import BASE_DIR
from network_platform.management.commands.messages import NOT_OURS

LOCALE = BASE_DIR / "network_platform" / "locale"
LANGUAGES = sorted(path.name for path in LOCALE.iterdir() if path.is_dir())
REQUIREMENTS = BASE_DIR / "requirements"
LOCKS = ("uv", "base", "test")
APPS = ("network_platform", "incubators", "mentors", "competitions", "cms")


def python(*words: str, cwd: Path = BASE_DIR, timeout: int = 240) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *words], cwd=cwd, capture_output=True, text=True, timeout=timeout)


def test_imports_point_down() -> None:
    ended = python(
        "-c", "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c(['--no-cache']))"
    )

    assert ended.returncode == 0, ended.stdout


@pytest.mark.django_db
def test_migrations_are_current() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_system_check_is_clean() -> None:
    call_command("check", fail_level="WARNING")


def test_map_of_the_registry_names_every_module_at_its_root() -> None:
    told = "".join((BASE_DIR / name).read_text(encoding="utf-8") for name in ("docs/registry.md", "ARCHITECTURE.md"))
    there = {path.name for path in (BASE_DIR / "incubators").glob("*.py")} - {"__init__.py", "apps.py"}

    assert sorted(name for name in there if f"`{name}`" not in told) == []


def wanted(name: str) -> dict[str, Requirement]:
    """What a `.in` file asks for itself."""
    lines = (REQUIREMENTS / f"{name}.in").read_text().splitlines()
    asked = [Requirement(line) for line in lines if line.strip() and not line.startswith(("#", "-r"))]
    return {_plain(one.name): one for one in asked}


def locked(name: str) -> dict[str, str]:
    return {
        _plain(package): version
        for package, version in re.findall(r"^([\w.-]+)==([^ ;\\]+)", (REQUIREMENTS / f"{name}.txt").read_text(), re.M)
    }


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("name", LOCKS)
def test_lock_holds_what_is_asked_for_and_nothing_that_is_not(name: str) -> None:
    text, have = (REQUIREMENTS / f"{name}.txt").read_text(), locked(name)

    for package, requirement in wanted(name).items():
        assert requirement.specifier.contains(have[package]), f"{requirement}: run `make lock`"
    asked_in_lock = {
        _plain(package)
        for package, notes in re.findall(r"^([\w.-]+)==.*\n((?:    .*\n)+)", text, re.M)
        if f"-r requirements/{name}.in" in notes
    }
    assert asked_in_lock == set(wanted(name)), "run `make lock`"
    assert len(re.findall(r"^[\w.-]+==", text, re.M)) == len(re.findall(r"^[\w.-]+==.*\\\n    --hash=", text, re.M))


def test_both_locks_agree() -> None:
    test = locked("test")

    assert {name: version for name, version in locked("base").items() if test.get(name) != version} == {}


@pytest.mark.parametrize("name", LOCKS)
def test_lock_is_what_resolving_again_gives(name: str, tmp_path: Path) -> None:
    """Asks the packages' index; where it does not answer the test above has to do."""
    again = tmp_path / f"{name}.txt"
    shutil.copy(REQUIREMENTS / f"{name}.txt", again)
    ended = python(
        "-c",
        "import sys; from pathlib import Path; sys.path.insert(0, 'requirements'); import lock; "
        f"sys.exit(lock.compile_lock({name!r}, Path({str(again)!r})))",
    )
    if ended.returncode != 0:
        pytest.skip(f"the packages' index does not answer: {ended.stderr.strip()[:200]}")

    found = dict(re.findall(r"^([\w.-]+)==([^ ;\\]+)", again.read_text(), re.M))
    assert found == dict(re.findall(r"^([\w.-]+)==([^ ;\\]+)", (REQUIREMENTS / f"{name}.txt").read_text(), re.M))


def entries(catalogue: polib.POFile | polib.MOFile) -> dict[tuple[str, str], object]:
    return {
        (entry.msgctxt or "", entry.msgid): entry.msgstr_plural or entry.msgstr
        for entry in catalogue
        if not entry.obsolete
        and not getattr(entry, "fuzzy", False)
        and (entry.msgstr or any(entry.msgstr_plural.values()))
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_compiled_catalogue_is_the_source(language: str) -> None:
    folder = LOCALE / language / "LC_MESSAGES"

    assert entries(polib.mofile(str(folder / "django.mo"))) == entries(polib.pofile(str(folder / "django.po")))


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="GNU gettext is not installed: apt-get install gettext")
def test_every_text_has_its_russian(tmp_path: Path) -> None:
    """Collect the texts in a copy of the sources: none may be new, none without translation."""
    for name in (*APPS, "templates"):
        shutil.copytree(
            BASE_DIR / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo", *NOT_OURS)
        )
    shutil.copy(BASE_DIR / "manage.py", tmp_path)
    collect = "from network_platform.management.commands.messages import collect; collect(['ru'])"
    ended = python("manage.py", "shell", "-v0", "-c", collect, cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr

    catalogue = polib.pofile(str(tmp_path / "network_platform" / "locale" / "ru" / "LC_MESSAGES" / "django.po"))

    lacking = [entry.msgid for entry in [*catalogue.untranslated_entries(), *catalogue.fuzzy_entries()]]
    assert lacking == [], "run `make messages` and translate"


def committed() -> list[Path]:
    """Every file that is ours, with or without git."""
    skipped = {".venv", "var", "node_modules", ".git", "__pycache__", "staticfiles"}
    return [
        path
        for path in BASE_DIR.rglob("*")
        if path.is_file() and not skipped & set(path.relative_to(BASE_DIR).parts) and path.stat().st_size < 2_000_000
    ]


def test_nothing_of_a_machine_is_committed() -> None:
    """No home folders, no addresses that packages were fetched from, no private keys."""
    pattern = re.compile(
        rb"(?<![\w.])/(?:home/\w+|r[o]ot)/|(?:index-url|registry)\s*=\s*http|resolved\"?: \"http|BEGIN (?:RSA |EC )?PRIVATE"
    )
    mine = Path(__file__).name
    found = [
        str(path.relative_to(BASE_DIR))
        for path in committed()
        if path.name != mine and pattern.search(path.read_bytes())
    ]

    assert found == []
