"""Rows of the desks of judges, managers and observers; see tests/matrix/engine.py."""

from collections.abc import Callable

from competitions.models import ScoreSheet
from tests.matrix.engine import NOBODY, SIGNED_IN, Row, World

OBSERVERS = {"manager", "observer", "secretariat"}
MANAGERS = {"manager", "secretariat"}
JUDGE = {"GET": {"judge"}, "POST": {"judge"}}
SHUT = {"GET": NOBODY, "POST": NOBODY}
READ = {"GET": OBSERVERS}
READ_FOREIGN = {"GET": {"secretariat"}}


def sheet(which: str, ending: str = "") -> Callable[[World, str], str]:
    return lambda world, side: f"/en/judging/sheets/{getattr(world.side(side), which).uid}/{ending}"


def desk(ending: str = "", which: str = "competition") -> Callable[[World, str], str]:
    return lambda world, side: f"/en/competitions/{getattr(world.side(side), which).slug}/manage/{ending}"


def given(world: World, side: str) -> ScoreSheet:
    """The sheet that was handed in."""
    return world.side(side).handed_in.sheet


def typed(world: World, side: str) -> dict[str, object]:
    return {"version": 0, "feedback": "Weigh again."}


def reason(world: World, side: str) -> dict[str, object]:
    return {"reason": "we are related"}


ROWS: dict[str, Row] = {
    "competitions:judging": Row(path=lambda world, side: "/en/judging/", allow={"GET": SIGNED_IN}),
    "competitions:judge-invitation": Row(
        path=lambda world, side: f"/en/judging/{world.side(side).open_competition.slug}/invitation/",
        allow=JUDGE,
        allow_foreign=SHUT,
        data=lambda world, side: {"answer": "accept"},
    ),
    # Whoever has no seat to clear is sent to the own list, which is empty.
    "competitions:judge-conflicts": Row(
        path=lambda world, side: f"/en/judging/{world.side(side).competition.slug}/conflicts/",
        allow={"GET": SIGNED_IN, "POST": SIGNED_IN},
    ),
    "competitions:judge-sheet": Row(path=sheet("seat"), allow=JUDGE, allow_foreign=SHUT, data=typed),
    "competitions:judge-autosave": Row(
        path=sheet("seat", "autosave/"), allow={"POST": {"judge"}}, allow_foreign=SHUT, data=typed
    ),
    "competitions:judge-reopen": Row(path=sheet("handed_in", "reopen/"), allow=JUDGE, allow_foreign=SHUT, data=reason),
    "competitions:judge-recuse": Row(path=sheet("seat", "recuse/"), allow=JUDGE, allow_foreign=SHUT, data=reason),
    "competitions:managed": Row(path=lambda world, side: "/en/competitions/manage/", allow={"GET": SIGNED_IN}),
    "competitions:manage": Row(path=desk(), allow=READ, allow_foreign=READ_FOREIGN),
    "competitions:manage-entries": Row(path=desk("entries/"), allow=READ, allow_foreign=READ_FOREIGN),
    "competitions:manage-entries-csv": Row(path=desk("entries/export.csv"), allow=READ, allow_foreign=READ_FOREIGN),
    "competitions:manage-entry": Row(
        path=lambda world, side: desk(f"entries/{world.side(side).entry.uid}/")(world, side),
        allow={"GET": OBSERVERS, "POST": MANAGERS},
        allow_foreign={"GET": {"secretariat"}, "POST": {"secretariat"}},
        data=lambda world, side: {"judge": world.side(side).judge.uid},
    ),
    "competitions:manage-give-back": Row(
        path=lambda world, side: desk(f"sheets/{given(world, side).uid}/give-back/")(world, side),
        allow={"GET": MANAGERS, "POST": MANAGERS},
        allow_foreign={"GET": {"secretariat"}, "POST": {"secretariat"}},
        data=lambda world, side: {"reason": "two lines are swapped"},
    ),
    "competitions:manage-judges": Row(
        path=desk("judges/"),
        allow={"GET": OBSERVERS, "POST": MANAGERS},
        allow_foreign={"GET": {"secretariat"}, "POST": {"secretariat"}},
        data=lambda world, side: {"email": "new-judge@matrix.example", "name": "New", "language": "en"},
    ),
    "competitions:manage-seats": Row(
        path=lambda world, side: desk(f"judges/{world.side(side).judge.uid}/")(world, side),
        allow={"GET": OBSERVERS, "POST": MANAGERS},
        allow_foreign={"GET": {"secretariat"}, "POST": {"secretariat"}},
    ),
    # Reading is for those who run or observe; the round is open, so that nothing can be proposed yet.
    "competitions:manage-decision": Row(path=desk("decision/"), allow=READ, allow_foreign=READ_FOREIGN),
    "competitions:manage-results": Row(
        path=desk("results.json", which="announced"), allow=READ, allow_foreign=READ_FOREIGN
    ),
    "competitions:manage-round": Row(
        path=lambda world, side: desk(f"rounds/{world.side(side).round.uid}/close/")(world, side),
        allow={"GET": MANAGERS, "POST": MANAGERS},
        allow_foreign={"GET": {"secretariat"}, "POST": {"secretariat"}},
    ),
}
