"""What everybody sees of competitions, on pages, by the API and by search; and what nobody sees too early."""

import gzip
import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from competitions import desk
from competitions.enums import CompetitionState, Phase
from competitions.models import Competition, Criterion, RankRow, Round, RubricVersion
from competitions.services.competitions import NotReady, index_competition, move_competition, publish_competition
from network_platform.journal.models import Record
from network_platform.lifecycle import IllegalMove
from network_platform.search.models import SearchDocument
from network_platform.search.results import results_for
from network_platform.zones import in_words
from tests.competitions import factories as make

pytestmark = pytest.mark.django_db


def detail(competition) -> str:
    return reverse("competitions:detail", args=[competition.slug])


@pytest.fixture
def decided():
    """A competition in judging with a decision that nobody may know yet."""
    competition = make.CompetitionFactory(judging=True, slug="secret-result")
    round_ = make.RoundFactory(competition=competition, order=1, state="approved")
    award = make.AwardFactory(competition=competition)
    startup = make.StartupOfTeamFactory(name="CANARY winner", founder=make.PersonFactory())
    entry = make.EntryFactory(competition=competition, startup=startup, submitted=True, submitted__state="in_round")
    make.DecisionFactory(round=round_, entry=entry, award=award, reason="CANARY reason", place=1)
    index_competition(competition)
    return entry


ROUTES = [
    "/en/competitions/",
    "/en/competitions/secret-result/",
    "/ru/competitions/secret-result/",
    "/api/v1/competitions/",
    "/api/v1/competitions/secret-result/",
    "/api/v1/competitions/?search=CANARY",
    "/en/search/?q=CANARY",
    "/en/competitions/?q=CANARY",
    "/sitemap.xml",
]


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("who", ["visitor", "member", "judge", "other founder"])
def test_no_result_leaves_before_the_announcement(decided, client, signed_in, route, who) -> None:
    people = {
        "member": make.PersonFactory,
        "judge": lambda: make.AssignmentFactory(round=Round.objects.get()).judge.user,
        "other founder": lambda: make.TeamMemberFactory().user,
    }
    reader = client if who == "visitor" else signed_in(people[who]())

    page = reader.get(route).content.decode()

    assert "CANARY winner" not in page
    assert "CANARY reason" not in page


def test_the_team_itself_learns_nothing_before_the_announcement(decided, signed_in) -> None:
    founder = decided.startup.members.get().user

    page = signed_in(founder).get(reverse("competitions:entry", args=[decided.uid])).content.decode()

    assert "winner" not in page.replace("CANARY winner", "").lower()
    assert "CANARY reason" not in page


@pytest.mark.parametrize(("reads", "words"), [((2, 3), "scored by 2 to 3 judges each"), ((3, 3), "scored by 3 judges")])
def test_once_announced_the_page_says_how_many_judges_scored(decided, client, reads, words: str) -> None:
    round_ = decided.competition.rounds.get()
    make.CriterionFactory(rubric=make.RubricFactory(round=round_))
    ranking = make.RankingFactory(round=round_)
    other = make.DecisionFactory(round=round_, outcome="not_selected")
    for decision, n in zip((decided.decisions.get(), other), reads, strict=True):
        decision.from_row = RankRow.objects.create(ranking=ranking, entry=decision.entry, reads=n)
        decision.save()
    before = client.get(detail(decided.competition)).content.decode()
    cache.clear()
    Round.objects.update(state="announced")
    Competition.objects.update(state="announced", announced_at=timezone.now())

    after = client.get(detail(decided.competition)).content.decode()

    assert words not in before
    assert words in after


def test_once_announced_the_reading_is_over_and_the_moment_is_said_once(decided, client) -> None:
    round_ = decided.competition.rounds.get()
    Round.objects.update(state="announced", closes_at=timezone.now() + timedelta(days=9))
    Competition.objects.update(state="announced", announced_at=timezone.now())

    page = client.get(detail(decided.competition))

    competition = Competition.objects.get()
    stage = next(stage for stage in page.context["stages"] if stage["label"] == str(round_))
    assert (stage["text"], stage["state"]) == ("", "done")
    assert page.content.decode().count(in_words(competition.announced_at, competition.time_zone)) == 1


