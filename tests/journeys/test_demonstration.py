"""What `make run` has loaded when its first page answers: the whole demonstration."""

from tests.journeys.stack import Platform


def test_the_demonstration_is_whole(platform: Platform) -> None:
    found = platform.run("tests.journeys.data:demonstration")

    assert found["countries"] == 7
    assert found["organisations"] > 130
    assert found["experts"] >= 40
    assert found["entries in judging"] == 60
    assert found["competitions"] == ["announced", "described", "published"]
    assert found["mails waiting"] < 30
    assert found["broken records"] == []
