"""Mails that arrive at the local SMTP server stand on the inbox page, newest first."""

import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.test import Client
from django.urls import clear_url_caches, reverse

from network_platform.inbox import newest
from network_platform.processes.preconditions import listening


@pytest.fixture
def folder(tmp_path: Path, port: int) -> Iterator[Path]:
    """A running inbox that keeps its mails here."""
    taken = listening(port)
    command = [sys.executable, "-m", "network_platform.processes.inbox", str(taken.fileno()), str(tmp_path)]
    process = subprocess.Popen(command, pass_fds=[taken.fileno()])
    taken.close()
    yield tmp_path
    process.terminate()
    assert process.wait(5) == 0


def send(port: int, to: str, subject: str, text: str) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "network@speca.test", to, subject
    mail["Date"] = "Mon, 02 Nov 2026 09:00:00 +0000"
    mail.set_content(text)
    for _ in range(100):
        try:
            with smtplib.SMTP("127.0.0.1", port) as server:
                server.send_message(mail)
            return
        except ConnectionRefusedError:
            time.sleep(0.1)
    raise AssertionError("the inbox never answered")


def test_mails_stand_on_the_page_newest_first(folder: Path, port: int, client: Client, settings) -> None:
    settings.INBOX_DIR = str(folder)
    send(port, "aziza@speca.test", "Заявка принята", "Смотрите http://127.0.0.1/ru/desk/")
    send(port, "timur@speca.test", "Your code", "Type it:\n\n482913\n\n<b>not bold</b>")

    page = client.get(reverse("inbox")).content.decode()

    assert page.index("Your code") < page.index("Заявка принята")
    assert 'href="http://127.0.0.1/ru/desk/"' in page
    assert "&lt;b&gt;not bold" in page
    assert newest(str(folder))[0].codes == ("482913",)
    assert [mail.to for mail in newest(str(folder), "aziza")] == ["aziza@speca.test"]


def test_without_make_run_the_page_says_so(client: Client, settings) -> None:
    settings.INBOX_DIR = ""
    clear_url_caches()

    assert "not running" in client.get("/en/inbox/").content.decode()
