"""The bootstrap on machines that are not as they must be: one sentence that says what to do, and no traceback."""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from network_platform.environment import BASE_DIR


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree with the real bootstrap and Makefile, and a lock that wants nothing."""
    requirements = tmp_path / "tree" / "requirements"
    requirements.mkdir(parents=True)
    shutil.copy(BASE_DIR / "requirements" / "bootstrap.py", requirements)
    shutil.copy(BASE_DIR / "requirements" / "uv.txt", requirements)
    shutil.copy(BASE_DIR / "Makefile", tmp_path / "tree")
    (requirements / "base.txt").write_text("")
    return tmp_path / "tree"


def bootstrap(
    tree: Path, *words: str, python: str = sys.executable, **variables: str
) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PIP_NO_INDEX": "1", "UV_OFFLINE": "1", **variables}
    command = [python, str(tree / "requirements" / "bootstrap.py"), "base", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)


def built(tree: Path, with_pip: bool = False) -> None:
    """The environment as a finished build leaves it, without the minutes."""
    venv.create(tree / ".venv", with_pip=with_pip, symlinks=True)
    stamp = "import sys; sys.path.insert(0, 'requirements'); import bootstrap; bootstrap.write_stamp('base')"
    subprocess.run([sys.executable, "-c", stamp], cwd=tree, check=True)


def fake_python(folder: Path, version: str) -> Path:
    """A `python3` that says it is of another version."""
    folder.mkdir()
    script = folder / "python3"
    script.write_text(
        f"#!{sys.executable}\n"
        "import runpy, sys\n"
        f"sys.version_info = type('V', (tuple,), {{}})(({version}, 0, 'final', 0))\n"
        "sys.argv = sys.argv[1:]\n"
        "runpy.run_path(sys.argv[0], run_name='__main__')\n"
    )
    script.chmod(0o755)
    return script


def assert_one_sentence(ended: subprocess.CompletedProcess[str], *parts: str) -> None:
    assert ended.returncode not in {0, None}
    assert "Traceback" not in ended.stderr
    said = [line for line in ended.stderr.splitlines() if line and not line.startswith("make")]
    assert len(said) == 1, ended.stderr
    for part in parts:
        assert part in said[0]


def test_an_old_python_is_told_what_to_install(tree: Path, tmp_path: Path) -> None:
    old = fake_python(tmp_path / "old", "3, 9")

    ended = bootstrap(tree, python=str(old), PATH=str(tmp_path / "old"))

    assert_one_sentence(ended, "Python 3.9", "3.11 or newer", "apt-get install python3")


def test_an_old_python_hands_over_to_a_newer_one(tree: Path, tmp_path: Path) -> None:
    built(tree)
    old = fake_python(tmp_path / "old", "3, 9")
    (tmp_path / "old" / "python3.11").symlink_to(sys.executable)

    ended = bootstrap(tree, "-c", "print('here')", python=str(old), PATH=str(tmp_path / "old"))

    assert ended.stdout.strip() == "here"


def test_no_python_at_all(tree: Path) -> None:
    ended = subprocess.run(
        ["make", "run", "PYTHON=python3-of-nowhere"], cwd=tree, capture_output=True, text=True, timeout=30
    )

    assert_one_sentence(ended, "There is no python3-of-nowhere", "apt-get install python3")


def test_a_python_without_ensurepip_is_told_the_package(tree: Path, tmp_path: Path) -> None:
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "ensurepip.py").write_text("raise ImportError('not packaged')\n")

    ended = bootstrap(tree, PYTHONPATH=str(hidden))

    assert_one_sentence(ended, "apt-get install python3-venv")


def test_a_folder_that_cannot_be_written(tree: Path) -> None:
    """A device stands where the environment should be: nobody, not even root, can write there."""
    (tree / ".venv").symlink_to("/proc/1/nothing")
    os.chmod(tree, 0o500)

    ended = (
        bootstrap(tree)
        if os.getuid()
        else subprocess.run(
            [
                "unshare",
                "-m",
                "sh",
                "-c",
                f"mount --bind -o ro {tree} {tree} && mount -o remount,bind,ro {tree} && "
                f"exec {sys.executable} {tree}/requirements/bootstrap.py base",
            ],
            capture_output=True,
            text=True,
            timeout=60,
        )
    )
    os.chmod(tree, 0o700)

    if "unshare" in ended.stderr or "mount" in ended.stderr.split(":")[0]:
        pytest.skip("this machine does not let a test mount a folder read-only")
    said = [line for line in ended.stderr.splitlines() if "broken" not in line]
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert len(said) == 1
    assert "Cannot write" in said[0]


@pytest.mark.parametrize(
    "damage", ["python is gone", "python is another's", "a file stands there", "a package is gone"]
)
def test_a_broken_environment_is_built_again(damage: str, tree: Path) -> None:
    built(tree, with_pip=damage == "a package is gone")
    (tree / ".venv" / "marker").write_text("old")
    break_it(tree / ".venv", damage)

    ended = bootstrap(tree, "-c", "print('works again')")

    assert ended.stdout.strip() == "works again", ended.stderr
    assert "Traceback" not in ended.stderr
    if damage != "a package is gone":
        assert "broken" in ended.stderr
        assert not (tree / ".venv" / "marker").exists()


def break_it(folder: Path, damage: str) -> None:
    python = folder / "bin" / "python"
    if damage == "a file stands there":
        shutil.rmtree(folder)
        folder.write_text("")
    elif damage == "a package is gone":
        stamp = folder / "stamp-base"
        stamp.write_text(stamp.read_text() + "\nmissing_package")
    else:
        python.unlink()
        if damage == "python is another's":
            python.write_text("#!/bin/sh\nexit 1\n")
            python.chmod(0o755)


def test_a_repeat_is_instant_and_starts_nothing(tree: Path) -> None:
    built(tree)
    before = (tree / ".venv" / "stamp-base").stat().st_mtime_ns

    ended = bootstrap(tree, "-c", "import sys; print(sys.prefix)")

    assert ended.stdout.strip() == str(tree / ".venv")
    assert ended.stderr == ""
    assert (tree / ".venv" / "stamp-base").stat().st_mtime_ns == before


def test_a_changed_lock_is_installed_again(tree: Path) -> None:
    built(tree, with_pip=True)
    (tree / "requirements" / "base.txt").write_text("no-such-package==1 --hash=sha256:" + "0" * 64 + "\n")

    ended = bootstrap(tree)

    assert ended.returncode == 1
    assert "reaches a Python package" in ended.stderr
    assert "Traceback" not in ended.stderr
