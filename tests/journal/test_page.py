"""Who sees which records, and how."""

import csv
import io
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from incubators.models import Organisation
from network_platform.journal.differences import differences
from network_platform.journal.models import Record
from network_platform.journal.named import Named
from network_platform.journal.pages import PAGE_SIZE
from network_platform.journal.rules import can_read_journal
from network_platform.journal.services import record
from network_platform.journal.wording import label_words, verb_label, verbs, vocabulary
from network_platform.people.audience import audiences_of
from tests.competitions.factories import AwardFactory, CompetitionFactory, RoundFactory
from tests.incubators.factories import OrganisationFactory
from tests.journal.factories import MemberFactory, SecretaryFactory
from tests.mentors.factories import ExpertFactory


def holding(*tokens):
    """A person who holds these audience tokens beside the own ones, as an app above would give them."""
    user = MemberFactory()
    user._audiences = audiences_of(user) | set(tokens)
    return user


@pytest.fixture
def records(db):
    thing = MemberFactory(name="Thing")
    return {
        scope: record(verb="organisation.listed", thing=thing, by=thing, scope=scope, label=f"about {scope}")
        for scope in ("secretariat", "country:KZ", "country:KG", "competition:1", f"person:{thing.uid}")
    }


READERS = {
    "member": ((), set(), False),
    "focal point": (("country:KZ",), {"country:KZ"}, True),
    "observer": (("competition:1",), {"competition:1"}, True),
    "foreign": (("country:AZ",), set(), True),
}


@pytest.mark.parametrize("who", READERS)
def test_readers_see_their_scopes_alone(records, who):
    tokens, seen, may_read = READERS[who]
    user = holding(*tokens)

    assert set(Record.objects.visible_to(user).values_list("scope", flat=True)) == seen
    assert can_read_journal(user) is may_read


def test_the_secretariat_reads_all(records):
    user = SecretaryFactory()

    assert Record.objects.visible_to(user).count() == len(records)
    assert can_read_journal(user)


@pytest.mark.parametrize("path", ["/en/journal/", "/en/journal/export.csv"])
def test_others_are_sent_away(client, signed_in, records, path):
    visitor, member = client.get(path), signed_in(MemberFactory()).get(path)

    assert (visitor.status_code, visitor["Location"].split("?")[0]) == (302, "/en/accounts/login/")
    assert member.status_code == 403
    assert "about secretariat" not in member.content.decode()


@pytest.fixture
def secretariat(signed_in, db):
    return signed_in(SecretaryFactory())


def shown(client, **query):
    html = client.get("/en/journal/", query).content.decode()
    return [f"about {scope}" for scope in ("secretariat", "country:KZ", "country:KG") if f"about {scope}<" in html]


def test_page_shows_records_in_words(secretariat, db):
    person = MemberFactory(name="<b>Айгуль</b>", name_latin="")
    record(
        verb="organisation.declined",
        thing=person,
        by=person,
        label="Hub <i>",
        before={"state": "submitted"},
        after={"state": "declined"},
        reason="No such place",
    )

    html = secretariat.get("/en/journal/").content.decode()

    assert "organisation: declined" in html
    assert "Hub &lt;i&gt;" in html
    assert "&lt;b&gt;Айгуль" in html
    assert "No such place" in html


def test_names_are_those_that_the_reader_can_read(secretariat, db):
    person = MemberFactory(name="Айгуль Пример", name_latin="Aigul Sample")
    competition = CompetitionFactory(names={"ru": "Премия «Родник»", "en": "Spring Prize"})
    organisation = OrganisationFactory(name="Инкубатор «Арча»")
    Organisation.objects.update(titles={"ru": "Инкубатор «Арча»", "en": "Archa Incubator"})
    with override("ru"):
        record(
            verb="round.opened", thing=competition, by=person, label=f"{competition}: 1", scope=competition.scope_token
        )
        record(verb="organisation.listed", thing=organisation, by=person, label="Инкубатор «Арча»")
        record(verb="organisation.listed", thing=organisation, by=person, label="Как его звали раньше")

    english, russian = (secretariat.get(f"/{code}/journal/").content.decode() for code in ("en", "ru"))

    assert english.count("Aigul Sample") == 3
    assert ">Spring Prize: 1<" in english
    assert ">Archa Incubator<" in english
    assert ">Как его звали раньше<" in english
    assert russian.count("Айгуль Пример") == 3
    assert ">Премия «Родник»: 1<" in russian
    assert ">Инкубатор «Арча»<" in russian