def test_winners_are_public_once_announced_without_reasons(decided, client) -> None:
    Competition.objects.update(state="announced", announced_at=timezone.now())

    page = client.get("/en/competitions/secret-result/").content.decode()
    answer = client.get("/api/v1/competitions/secret-result/").json()

    assert "CANARY winner" in page
    assert "CANARY reason" not in page
    assert [winner["startup"] for winner in answer["winners"]] == ["CANARY winner"]
    assert "CANARY reason" not in str(answer)


def test_once_announced_the_call_speaks_of_the_past(decided, client) -> None:
    make.RuleFactory(competition=decided.competition)
    make.CriterionFactory(rubric=make.RubricFactory(round=decided.competition.rounds.get()))
    before = client.get(detail(decided.competition)).content.decode()
    Competition.objects.update(state="announced", announced_at=timezone.now())
    cache.clear()

    after = client.get(detail(decided.competition)).content.decode()

    assert all(words in before for words in ('id="who">Who may apply</h2>', 'id="judged">How it is judged</h2>'))
    assert all(words in after for words in ('id="who">Who could apply</h2>', 'id="judged">How it was judged</h2>'))


def test_the_public_sees_no_inner_state_of_a_round(decided, client) -> None:
    answer = client.get("/api/v1/competitions/secret-result/").json()

    assert "state" not in answer["rounds"][0]
    assert "approved" not in client.get("/en/competitions/secret-result/").content.decode()


def test_the_last_stage_says_when_the_winners_were_announced(client) -> None:
    competition = make.CompetitionFactory(announced=True, time_zone="Asia/Almaty")
    Competition.objects.update(announced_at="2026-11-30T20:00:00Z")

    last = client.get(detail(competition)).context["stages"][-1]

    assert (last["label"], last["text"]) == ("Winners announced", "1 December 2026")


@pytest.mark.parametrize(
    ("trait", "phase", "words"),
    [
        ("open", Phase.OPEN, "Check and apply"),
        ("judging", Phase.JUDGING, "Closed on"),
        ("announced", Phase.ANNOUNCED, "Winners announced"),
        ("described", Phase.DESCRIBED, "Run elsewhere."),
    ],
)
def test_the_call_says_where_it_stands(client, trait, phase, words) -> None:
    competition = make.CompetitionFactory(**{trait: True})

    page = client.get(detail(competition)).content.decode()

    assert competition.phase == phase
    assert words in page
    assert list(Competition.objects.in_phase(phase, timezone.now())) == [competition]


def test_the_button_knows_the_reader(call, signed_in, client) -> None:
    client_page = client.get(detail(call.competition)).content.decode()

    founder_page = signed_in(call.founder).get(detail(call.competition)).content.decode()

    assert "Check and apply" in client_page
    assert "Continue your draft" in founder_page
    assert f"/en/competitions/entries/{call.entry.uid}/" in founder_page


def test_the_deadline_names_the_readers_zone_and_the_organisers(call, signed_in) -> None:
    page = signed_in(call.founder).get(detail(call.competition)).content.decode()

    assert "Almaty (UTC+5)" in page
    assert "Bishkek (UTC+6)" in page


def test_the_rubric_is_public_before_entries_open(client) -> None:
    criterion = make.CriterionFactory(rubric__round__competition=make.CompetitionFactory(open=True))

    page = client.get(detail(criterion.rubric.round.competition)).content.decode()

    assert str(criterion) in page
    assert all(f"Level {value}" in page for value in (0, 3, 5))


def test_the_digest_of_a_fixed_rubric_is_shown_whole(client) -> None:
    digest = "0123456789abcdef" * 4
    criterion = make.CriterionFactory(rubric__round__competition=make.CompetitionFactory(open=True))
    RubricVersion.objects.update(digest=digest, locked_at=timezone.now())

    page = client.get(detail(criterion.rubric.round.competition)).content.decode()

    assert digest in page.replace("<wbr>", "")


def test_a_draft_of_a_competition_is_for_those_who_prepare_it(client, signed_in) -> None:
    hidden = make.CompetitionFactory(names={"en": "CANARY draft"})
    index_competition(hidden)
    manager = make.RoleFactory(competition=hidden).user

    assert client.get(detail(hidden)).status_code == 404
    assert "CANARY" not in client.get("/en/competitions/").content.decode()
    assert client.get(f"/api/v1/competitions/{hidden.slug}/").status_code == 404
    assert "CANARY draft" in signed_in(manager).get(detail(hidden)).content.decode()
    assert results_for("CANARY", audiences=["public"]).total == 0
    assert results_for("CANARY", audiences=[hidden.scope_token]).total == 1


