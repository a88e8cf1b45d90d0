"""Build `.venv` from a hashed lock with nothing but Python, then run Python from it.

    python3 requirements/bootstrap.py base -m network_platform.processes

The first word names the lock (`requirements/<word>.txt`); the rest goes to the environment's Python. A stamp in
`.venv` makes repeats instant. The file is written so that a very old Python can still read it and say what is missing.
"""

import errno
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys

OLDEST = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")


def stop(sentence: str) -> None:
    """Say what to do and end without a traceback."""
    sys.stderr.write(sentence + "\n")
    sys.exit(1)


def say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def require_python() -> None:
    """Go on in a newer Python if this one is too old and the machine has one; else say what to install."""
    if sys.version_info[:2] >= OLDEST:
        return
    for name in NEWER:
        path = shutil.which(name)
        if path and works(path):
            os.execv(path, [path, os.path.abspath(__file__)] + sys.argv[1:])
    stop(
        "This is Python %d.%d and the platform needs 3.11 or newer: install it (for example `apt-get install python3`) "
        "or name another one with `make PYTHON=/path/to/python3.12 ...`." % sys.version_info[:2]
    )


def works(python: str) -> bool:
    """Whether this interpreter starts at all and is new enough."""
    probe = "import sys; sys.exit(sys.version_info[:2] < (%d, %d))" % OLDEST
    try:
        return subprocess.call([python, "-I", "-c", probe], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def has_pip() -> bool:
    return run([PYTHON, "-I", "-m", "pip", "--version"], subprocess.DEVNULL) == 0


def lock_path(name: str) -> str:
    return os.path.join(ROOT, "requirements", name + ".txt")


def lock_digest(name: str) -> str:
    """What the stamp of a lock says: the lock, and where the environment stands."""
    with open(lock_path(name), "rb") as lock:
        return hashlib.sha256(lock.read() + VENV.encode()).hexdigest()


def stamp_path(name: str) -> str:
    return os.path.join(VENV, "stamp-" + name)


def site_packages() -> list:
    """The installed packages' own records, as names; empty when the environment is not there."""
    library = os.path.join(VENV, "lib")
    try:
        folders = [os.path.join(library, name, "site-packages") for name in os.listdir(library)]
        return sorted(entry for folder in folders for entry in os.listdir(folder) if entry != "__pycache__")
    except OSError:
        return []


def is_current(name: str) -> bool:
    """The stamp is this lock's, and everything that stood in the environment then still does."""
    try:
        with open(stamp_path(name)) as stamp:
            digest, entries = stamp.readline().strip(), stamp.read().split("\n")
    except OSError:
        return False
    return digest == lock_digest(name) and set(filter(None, entries)) <= set(site_packages())


def write_stamp(name: str) -> None:
    with open(stamp_path(name), "w") as stamp:
        stamp.write("\n".join([lock_digest(name)] + site_packages()))


def make_venv() -> None:
    """An environment that works: the one there, or a new one in the place of a broken one."""
    if works(PYTHON) and has_pip():
        return
    if os.path.lexists(VENV):
        say("The environment in .venv is broken; building it again.")
        remove(VENV)
    try:
        import ensurepip  # noqa: F401
        import venv
    except ImportError:
        stop("This Python cannot make environments: `apt-get install python3-venv`, then run the command again.")
    say("Building .venv (once; about half a minute) ...")
    venv.create(VENV, with_pip=True, symlinks=True)


def remove(path: str) -> None:
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    else:
        os.remove(path)


def install(name: str) -> None:
    """Install the lock with the pinned uv, or with pip where uv cannot be had."""
    lock = ["--require-hashes", "-r", lock_path(name)]
    pip = [PYTHON, "-I", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if not installed_with_uv(pip, lock) and run(pip + lock) != 0:
        stop(
            "The packages could not be installed (see above): check that this machine reaches a Python package "
            "index and has free space, then run the command again."
        )


def installed_with_uv(pip: list, lock: list) -> bool:
    log = os.path.join(VENV, "uv.log")
    with open(log, "w") as quiet:
        if run(pip + ["--require-hashes", "-r", lock_path("uv")], quiet) != 0:
            return False
        uv = [os.path.join(VENV, "bin", "uv"), "pip", "install", "--quiet", "--compile-bytecode", "--python", PYTHON]
        return run(uv + lock, quiet, uv_environment()) == 0


def uv_environment() -> dict:
    """uv trusts the system's certificates and asks the index that pip is set up for."""
    environment = dict(os.environ, UV_SYSTEM_CERTS="1")
    if not os.access(os.path.expanduser("~"), os.W_OK):
        environment.setdefault("UV_NO_CACHE", "1")
    index = pip_index()
    if index and "UV_INDEX_URL" not in environment:
        environment.setdefault("UV_DEFAULT_INDEX", index)
    return environment


def pip_index() -> str:
    """The index in pip's own configuration, which uv does not read."""
    command = [PYTHON, "-I", "-m", "pip", "config", "get", "global.index-url"]
    answer = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return os.environ.get("PIP_INDEX_URL") or answer.stdout.decode().strip()


def run(command: list, output=None, environment=None) -> int:  # noqa: ANN001 - the types have no old spelling
    return subprocess.call(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment)


def build(name: str) -> None:
    """Bring `.venv` to the lock, alone: two commands started together build it once."""
    with open(__file__) as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if works(PYTHON) and is_current(name):
            return
        make_venv()
        install(name)
        write_stamp(name)


def explain(error: OSError) -> str:
    """One sentence for what the file system refused."""
    where = getattr(error, "filename", None) or ROOT
    if error.errno == errno.ENOSPC:
        return "There is no space left for %s: free some, then run the command again." % where
    return "Cannot write %s (%s): use a folder that you may write to, or remove what stands in the way." % (
        where,
        error.strerror or error,
    )


def main() -> None:
    require_python()
    name, rest = sys.argv[1], sys.argv[2:]
    try:
        if not (works(PYTHON) and is_current(name)):
            build(name)
    except OSError as error:
        stop(explain(error))
    except subprocess.CalledProcessError:
        stop("Python could not make an environment in .venv: `apt-get install python3-venv`, then run it again.")
    if rest:
        os.chdir(ROOT)
        os.execv(PYTHON, [PYTHON] + rest)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