def test_rounds_and_decisions_are_told_in_words(secretariat, db):
    competition = CompetitionFactory(names={"ru": "Премия «Родник»", "en": "Spring Prize"})
    stage = RoundFactory(competition=competition, names={"ru": "Чтение жюри", "en": "Reading"})
    award = AwardFactory(competition=competition, names={"en": "Main prize", "ru": "Главный приз"})
    decision = [
        {"entry": "E-1", "outcome": "winner", "award": award.pk, "place": 1},
        {"entry": "E-2", "outcome": "not_selected", "award": None, "place": None},
        {"entry": "E-3", "outcome": "winner", "award": None, "place": 2},
        {"entry": "E-4", "outcome": "not_selected", "award": None, "place": None},
    ]
    record(
        verb="round.decision_proposed", thing=stage, by=None, label="Spring Prize: Reading",
        scope=competition.scope_token, after={"decision": decision},
    )  # fmt: skip

    english, russian = (secretariat.get(f"/{code}/journal/").content.decode() for code in ("en", "ru"))

    assert ">Spring Prize: Reading<" in english
    assert ">winner: E-1 (Main prize, place 1), E-3 (place 2); not selected: E-2, E-4<" in english
    assert ">Премия «Родник»: Чтение жюри<" in russian
    assert "E-1 (Главный приз, " in russian


def test_filters_narrow_the_page(secretariat, records):
    other = MemberFactory(name="Другой")
    record(verb="person.groups", thing=other, by=other, label="about secretariat")

    assert len(shown(secretariat)) == 3
    assert shown(secretariat, person="Другой") == ["about secretariat"]
    assert shown(secretariat, person="другОЙ") == ["about secretariat"]
    assert shown(secretariat, verb="person.groups") == ["about secretariat"]
    assert shown(secretariat, thing="incubators.organisation") == []
    assert shown(secretariat, until="2000-01-01") == []
    assert len(shown(secretariat, since="2000-01-01", until="not a day")) == 3


def test_days_the_wrong_way_round_are_told(secretariat, records):
    page = secretariat.get("/en/journal/?since=2026-12-05&until=2026-12-01")

    assert "This day is before the first one. Choose a later day." in page.content.decode()


def test_days_are_the_readers(records):
    from django.utils import timezone

    from network_platform.journal.forms import JournalFilter

    record(verb="person.groups", thing=MemberFactory(), by=None)
    with timezone.override("Asia/Tashkent"):
        narrowed = JournalFilter({"since": "2026-01-02"}).narrow(Record.objects.all())

    assert narrowed.query.where.children[0].rhs == datetime(2026, 1, 1, 19, tzinfo=UTC)