def test_the_list_filters_by_country_year_phase_and_words(client) -> None:
    kz = make.CompetitionFactory(open=True, year=2026, names={"en": "Apples"})
    kz.countries.add(make.LandFactory())
    kg = make.CompetitionFactory(described=True, year=2019, names={"en": "Pears"})
    kg.countries.add(make.LandFactory(iso2="KG"))
    for competition in (kz, kg):
        index_competition(competition)

    shown = {
        query: [
            name for name in ("Apples", "Pears") if name in client.get(f"/en/competitions/?{query}").content.decode()
        ]
        for query in ("country=KZ", "year=2019", "phase=described", "q=apple", "country=KZ&year=2019", "")
    }

    assert shown == {
        "country=KZ": ["Apples"],
        "year=2019": ["Pears"],
        "phase=described": ["Pears"],
        "q=apple": ["Apples"],
        "country=KZ&year=2019": [],
        "": ["Apples", "Pears"],
    }


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("country=ZZ", "Country: not in this list"),
        ("phase=zz", "Stage: not in this list"),
        ("year=zz", "Year: not in this list"),
        ("country=KG&year=2026", "2026"),
        ("year=2026&phase=announced", "Winners announced"),
    ],
)
def test_a_filter_that_finds_nothing_is_named_and_can_be_taken_away(client, query: str, words: str) -> None:
    kz = make.CompetitionFactory(open=True, year=2026)
    kz.countries.add(make.LandFactory())
    make.CompetitionFactory(described=True, year=2019).countries.add(make.LandFactory(iso2="KG"))

    page = client.get(f"/en/competitions/?{query}").content.decode()

    chips = re.findall('<a class="chip on" href="([^"]+)">([^<]+) <svg', page)
    assert words in [label for _address, label in chips]
    assert len(chips) == query.count("=")


@pytest.mark.parametrize("address", ["/en/competitions/", "/api/v1/competitions/"])
def test_lists_take_as_many_queries_for_3_as_for_1(client, address) -> None:
    make.CompetitionFactory(open=True).countries.add(make.LandFactory())
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(f"{address}?year=2026")
    for _ in range(2):
        make.CompetitionFactory(open=True).countries.add(make.LandFactory(iso2="UZ"))
    cache.clear()  # factories are no service: nothing tells the kept page that it is out of date

    with CaptureQueriesContext(connection) as three:
        client.get(f"{address}?year=2026")

    assert len(three) == len(one)


def test_a_call_takes_the_same_queries_whatever_it_holds(client) -> None:
    small = make.CriterionFactory(rubric__round__competition=make.CompetitionFactory(open=True)).rubric
    large = make.CriterionFactory(rubric__round__competition=make.CompetitionFactory(open=True)).rubric
    for _ in range(5):
        make.CriterionFactory(rubric=large)
        make.RuleFactory(competition=large.round.competition)
    make.RuleFactory(competition=small.round.competition)
    client.get(detail(small.round.competition))

    with CaptureQueriesContext(connection) as one:
        client.get(f"{detail(small.round.competition)}?x=1")
    with CaptureQueriesContext(connection) as many:
        page = client.get(f"{detail(large.round.competition)}?x=1").content

    assert len(many) == len(one) <= 16
    assert len(gzip.compress(page)) <= 25 * 1024


def test_a_visitors_page_is_kept_until_something_is_announced(
    decided, client, django_assert_num_queries, django_capture_on_commit_callbacks
) -> None:
    before = client.get("/en/competitions/secret-result/").content.decode()
    with django_assert_num_queries(0):
        client.get("/en/competitions/secret-result/")

    with django_capture_on_commit_callbacks(execute=True):
        move_competition(competition=decided.competition, to=CompetitionState.ANNOUNCED, by=None)
    after = client.get("/en/competitions/secret-result/").content.decode()

    assert "CANARY winner" not in before
    assert "CANARY winner" in after


# -- publishing


def ready() -> Competition:
    competition = make.CompetitionFactory(
        opens_at=timezone.now(), closes_at=timezone.now() + timezone.timedelta(days=9)
    )
    make.QuestionFactory(section__form__competition=competition)
    round_ = make.RoundFactory(competition=competition, tie_rules={"en": "The panel decides."})
    make.CriterionFactory(rubric__round=round_)
    return competition


