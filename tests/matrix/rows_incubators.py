"""Rows of this app; see tests/matrix/engine.py."""

from collections.abc import Callable
from typing import Any

from tests.matrix.engine import ALL, SIGNED_IN, Row, World

REVIEWERS = {"focal", "deputy", "secretariat"}
EDITOR = {"org_editor"}
FOUNDER = {"founder"}
MEMBER = {"member"}
SECRETARIAT = {"secretariat"}
READ = {"GET": ALL}


def at(pattern: str) -> Callable[[World, str], str]:
    """`at("/en/incubators/{organisation.slug}/")` on either side."""

    def path(world: World, side: str) -> str:
        return pattern.format(**vars(world.side(side)))

    return path


def form(**values: Any) -> Callable[[World, str], dict[str, Any]]:
    return lambda world, side: values


def both(people: set[str] | frozenset[str]) -> dict[str, set[str] | frozenset[str]]:
    return {"GET": people, "POST": people}


def api(path: str) -> Row:
    return Row(path=at(path), allow=READ)


def own_only(pattern: str, people: set[str], *, posts: bool = True, gets: bool = True, **values: Any) -> Row:
    """Open to `people` on the own side, to nobody on the other."""
    allow = ({"GET": people} if gets else {}) | ({"POST": people} if posts else {})
    return Row(path=at(pattern), allow=allow, allow_foreign={}, data=form(**values))