def test_pages_go_back_and_forth(secretariat, db):
    thing = MemberFactory()
    for number in range(PAGE_SIZE * 2 + 5):
        record(verb="person.settings", thing=thing, by=thing, label=f"label {number}")

    newest = secretariat.get("/en/journal/?verb=person.settings")
    second = secretariat.get("/en/journal/?before=56")
    back = secretariat.get("/en/journal/?after=55")

    assert newest.context["page"].older == "?verb=person.settings&before=56"
    assert newest.context["page"].newer == ""
    assert [line.record.number for line in second.context["page"].lines] == list(range(55, 5, -1))
    assert second.context["page"].newer == "?after=55"
    assert [line.record.number for line in back.context["page"].lines] == list(range(105, 55, -1))


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_the_same_whatever_it_shows(secretariat, db, count):
    for _ in range(count):
        record(
            verb="organisation.listed",
            thing=MemberFactory(),
            by=MemberFactory(),
            label="row",
            before={"state": "draft"},
        )
    secretariat.get("/en/journal/")

    with CaptureQueriesContext(connection) as captured:
        html = secretariat.get("/en/journal/").content.decode()

    assert html.count(">row<") == count
    records = [query for query in captured.captured_queries if "journal_record" in query["sql"]]
    assert len(records) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_people_whom_records_name_cost_one_query(secretariat, db, count):
    for _ in range(count):
        person, claimant = MemberFactory(), MemberFactory()
        record(verb="person.groups", thing=person, by=None, label=person.reference)
        record(verb="claim.refused", thing=MemberFactory(), by=None, label="hub", after={"claimant": str(claimant.uid)})
    secretariat.get("/en/journal/")

    with CaptureQueriesContext(connection) as captured:
        secretariat.get("/en/journal/")

    assert sum('"people_user"."uid" IN' in query["sql"] for query in captured.captured_queries) == 1


def test_record_about_a_person_says_who_while_the_account_exists(secretariat, db):
    person, gone = (
        MemberFactory(name="Секретария Пример", name_latin=""),
        MemberFactory(name="Ушла", erased_at=datetime.now(UTC)),
    )
    for each in (person, gone):
        record(verb="person.groups", thing=each, by=None, label=each.reference)

    html = secretariat.get("/en/journal/").content.decode()

    assert f'<a href="/en/people/{person.uid}/" dir="auto">Секретария Пример</a>' in html
    assert person.reference not in html
    assert gone.reference in html
    assert "Ушла" not in html


def test_fields_that_name_a_person_say_who(db):
    person, gone = MemberFactory(name="Айгуль", name_latin=""), MemberFactory(name="", erased_at=datetime.now(UTC))
    entries = [
        record(verb="claim.refused", thing=person, by=None, after={"claimant": str(each.uid)})
        for each in (person, gone)
    ]

    told = [change.after for each in entries for change in differences(each, Named.of(entries))]

    assert told == ["Айгуль", gone.reference]


def test_one_filter_finds_who_did_it_and_to_whom(secretariat, records):
    person = MemberFactory(name="Айгуль Пример")
    record(verb="person.groups", thing=person, by=None, label="about secretariat")
    record(
        verb="claim.refused",
        thing=MemberFactory(),
        by=None,
        label="about country:KZ",
        after={"claimant": str(person.uid)},
    )
    record(
        verb="organisation.editor_ended",
        thing=MemberFactory(),
        by=None,
        label="about country:KG",
        before={"editor": str(person.uid)},
    )

    found = secretariat.get("/en/journal/", {"person": "айгуль"}).context["page"].lines

    assert [line.label for line in found] == ["about country:KG", "about country:KZ", "about secretariat"]
    assert shown(secretariat, person="Никого такого") == []


def test_roles_and_countries_are_told_in_words(secretariat, db):
    record(verb="expert_role.approved", thing=ExpertFactory(), by=None, label="tracker, KG")
    record(verb="person.appointed", thing=MemberFactory(), by=None, after={"country": "KG", "deputy": False})
    record(verb="organisation.editor_ended", thing=MemberFactory(), by=None, before={"role": "owner"})

    html = secretariat.get("/ru/journal/").content.decode()

    assert "трекер, Кыргызстан" in html
    assert '<ins dir="auto">Кыргызстан</ins>' in html
    assert '<del dir="auto">владелец</del>' in html


def test_judge_is_told_in_words_and_not_by_the_whole_uid():
    uid = "01a224ec-1111-7222-8333-444455abcdef"

    said = label_words("competitions.assignment", f"12, judge {uid}", {})

    assert said == "12, judge …abcdef"


def test_reason_that_the_platform_gives_is_told_in_the_readers_language(secretariat, db):
    record(verb="assignment.recused", thing=MemberFactory(), by=None, reason="conflict of interest")
    record(verb="organisation.closed", thing=MemberFactory(), by=None, reason="Moved away")

    html = secretariat.get("/ru/journal/").content.decode()

    assert "конфликт интересов" in html
    assert "conflict of interest" not in html
    assert "Moved away" in html