def test_publishing_locks_the_rules_and_tells_the_journal() -> None:
    competition, manager = ready(), make.PersonFactory()

    publish_competition(competition=competition, by=manager)

    competition.refresh_from_db()
    assert competition.state == CompetitionState.PUBLISHED
    assert all(len(each.digest) == 64 for each in (competition.forms.get(), competition.rounds.get().rubrics.get()))
    record = Record.objects.get()
    assert (record.verb, record.scope) == ("competition.published", competition.scope_token)
    assert SearchDocument.objects.filter(kind="competition", audience="public").count() == 2


def test_publishing_names_what_is_missing() -> None:
    competition = make.CompetitionFactory()

    with pytest.raises(NotReady) as missing:
        publish_competition(competition=competition, by=None)

    assert len(missing.value.problems) == 3


def test_publishing_needs_a_tie_rule() -> None:
    competition = ready()
    Round.objects.update(tie_rules={})

    with pytest.raises(NotReady, match="tie"):
        publish_competition(competition=competition, by=None)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda: Round.objects.update(aggregation="median"), "mean"),
        (lambda: Criterion.objects.update(scale_max=None), "values"),
        (lambda: Criterion.objects.update(only_stages=["scaling"]), "stage and track"),
        (lambda: RubricVersion.objects.update(is_current=False), "rubric"),
    ],
)
def test_publishing_refuses_rules_that_judges_could_not_use(change, said: str) -> None:
    competition = ready()
    change()

    with pytest.raises(NotReady, match=said):
        publish_competition(competition=competition, by=None)


def test_an_announced_competition_goes_nowhere() -> None:
    competition = make.CompetitionFactory(announced=True)

    with pytest.raises(IllegalMove):
        move_competition(competition=competition, to=CompetitionState.PUBLISHED, by=None)


# -- desk


def test_the_desk_shows_drafts_with_their_deadline(call) -> None:
    waiting = desk.waiting_for(call.founder)

    assert [(line.url, line.due) for line in waiting] == [
        (f"/en/competitions/entries/{call.entry.uid}/", call.competition.closes_at)
    ]


def test_scopes_are_of_those_who_run_or_observe() -> None:
    role, former = make.RoleFactory(), make.RoleFactory(ended_at=timezone.now())

    assert desk.scopes_of(role.user) == {role.competition.scope_token}
    assert desk.scopes_of(former.user) == set()


def test_who_proposes_and_who_approves_a_decision_needs_a_second_factor() -> None:
    manager, observer = make.RoleFactory(), make.RoleFactory(role="observer")
    former, judge = make.RoleFactory(ended_at=timezone.now()), make.JudgeFactory()

    asked = [desk.needs_second_factor(seat.user) for seat in (manager, observer, former, judge)]

    assert asked == [True, True, False, False]


def test_personal_data_holds_the_persons_own_and_nobody_elses(complete) -> None:
    other = make.ScoreSheetFactory(feedback="CANARY of a judge")

    data = desk.personal_data(complete.founder)

    assert data["entries"][0]["answers"]["solution"] == "Panels from cotton waste."
    assert "CANARY" not in str(data)
    assert "CANARY" in str(desk.personal_data(other.assignment.judge.user))


def test_erasing_a_judge_keeps_the_scores_and_drops_the_notes() -> None:
    sheet = make.ScoreSheetFactory(private_note="Mine", feedback="For the team")
    score = make.ScoreFactory(sheet=sheet, value=4)
    make.ConflictFactory(judge=sheet.assignment.judge, reason="My cousin")

    desk.erase(sheet.assignment.judge.user)

    sheet.refresh_from_db()
    score.refresh_from_db()
    assert (sheet.private_note, sheet.feedback, score.value) == ("", "For the team", 4)
    assert sheet.assignment.judge.conflicts.get().reason == ""


def test_the_sitemap_knows_public_competitions_only() -> None:
    shown, hidden = make.CompetitionFactory(open=True), make.CompetitionFactory()

    assert f"competitions/{shown.slug}/" in desk.sitemap()
    assert f"competitions/{hidden.slug}/" not in desk.sitemap()


def test_doctor_hears_of_a_published_rubric_without_lock() -> None:
    rubric = make.RubricFactory()

    assert desk.problems() == [f"competition {rubric.round.competition.slug}: a published rubric is not locked"]


def test_indexing_again_knows_every_competition() -> None:
    make.CompetitionFactory(open=True, slug="again")

    call_command("load_reference")
    documents = list(desk.search_documents())

    assert {document.url for document in documents} == {"/competitions/again/"}
    assert {document.language for document in documents} == {"en", "ru"}
