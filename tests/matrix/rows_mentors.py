"""Rows of this app; see tests/matrix/engine.py."""

from tests.matrix.engine import ALL, NOBODY, SIGNED_IN, Row, World

TWO = {"founder", "expert"}
OFFICE = {"focal", "deputy", "secretariat"}


def of_request(ending: str = ""):
    return lambda world, side: f"/en/mentors/requests/{world.side(side).request.uid}/{ending}"


def of_engagement(ending: str):
    return lambda world, side: f"/en/mentors/requests/{world.side(side).engagement.request.uid}/{ending}"


def of_role(ending: str = ""):
    return lambda world, side: f"/en/mentors/mine/{world.side(side).expert_role.uid}/{ending}"


def ask(world: World, side: str) -> str:
    return f"/en/mentors/{world.side(side).expert.slug}/ask/"


def detail(world: World, side: str) -> str:
    """The own one is hidden, the foreign one is shown to the network."""
    expert = world.own.hidden_expert if side == "own" else world.foreign.network_expert
    return f"/en/mentors/{expert.slug}/"


def answer(world: World, side: str) -> dict[str, str]:
    role = world.side(side).waiting_role
    return {"answer": "approved", "roles": str(role.uid), "version": role.expert.version}


ROWS: dict[str, Row] = {
    "mentors:list": Row(path=lambda world, side: "/en/mentors/", allow={"GET": ALL}),
    "mentors:export": Row(path=lambda world, side: "/en/mentors/export/", allow={"GET": ALL}),
    "mentors:detail": Row(path=detail, allow={"GET": OFFICE}, allow_foreign={"GET": SIGNED_IN}),
    "mentors:ask": Row(
        path=ask,
        allow={"GET": SIGNED_IN - {"expert"}, "POST": SIGNED_IN - {"expert"}},
        allow_foreign={"GET": SIGNED_IN, "POST": SIGNED_IN},
    ),
    "mentors:join": Row(path=lambda world, side: "/en/mentors/join/", allow={"GET": ALL, "POST": SIGNED_IN}),
    "mentors:autosave": Row(path=lambda world, side: "/en/mentors/join/autosave/", allow={"POST": SIGNED_IN}),
    "mentors:preview": Row(
        path=lambda world, side: "/en/mentors/join/preview/", allow={"GET": SIGNED_IN, "POST": SIGNED_IN}
    ),
    "mentors:mine": Row(path=lambda world, side: "/en/mentors/mine/", allow={"GET": SIGNED_IN}),
    "mentors:leave": Row(path=lambda world, side: "/en/mentors/mine/leave/", allow={"POST": {"expert"}}),
    "mentors:role-move": Row(
        path=of_role(),
        allow={"POST": {"expert"}},
        allow_foreign={"POST": NOBODY},
        data=lambda world, side: {"to": "paused"},
    ),
    "mentors:role-availability": Row(
        path=of_role("availability/"),
        allow={"POST": {"expert"}},
        allow_foreign={"POST": NOBODY},
        data=lambda world, side: {"availability": "closed"},
    ),
    "mentors:queue": Row(path=lambda world, side: "/en/mentors/queue/", allow={"GET": OFFICE}),
    "mentors:review": Row(
        path=lambda world, side: f"/en/mentors/queue/{world.side(side).waiting_role.expert.uid}/",
        allow={"GET": OFFICE, "POST": OFFICE},
        allow_foreign={"GET": {"secretariat"}, "POST": {"secretariat"}},
        data=answer,
    ),
    "mentors:requests": Row(path=lambda world, side: "/en/mentors/requests/", allow={"GET": SIGNED_IN}),
    "mentors:request": Row(path=of_request(), allow={"GET": TWO}, allow_foreign={"GET": NOBODY}),
    "mentors:accept": Row(
        path=of_request("accept/"),
        allow={"POST": {"expert"}},
        allow_foreign={"POST": NOBODY},
        data=lambda world, side: {"accept-availability": "open"},
    ),
    "mentors:decline": Row(
        path=of_request("decline/"),
        allow={"POST": {"expert"}},
        allow_foreign={"POST": NOBODY},
        data=lambda world, side: {"decline-availability": "open"},
    ),
    "mentors:withdraw": Row(path=of_request("withdraw/"), allow={"POST": {"founder"}}, allow_foreign={"POST": NOBODY}),
    "mentors:write": Row(
        path=of_engagement("write/"),
        allow={"POST": TWO},
        allow_foreign={"POST": NOBODY},
        data=lambda world, side: {"text": "Hello"},
    ),
    "mentors:end": Row(path=of_engagement("end/"), allow={"POST": TWO}, allow_foreign={"POST": NOBODY}),
    "expert-list": Row(path=lambda world, side: "/api/v1/experts/", allow={"GET": ALL}),
    "expert-detail": Row(
        path=lambda world, side: f"/api/v1/experts/{world.side(side).expert.slug}/", allow={"GET": ALL}
    ),
}