@pytest.mark.parametrize("name", ["submission", "digest", "scopes", "expires"])
def test_field_is_told_in_words(name):
    entry = Record(verb="entry.submitted", before={}, after={name: "1"})

    [change] = differences(entry)

    assert str(change.name) != name.replace("_", " ")


def test_field_without_a_value_before_or_after_is_not_told(db):
    entry = Record(before={"state": "draft"}, after={"state": "submitted", "fields": []})

    assert [str(each.name) for each in differences(entry)] == ["state"]


@pytest.mark.parametrize("count", [1, 3])
def test_export_is_one_query_and_escapes_formulas(secretariat, db, count):
    for _ in range(count):
        person = MemberFactory(name="=HYPERLINK(1)")
        record(
            verb="organisation.listed", thing=person, by=person, label="@SUM(A1)", reason="-1+1", after={"name": "Хаб"}
        )
    secretariat.get("/en/journal/")

    with CaptureQueriesContext(connection) as captured:
        response = secretariat.get("/en/journal/export.csv?verb=organisation.listed")
        text = b"".join(response.streaming_content).decode("utf-8-sig")

    head, *rows = csv.reader(io.StringIO(text))
    assert head[:4] == ["number", "at", "by", "verb"]
    assert len(rows) == count
    assert (rows[0][2], rows[0][6], rows[0][10]) == ("'=HYPERLINK(1)", "'@SUM(A1)", "'-1+1")
    assert "Хаб" in rows[0][9]
    assert sum("journal_record" in query["sql"] for query in captured.captured_queries) == 1


def test_differences_leave_out_what_stayed(db):
    entry = Record(
        before={"state": "draft", "name": "Хаб", "active": False},
        after={
            "state": "listed",
            "name": "Хаб",
            "active": True,
            "titles": {"en": "Hub", "ru": "Хаб"},
            "groups": ["a", "b"],
        },
    )

    told = [(str(each.name), each.before, each.after) for each in differences(entry)]

    assert told == [
        ("state", "draft", "listed"),
        ("access", "no", "yes"),
        ("titles", "", "Hub"),
        ("groups", "", "a, b"),
    ]


def test_names_of_fields_and_of_groups_are_told_in_words(db):
    thing = MemberFactory()
    settings = record(verb="person.settings", thing=thing, by=None, after={"fields": ["", "name_latin", "time_zone"]})
    groups = record(verb="person.groups", thing=thing, by=None, after={"groups": ["secretariat", "editors"]})

    told = [(str(change.name), change.after) for each in (settings, groups) for change in differences(each)]

    assert told == [
        ("fields", "the whole entry, name in Latin letters, time zone"),
        ("groups", "secretariat, editors of all pages"),
    ]


def test_an_import_taken_back_is_told_in_words(db):
    entry = Record(
        verb="organisations.import_undone",
        thing_type="incubators.importrun",
        before={},
        after={"removed": 2, "restored": 1, "left": 3},
    )
    left = Record(verb="placement.ended", thing_type="incubators.placement", before={}, after={"left": "2026-03-01"})

    assert str(verb_label(entry.verb)) == "organisations: import taken back"
    assert [(str(each.name), each.after) for each in differences(entry)] == [
        ("removed", "2"),
        ("set back", "1"),
        ("left as they were", "3"),
    ]
    assert str(differences(left)[0].name) == "left on"


def test_every_verb_has_words():
    assert [verb for verb in verbs() if verb.partition(".")[2] not in vocabulary().deeds] == []


def test_a_state_is_said_in_the_words_of_what_has_it() -> None:
    """A round's proposed decision is not a start-up's proposed placement."""
    decided = Record(thing_type="competitions.round", before={"state": "proposed"}, after={"state": "approved"})
    placement = Record(thing_type="incubators.placement", before={"state": "proposed"}, after={"state": "confirmed"})

    assert differences(decided)[0].before == "decision proposed"
    assert differences(placement)[0].before == "waiting for the founders"