ROWS: dict[str, Row] = {
    "incubators:region": Row(path=at("/en/countries/"), allow=READ),
    "incubators:country": Row(path=at("/en/countries/{iso2}/"), allow=READ),
    "incubators:dashboard": Row(path=at("/en/countries/{iso2}/dashboard/"), allow=READ),
    "incubators:dashboard-file": Row(path=at("/en/countries/{iso2}/dashboard/kinds.csv"), allow=READ),
    "incubators:dashboard-pdf": Row(path=at("/en/countries/{iso2}/dashboard.pdf"), allow=READ),
    "incubators:side-by-side": Row(path=at("/en/countries/side-by-side/"), allow=READ),
    "incubators:side-by-side-pdf": Row(path=at("/en/countries/side-by-side.pdf"), allow=READ),
    "incubators:side-by-side-file": Row(path=at("/en/countries/side-by-side/organisations.svg"), allow=READ),
    "incubators:focal-points": Row(path=at("/en/countries/focal-points/"), allow={"GET": SECRETARIAT}),
    "incubators:indicators": Row(path=at("/en/countries/indicators/"), allow={"GET": SECRETARIAT}),
    "incubators:indicator-add": Row(path=at("/en/countries/indicators/add/"), allow=both(SECRETARIAT)),
    "incubators:indicator-define": Row(path=at("/en/countries/indicators/jobs/define/"), allow=both(SECRETARIAT)),
    "incubators:indicator-retire": Row(path=at("/en/countries/indicators/jobs/retire/"), allow=both(SECRETARIAT)),
    # These two ask again who it is, which nobody here has just answered: tests/incubators/test_offices.py walks them.
    "incubators:focal-point-appoint": Row(path=at("/en/countries/focal-points/appoint/"), allow={}),
    "incubators:focal-point-end": Row(path=at("/en/countries/{iso2}/focal-points/{registry_term.uid}/end/"), allow={}),
    "incubators:list": Row(path=at("/en/incubators/"), allow=READ),
    "incubators:export": Row(path=at("/en/incubators/export.csv"), allow=READ),
    "incubators:detail": Row(
        path=at("/en/incubators/{registry_draft.slug}/"),
        allow={"GET": REVIEWERS | EDITOR},
        allow_foreign={"GET": SECRETARIAT},
    ),
    "incubators:embedded": Row(path=at("/en/embed/incubators/?country={iso2}"), allow=READ),
    "incubators:embed": Row(path=at("/en/incubators/embed/?country={iso2}"), allow=READ),
    "incubators:searches": Row(path=at("/en/incubators/searches/"), allow={"GET": SIGNED_IN}),
    "incubators:search-save": Row(
        path=at("/en/incubators/searches/save/?country={iso2}"), allow=both(SIGNED_IN), data=form(name="Mine")
    ),
    "incubators:search-change": own_only("/en/incubators/searches/{registry_search.uid}/", MEMBER, name="Mine"),
    "incubators:search-delete": own_only("/en/incubators/searches/{registry_search.uid}/delete/", MEMBER),
    # Whoever has the mail, whether signed in or not.
    "incubators:searches-stop": Row(path=at("/en/incubators/searches/stop/{registry_stop}/"), allow=both(ALL)),
    # Whoever has the mail, whether signed in or not.
    "incubators:still-true": Row(path=at("/en/incubators/still-true/{registry_link}/"), allow=both(ALL)),
    "incubators:new": Row(path=at("/en/incubators/new/"), allow={"GET": ALL, "POST": SIGNED_IN}),
    "incubators:mine": Row(path=at("/en/incubators/mine/"), allow={"GET": SIGNED_IN}),
    "incubators:claim": Row(path=at("/en/incubators/{registry_unclaimed.slug}/claim/"), allow=both(SIGNED_IN)),
    "incubators:claim-mailbox": own_only("/en/incubators/{organisation.slug}/claim/mailbox/", MEMBER, address="x@y.kz"),
    "incubators:claim-letter": own_only("/en/incubators/{organisation.slug}/claim/letter/", MEMBER),
    "incubators:mailbox": own_only("/en/incubators/claims/mailbox/{registry_mailbox}/", MEMBER),
    "incubators:letter": Row(
        path=at("/en/incubators/claims/{registry_own_claim.uid}/letter/"),
        allow={"GET": MEMBER | REVIEWERS},
        allow_foreign={"GET": SECRETARIAT},
    ),
    "incubators:queue": Row(path=at("/en/incubators/queue/"), allow={"GET": REVIEWERS}),
    "incubators:review": Row(
        path=at("/en/incubators/queue/{registry_submitted.uid}/"),
        allow=both(REVIEWERS),
        allow_foreign=both(SECRETARIAT),
        data=form(answer="approve", version=0),
    ),
    # What is another country's is left out of the page and of the act: tests/incubators/test_bulk_approvals.py looks.
    "incubators:approve": Row(
        path=at("/en/incubators/queue/approve/?uid={registry_submitted.uid}"),
        allow=both(REVIEWERS),
        data=lambda world, side: {"chosen": f"{world.side(side).registry_submitted.uid}:0"},
    ),
    "incubators:approve-undo": Row(
        path=at("/en/incubators/queue/approve/{registry_approval.uid}/undo/"),
        allow={"POST": {"focal", "secretariat"}},
        allow_foreign={"POST": SECRETARIAT},
    ),
    "incubators:claim-review": Row(
        path=at("/en/incubators/queue/claims/{registry_claim.uid}/"),
        allow=both(REVIEWERS),
        allow_foreign=both(SECRETARIAT),
        data=form(answer="granted"),
    ),
    "incubators:country-desk": Row(
        path=lambda world, side: f"/en/incubators/queue/country/?country={world.side(side).iso2.upper()}",
        allow={"GET": REVIEWERS},
        allow_foreign={"GET": SECRETARIAT},
    ),
    "incubators:country-figures": Row(path=at("/en/incubators/queue/figures/"), allow={"GET": REVIEWERS}),
    "incubators:figures-review": Row(
        path=at("/en/incubators/queue/figures/{registry_figures.uid}/"),
        allow=both(REVIEWERS),
        allow_foreign=both(SECRETARIAT),
        data=form(answer="accept", version=0),
    ),
    "incubators:duplicates": Row(path=at("/en/incubators/duplicates/"), allow={"GET": REVIEWERS}),
    "incubators:duplicate": Row(
        path=at("/en/incubators/duplicates/{registry_pair.uid}/"),
        allow=both(REVIEWERS),
        allow_foreign=both(SECRETARIAT),
        data=form(answer="different"),
    ),
    "incubators:merge": Row(
        path=at("/en/incubators/duplicates/{registry_pair.uid}/merge/"), allow=both(SECRETARIAT), data=form(reason="")
    ),
    "incubators:merger-undo": Row(
        path=at("/en/incubators/mergers/{registry_merger.uid}/undo/"), allow={"POST": SECRETARIAT}
    ),
    "incubators:wrong": Row(path=at("/en/incubators/{organisation.slug}/wrong/"), allow=both(ALL)),
    "incubators:remark": Row(
        path=at("/en/incubators/remarks/{registry_remark.uid}/"),
        allow=both(REVIEWERS),
        allow_foreign=both(SECRETARIAT),
        data=form(to="mended"),
    ),
    "incubators:transfer": Row(
        path=at("/en/incubators/{registry_stale.slug}/transfer/"),
        allow=both(REVIEWERS),
        allow_foreign=both(SECRETARIAT),
        data=form(target="TM", reason="Moved"),
    ),
    "incubators:transfer-answer": Row(
        path=at("/en/incubators/transfers/{registry_transfer.uid}/"),
        allow=both(REVIEWERS),
        allow_foreign=both(SECRETARIAT),
        data=form(to="accepted"),
    ),
    "incubators:transfer-withdraw": Row(
        path=at("/en/incubators/transfers/{registry_leaving.uid}/withdraw/"),
        allow={"POST": REVIEWERS},
        allow_foreign={"POST": SECRETARIAT},
    ),
    "incubators:import": Row(path=at("/en/incubators/import/"), allow=both(REVIEWERS)),
    "incubators:import-run": Row(
        path=at("/en/incubators/import/{registry_import_run.uid}/"), allow={"GET": SECRETARIAT}
    ),
    # Each importer's own.
    "incubators:import-columns": Row(
        path=at("/en/incubators/import/{registry_begun_import.uid}/columns/"),
        allow=both(SECRETARIAT),
        data=form(column_0="name_en"),
    ),
    "incubators:import-undo": Row(
        path=at("/en/incubators/import/{registry_done_import.uid}/undo/"), allow=both(SECRETARIAT)
    ),
    "incubators:import-template": Row(path=at("/en/incubators/import/organisations.csv"), allow={"GET": REVIEWERS}),
    "incubators:import-mistakes": Row(
        path=at("/en/incubators/import/{registry_import_run.uid}/mistakes.csv"), allow={"GET": SECRETARIAT}
    ),
    "incubators:confirm": Row(
        path=at("/en/incubators/{registry_stale.slug}/confirm/"),
        allow={"POST": REVIEWERS | EDITOR},
        allow_foreign={"POST": SECRETARIAT},
    ),
    "incubators:standing": Row(
        path=at("/en/incubators/{organisation.slug}/standing/"),
        allow=both(REVIEWERS),
        allow_foreign=both(SECRETARIAT),
        data=form(to="suspended", reason="Asked for"),
    ),
    "incubators:editors": Row(
        path=at("/en/incubators/{organisation.slug}/editors/"),
        allow={"GET": REVIEWERS | EDITOR},
        allow_foreign={"GET": SECRETARIAT},
    ),
    "incubators:editor-end": Row(
        path=at("/en/incubators/{organisation.slug}/editors/{registry_colleague.uid}/end/"),
        allow=both(REVIEWERS | EDITOR),
        allow_foreign=both(SECRETARIAT),
        data=form(reason="Left"),
    ),
    "incubators:editor-invite": own_only(
        "/en/incubators/{organisation.slug}/editors/invite/", EDITOR, email="new@matrix.example", language="ru"
    ),
    "incubators:hand-over": own_only(
        "/en/incubators/{organisation.slug}/editors/hand-over/", EDITOR, email="new@matrix.example", language="ru"
    ),
    "incubators:invitation-withdraw": own_only(
        "/en/incubators/{organisation.slug}/editors/invitations/{registry_invitation.uid}/", EDITOR
    ),
    "incubators:invitation": Row(
        path=lambda world, side: f"/en/incubators/invitations/invitation-{world.side(side).iso2.upper()}/",
        allow=both(MEMBER),
        allow_foreign={},
    ),
    "incubators:edit": own_only("/en/incubators/{organisation.slug}/edit/", EDITOR),
    "incubators:section": own_only("/en/incubators/{registry_draft.slug}/edit/facts/", EDITOR, version=0, city="Osh"),
    "incubators:autosave": own_only(
        "/en/incubators/{registry_draft.slug}/edit/facts/save/", EDITOR, gets=False, version=0, city="Osh"
    ),
    "incubators:preview": own_only("/en/incubators/{registry_draft.slug}/edit/preview/", EDITOR, posts=False),
    "incubators:submit": own_only("/en/incubators/{registry_draft.slug}/edit/submit/", EDITOR, gets=False, version=0),
    "incubators:discard": own_only("/en/incubators/{registry_draft.slug}/edit/discard/", EDITOR),
    "incubators:remove": own_only("/en/incubators/{registry_declined.slug}/edit/remove/", EDITOR),
    "incubators:withdraw": own_only("/en/incubators/{organisation.slug}/edit/withdraw/", EDITOR),
    "incubators:programmes": own_only("/en/incubators/{organisation.slug}/programmes/", EDITOR, posts=False),
    "incubators:programme-new": own_only("/en/incubators/{organisation.slug}/programmes/new/", EDITOR),
    # Drafts: what everybody may read of programmes and calls is walked in tests/incubators/test_offers.py.
    "incubators:programme": own_only("/en/programmes/{registry_programme.uid}/", EDITOR, posts=False),
    "incubators:call": own_only("/en/calls/{registry_call.uid}/", EDITOR, posts=False),
    "incubators:calls": Row(path=at("/en/calls/?country={iso2}"), allow=READ),
    "incubators:calendar": Row(path=at("/en/calls/calendar.ics?organisation={organisation.slug}"), allow=READ),
    "incubators:programme-edit": own_only("/en/programmes/{registry_programme.uid}/edit/", EDITOR, version=0),
    "incubators:programme-delete": own_only("/en/programmes/{registry_begun_programme.uid}/delete/", EDITOR),
    "incubators:cohort-new": own_only("/en/programmes/{registry_programme.uid}/cohorts/new/", EDITOR),
    "incubators:cohort-edit": own_only("/en/cohorts/{registry_cohort.uid}/edit/", EDITOR),
    "incubators:placement-propose": own_only("/en/cohorts/{registry_cohort.uid}/propose/", EDITOR),
    "incubators:placement-edit": own_only("/en/placements/{registry_placed.uid}/edit/", EDITOR),
    "incubators:call-new": own_only("/en/programmes/{registry_programme.uid}/calls/new/", EDITOR),
    "incubators:call-edit": own_only("/en/calls/{registry_call.uid}/edit/", EDITOR, version=0),
    "incubators:call-move": own_only("/en/calls/{registry_call.uid}/move/?to=closed", EDITOR),
    "incubators:figures-csv": Row(path=at("/en/incubators/{organisation.slug}/figures.csv"), allow=READ),
    "incubators:figures": own_only("/en/incubators/{organisation.slug}/figures/", EDITOR, posts=False),
    "incubators:figures-year": own_only(
        "/en/incubators/{organisation.slug}/figures/{registry_figures.year}/", EDITOR, posts=False
    ),
    "incubators:figures-edit": own_only("/en/incubators/{registry_stale.slug}/figures/{year}/edit/", EDITOR, version=0),
    "incubators:figures-save": own_only(
        "/en/incubators/{registry_stale.slug}/figures/{year}/save/", EDITOR, gets=False, version=0
    ),
    "incubators:figures-preview": own_only("/en/incubators/{registry_stale.slug}/figures/{year}/preview/", EDITOR),
    "incubators:figures-benchmark": own_only(
        "/en/incubators/{organisation.slug}/figures/{year}/benchmark/", EDITOR, posts=False
    ),
    "incubators:figures-withdraw": own_only(
        "/en/incubators/{organisation.slug}/figures/{registry_figures.year}/withdraw/", EDITOR
    ),
    "incubators:figures-publish": own_only(
        "/en/incubators/{organisation.slug}/figures/{year}/publish/", EDITOR, gets=False, shown="no"
    ),
    "incubators:startups": Row(path=at("/en/startups/"), allow={"GET": SIGNED_IN}),
    "incubators:startup-new": Row(path=at("/en/startups/new/"), allow=both(SIGNED_IN)),
    "incubators:without-founder": Row(path=at("/en/startups/without-founder/"), allow={"GET": REVIEWERS | EDITOR}),
    "incubators:founder-invitation": Row(
        path=lambda world, side: f"/en/startups/invitations/founder-{world.side(side).iso2.upper()}/",
        allow=both(MEMBER),
        allow_foreign={},
    ),
    "incubators:founder-invite": Row(
        path=at("/en/startups/{registry_without_founder.uid}/founder/"),
        allow=both(REVIEWERS | EDITOR),
        allow_foreign=both(SECRETARIAT),
        data=form(email="new@matrix.example", language="ru"),
    ),
    "incubators:founder-invitation-withdraw": Row(
        path=at("/en/startups/{registry_without_founder.uid}/founder/{registry_founder_invitation.uid}/"),
        allow=both(REVIEWERS | EDITOR),
        allow_foreign=both(SECRETARIAT),
    ),
    "incubators:startup": Row(
        path=at("/en/startups/{registry_startup.uid}/"),
        allow={"GET": FOUNDER | SECRETARIAT},
        allow_foreign={"GET": SECRETARIAT},
    ),
    "incubators:startup-showing": own_only("/en/startups/{registry_startup.uid}/showing/", FOUNDER),
    "incubators:placements": own_only("/en/startups/{registry_startup.uid}/placements/", FOUNDER, posts=False),
    "incubators:placement-answer": own_only(
        "/en/placements/{registry_proposed.uid}/answer/", FOUNDER, gets=False, to="confirmed"
    ),
    "incubators:startup-edit": own_only("/en/startups/{registry_startup.uid}/edit/", FOUNDER, version=0),
    "incubators:startup-save": own_only("/en/startups/{registry_startup.uid}/save/", FOUNDER, gets=False, version=0),
    "incubators:startup-remove": own_only("/en/startups/{registry_unused.uid}/remove/", FOUNDER),
    "organisation-list": api("/api/v1/organisations/"),
    "organisation-detail": api("/api/v1/organisations/{organisation.uid}/"),
    "programme-list": api("/api/v1/programmes/"),
    "programme-detail": api("/api/v1/programmes/{registry_shown.uid}/"),
    # With a token only: tests/incubators/test_api_own_programmes.py, test_api_drafts.py.
    "own-organisation-list": Row(path=at("/api/v1/own/organisations/"), allow={}),
    "own-organisation-detail": Row(path=at("/api/v1/own/organisations/{organisation.uid}/"), allow={}),
    "own-organisation-submit": Row(path=at("/api/v1/own/organisations/{organisation.uid}/submit/"), allow={}),
    "own-figures": Row(path=at("/api/v1/own/figures/{organisation.uid}/{year}/"), allow={}),
    "own-figures-submit": Row(path=at("/api/v1/own/figures/{organisation.uid}/{year}/submit/"), allow={}),
    "own-programme-list": Row(path=at("/api/v1/own/programmes/"), allow={}),
    "own-programme-detail": Row(path=at("/api/v1/own/programmes/{registry_shown.uid}/"), allow={}),
    # 404 before the first night: tests/incubators/test_open_data.py reads them.
    "open-data": api("/api/v1/open-data/"),
    "open-data-file": api("/api/v1/open-data/organisations.csv"),
    "call-list": api("/api/v1/calls/"),
    "call-detail": api("/api/v1/calls/{registry_shown_call.uid}/"),
    "country-list": api("/api/v1/countries/"),
    "country-detail": api("/api/v1/countries/{organisation.country.iso2}/"),
}
