"""What a web process does about circular garbage before it is forked."""

import subprocess
import sys

import pytest

from network_platform.collector import YOUNG

pytestmark = pytest.mark.once


def test_a_web_process_looks_at_what_it_keeps_for_good_no_more() -> None:
    words = "import gc, network_platform.wsgi; print(gc.get_threshold()[0], gc.get_freeze_count() > 100_000)"

    told = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True).stdout

    assert told.split() == [str(YOUNG), "True"]
