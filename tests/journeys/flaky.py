"""A link that drops every second request: in turn on the way there, and on the way back when the platform has acted."""

import itertools
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit


class FlakyLink(socketserver.ThreadingTCPServer):
    """Stands before the platform at an address of its own. `lost` names what did not come through."""

    daemon_threads = allow_reuse_address = True

    def __init__(self, address: str) -> None:
        super().__init__(("127.0.0.1", 0), Request)
        self.behind = (urlsplit(address).hostname, urlsplit(address).port)
        self.numbers, self.guard = itertools.count(1), threading.Lock()
        self.lost: list[str] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def fate_of(self, line: str) -> int:
        """0: it comes through; 1: nobody hears of it; 2: the platform does, and its answer is lost."""
        with self.guard:
            number = next(self.numbers)
            if number % 2:
                return 0
            self.lost.append(line)
            return 2 if number % 4 else 1


class Request(socketserver.StreamRequestHandler):
    """One request a connection, so that a browser does not take a lost one for an old connection and repeat it."""

    server: FlakyLink

    def handle(self) -> None:
        head = list(iter(self.rfile.readline, b"\r\n"))
        if not head or not head[-1].endswith(b"\r\n"):
            return  # a connection opened ahead of time
        size = next((int(each.split(b":")[1]) for each in head if each.lower().startswith(b"content-length:")), 0)
        body = self.rfile.read(size)
        fate = self.server.fate_of(head[0].decode().strip())
        if fate == 1:
            return
        kept = [each for each in head if not each.lower().startswith(b"connection:")]
        with socket.create_connection(self.server.behind) as platform:
            platform.sendall(b"".join([*kept, b"Connection: close\r\n\r\n", body]))
            answer = b"".join(iter(lambda: platform.recv(65536), b""))
        if fate == 0:
            self.wfile.write(answer)


@contextmanager
def flaky_link(address: str) -> Iterator[FlakyLink]:
    with FlakyLink(address) as link:
        threading.Thread(target=link.serve_forever, daemon=True).start()
        try:
            yield link
        finally:
            link.shutdown()
