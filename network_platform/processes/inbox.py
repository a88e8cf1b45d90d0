"""The local inbox: an SMTP server that keeps every mail as a file: `python -m ...processes.inbox SOCKET FOLDER`.

SOCKET is the number of a socket that listens already: whoever starts the inbox has taken the port.
"""

import asyncio
import os
import signal
import socket
import sys
import time
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

MOST_KEPT = 500


class Keeper:
    """Files are named by time, so that sorting by name is sorting by arrival."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        name = f"{time.time_ns():020d}"
        part = self.folder / f"{name}.part"
        part.write_bytes(envelope.original_content or b"")
        os.replace(part, self.folder / f"{name}.eml")
        self._forget_old()
        return "250 OK"

    def _forget_old(self) -> None:
        for path in sorted(self.folder.glob("*.eml"))[:-MOST_KEPT]:
            path.unlink(missing_ok=True)


async def serve(taken: socket.socket, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    server = await loop.create_server(lambda: SMTP(Keeper(folder), enable_SMTPUTF8=True), sock=taken)
    await stop.wait()
    server.close()


if __name__ == "__main__":
    asyncio.run(serve(socket.socket(fileno=int(sys.argv[1])), Path(sys.argv[2])))
