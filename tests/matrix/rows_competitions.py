"""Rows of this app; see tests/matrix/engine.py."""

from competitions.services.entries import draft_digest
from tests.matrix.engine import ALL, NOBODY, SIGNED_IN, Row
from tests.matrix.rows_judging import ROWS as JUDGING_ROWS

OBSERVERS = {"manager", "observer", "secretariat"}
FOUNDER = {"GET": {"founder"}, "POST": {"founder"}}
SHUT = {"GET": NOBODY, "POST": NOBODY}


def draft(ending: str = ""):
    return lambda world, side: f"/en/competitions/entries/{world.side(side).draft.uid}/{ending}"


def submitted(ending: str = ""):
    return lambda world, side: f"/en/competitions/entries/{world.side(side).entry.uid}/{ending}"


def typed(world, side):
    return {"version": 0, "solution": "Better panels", "act": "save"}


def reviewed(world, side):
    return {"reviewed": draft_digest(world.side(side).draft, [])}


def address(world, side):
    return {"email": "friend@matrix.example"}


PUBLIC_ROWS: dict[str, Row] = {
    "competitions:list": Row(path=lambda world, side: "/en/competitions/", allow={"GET": ALL}),
    # A draft of a competition: nobody but those who prepare it.
    "competitions:detail": Row(
        path=lambda world, side: f"/en/competitions/{world.side(side).hidden.slug}/",
        allow={"GET": OBSERVERS},
        allow_foreign={"GET": {"secretariat"}},
    ),
    "competition-list": Row(path=lambda world, side: "/api/v1/competitions/", allow={"GET": ALL}),
    "competition-detail": Row(
        path=lambda world, side: f"/api/v1/competitions/{world.side(side).announced.slug}/", allow={"GET": ALL}
    ),
}
TEAM_ROWS: dict[str, Row] = {
    "competitions:apply": Row(
        path=lambda world, side: f"/en/competitions/{world.side(side).open_competition.slug}/apply/",
        allow={"GET": SIGNED_IN, "POST": SIGNED_IN},
    ),
    "competitions:entries": Row(path=lambda world, side: "/en/competitions/entries/", allow={"GET": SIGNED_IN}),
    "competitions:entry": Row(path=draft(), allow={"GET": {"founder"}}, allow_foreign=SHUT),
    "competitions:entry-page": Row(path=draft("1/"), allow=FOUNDER, allow_foreign=SHUT, data=typed),
    "competitions:entry-autosave": Row(
        path=draft("1/save/"), allow={"POST": {"founder"}}, allow_foreign=SHUT, data=typed
    ),
    "competitions:entry-review": Row(path=draft("review/"), allow=FOUNDER, allow_foreign=SHUT, data=reviewed),
    "competitions:entry-team": Row(path=draft("team/"), allow=FOUNDER, allow_foreign=SHUT, data=address),
    "competitions:entry-receipt": Row(path=submitted("receipt/"), allow={"GET": {"founder"}}, allow_foreign=SHUT),
    "competitions:entry-content": Row(path=submitted("receipt.json"), allow={"GET": {"founder"}}, allow_foreign=SHUT),
    "competitions:entry-revert": Row(path=draft("revert/"), allow=FOUNDER, allow_foreign=SHUT),
    "competitions:entry-withdraw": Row(path=submitted("withdraw/"), allow=FOUNDER, allow_foreign=SHUT),
    "competitions:entry-join": Row(
        path=lambda world, side: f"/en/competitions/invitations/{world.side(side).invitation.uid}/",
        allow={"GET": {"member"}, "POST": {"member"}},
        allow_foreign=SHUT,
    ),
    "competitions:attachment": Row(
        path=lambda world, side: f"/en/competitions/attachments/{world.side(side).attachment.uid}/",
        allow={"GET": OBSERVERS | {"founder", "judge"}},
        allow_foreign={"GET": {"secretariat"}},
    ),
}

ROWS = PUBLIC_ROWS | TEAM_ROWS | JUDGING_ROWS
