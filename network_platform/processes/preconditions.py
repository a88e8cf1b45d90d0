"""What must hold before anything is started. Each failure is one sentence."""

import fcntl
import os
import socket
from pathlib import Path
from typing import IO

from network_platform.processes.stopping import CannotStart

SOCKET_PATH_LIMIT = 100


def require_free_port(host: str, port: int) -> None:
    if not 0 < port < 65536:
        raise CannotStart("PORT must be a number between 1 and 65535, for example `make run PORT=8001`.")
    try:
        _bind(host, port)
    except PermissionError:
        raise CannotStart(
            f"Port {port} is for the system's own services: choose another, as in `make run PORT=8001`."
        ) from None
    except OSError:
        raise CannotStart(
            f"Port {port} is in use: stop what listens there, or choose another, as in `make run PORT={port + 1}`."
        ) from None


def _bind(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))


def free_port(host: str = "127.0.0.1") -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]


def listening(port: int, host: str = "127.0.0.1") -> socket.socket:
    """A socket that listens at the port if nobody does, else at any free one: nobody can take it after that."""
    try:
        return socket.create_server((host, port))
    except OSError:
        return socket.create_server((host, 0))


def require_folder(folder: Path) -> None:
    """Make the folder and write a file in it."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        trial = folder / f".trial-{os.getpid()}"
        trial.write_text("")
        trial.unlink()
    except OSError as error:
        raise CannotStart(
            f"Cannot write in {folder} ({error.strerror}): "
            "choose a folder that you may write to, as in `make run PLATFORM_VAR=$HOME/network-data`."
        ) from None


def hold(folder: Path, address: str) -> IO[str]:
    """Keep a second start away from the same data for as long as the returned file is open."""
    lock = (folder / "running").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.seek(0)
        where = lock.read().strip() or "another address"
        raise CannotStart(
            f"The platform already runs on this data at {where}: stop it first, or give another folder, "
            "as in `make run PLATFORM_VAR=$HOME/network-data`."
        ) from None
    lock.truncate(0)
    lock.write(address)
    lock.flush()
    return lock
