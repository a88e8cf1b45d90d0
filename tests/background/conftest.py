"""A broker that nobody has given up yet."""

import pytest

from network_platform.background import services


@pytest.fixture(autouse=True)
def _broker_not_known_to_be_lost() -> None:
    services._broker_lost.until = 0.0
