"""The ground's rows, and the packages that bring URLs of their own."""

from collections.abc import Callable

from tests.background.factories import make_message
from tests.changes.factories import delivery_of
from tests.matrix.engine import ALL, SIGNED_IN, Prefix, Row, World
from tests.tokens.factories import token_of


def own_webhook(act: str) -> Callable[[World, str], str]:
    return lambda world, side: f"/en/settings/webhooks/{delivery_of(world.user('member')).endpoint.uid}/{act}"


OVERSEERS = {"secretariat", "focal", "deputy", "manager", "observer"}
ROWS: dict[str, Row] = {
    "desk": Row(path=lambda world, side: "/en/desk/", allow={"GET": SIGNED_IN}),
    "settings": Row(path=lambda world, side: "/en/settings/", allow={"GET": SIGNED_IN, "POST": SIGNED_IN}),
    "consents": Row(path=lambda world, side: "/en/settings/consents/", allow={"POST": SIGNED_IN}),
    # These ask again who it is: a session alone opens them to nobody. tests/people walks the rest of the way.
    "own-data": Row(path=lambda world, side: "/en/settings/data/", allow={}),
    "erase": Row(path=lambda world, side: "/en/settings/erase/", allow={}),
    "erased": Row(path=lambda world, side: "/en/settings/erased/", allow={"GET": ALL}),
    "tokens": Row(path=lambda world, side: "/en/settings/tokens/", allow={"GET": SIGNED_IN}),
    "token-new": Row(path=lambda world, side: "/en/settings/tokens/new/", allow={}),
    "token-revoke": Row(
        path=lambda world, side: f"/en/settings/tokens/{token_of(world.user('member')).uid}/revoke/",
        allow={"POST": {"member"}},
    ),
    "webhooks": Row(path=lambda world, side: "/en/settings/webhooks/", allow={"GET": SIGNED_IN}),
    "webhook-new": Row(
        path=lambda world, side: "/en/settings/webhooks/new/", allow={"GET": SIGNED_IN, "POST": SIGNED_IN}
    ),
    "webhook": Row(path=own_webhook(""), allow={"GET": {"member"}}),
    "webhook-delete": Row(path=own_webhook("delete/"), allow={"POST": {"member"}}),
    "webhook-resume": Row(path=own_webhook("resume/"), allow={"POST": {"member"}}),
    "webhook-replay": Row(
        path=lambda world, side: f"/en/settings/webhooks/deliveries/{delivery_of(world.user('member')).uid}/replay/",
        allow={"POST": {"member"}},
    ),
    "change-list": Row(path=lambda world, side: "/api/v1/changes/", allow={"GET": ALL}),
    "people": Row(path=lambda world, side: "/en/people/", allow={"GET": {"secretariat"}}),
    "person": Row(path=lambda world, side: f"/en/people/{world.user('member').uid}/", allow={"GET": {"secretariat"}}),
    "person-groups": Row(path=lambda world, side: f"/en/people/{world.user('member').uid}/groups/", allow={}),
    "person-access": Row(path=lambda world, side: f"/en/people/{world.user('member').uid}/access/", allow={}),
    "search": Row(path=lambda world, side: "/en/search/?q=hub", allow={"GET": ALL}),
    "journal": Row(path=lambda world, side: "/en/journal/", allow={"GET": OVERSEERS}),
    "journal-export": Row(path=lambda world, side: "/en/journal/export.csv", allow={"GET": OVERSEERS}),
    "messages": Row(path=lambda world, side: "/en/messages/", allow={"GET": {"secretariat"}}),
    "messages-retry": Row(path=lambda world, side: "/en/messages/retry/", allow={"POST": {"secretariat"}}),
    "message-retry": Row(
        path=lambda world, side: f"/en/messages/{make_message(state='failed').uid}/retry/",
        allow={"POST": {"secretariat"}},
    ),
    "api-schema": Row(path=lambda world, side: "/api/schema/", allow={"GET": ALL}),
    "components": Row(path=lambda world, side: "/en/components/", allow={"GET": ALL}),
    "components-error": Row(path=lambda world, side: "/en/components/errors/429/", allow={"GET": ALL}),
    "api-unknown": Row(path=lambda world, side: "/api/nothing/", allow={}, absent=True),
    "api-docs": Row(path=lambda world, side: "/api/docs/", allow={"GET": ALL}),
}

PREFIXES = [
    Prefix("wagtail/", roles={"cms_editor", "secretariat"}),
    Prefix("accounts/", roles=ALL),  # everybody's own account: tests/people/test_doors.py
]
