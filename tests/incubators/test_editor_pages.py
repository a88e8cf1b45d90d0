"""An editor's pages: start, steps, autosave, preview, send; with plain POSTs and with the script's."""

import html
import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from incubators.enums import OrganisationStatus, RevisionStatus
from incubators.listing_values import SECTIONS
from incubators.models import Claim, Organisation, Revision, Sdg
from incubators.names import LONGEST_NAME
from incubators.services.listing import MOST_A_WEEK, submit_revision
from incubators.services.review import approve_revision
from network_platform.background.models import Message
from network_platform.drafts import digest
from network_platform.typed import MOST_VALUES
from network_platform.zones import today
from tests.incubators.factories import (
    OrganisationFactory,
    PersonFactory,
    draft,
    editor,
    editor_of,
    entry,
    focal_point,
    verified,
)

pytestmark = pytest.mark.django_db
START = {"name": "Кремниевая степь", "language": "ru", "country": "KZ"}
FACTS = {
    "kind": "hub",
    "city": "Алматы",
    "founded_year": "2018",
    "website": "steppe.example",
    "languages": ["ru", "kk"],
}
SAME_FACTS = {name: entry()[name] for name in SECTIONS["facts"]} | {"languages": ["kk", "ru"]}
WORK = {"description_en": "", "description_ru": "Полгода для команд", "sectors": ["ict"], "sdgs": ["9", "12"]}


@pytest.fixture
def author(signed_in: Any) -> Client:
    return signed_in(PersonFactory(language="en"))


@pytest.fixture
def opened() -> Revision:
    return draft()


@pytest.fixture
def own(opened: Revision, signed_in: Any) -> Client:
    return signed_in(editor(opened))


def path(revision: Revision, rest: str = "") -> str:
    return f"/en/incubators/{revision.organisation.slug}/edit/{rest}"


def test_incubator_lists_itself_with_plain_forms(author: Client) -> None:
    focal = focal_point("KZ")
    started = author.post("/en/incubators/new/", START)
    revision = Revision.objects.get()
    names = author.post(started.url, {"version": 0, "name_ru": START["name"], "name_en": "Steppe", "display": "en"})
    facts = author.post(names.url, {"version": 1, **FACTS})
    work = author.post(facts.url, {"version": 2, **WORK})
    preview = author.get(work.url)

    sent = author.post(path(revision, "submit/"), {"version": 3})

    assert (names.url, facts.url, work.url) == tuple(path(revision, step) for step in ("facts/", "work/", "preview/"))
    assert preview.context["form"].errors == {}
    assert sent.url == path(revision)
    revision.refresh_from_db()
    assert (revision.status, revision.organisation.status) == (RevisionStatus.SUBMITTED, OrganisationStatus.SUBMITTED)
    assert (revision.values["website"], revision.values["founded_year"]) == ("https://steppe.example", 2018)
    assert str(revision.organisation) == "Steppe"
    written = Message.objects.order_by("pk").values_list("template", "address")
    assert list(written) == [
        ("incubators/revision_submitted", focal.email),
        ("incubators/revision_receipt", revision.submitted_by.email),
    ]


def test_country_of_the_first_listing_gives_the_zone_of_who_has_none(signed_in: Any) -> None:
    person = PersonFactory(language="en", time_zone="UTC")

    signed_in(person).post("/en/incubators/new/", START)

    person.refresh_from_db()
    assert person.time_zone == "Asia/Almaty"


@pytest.mark.parametrize(("language", "first"), [("en", "description_en"), ("ru", "description_ru")])
def test_description_in_the_readers_language_comes_first_and_goals_are_folded(
    own: Client, opened: Revision, language: str, first: str
) -> None:
    Revision.objects.update(values={**opened.values, "sdgs": [], "description_en": "", "description_ru": ""})
    address = path(opened).replace("/en/", f"/{language}/", 1)

    page, preview = own.get(f"{address}work/"), own.get(f"{address}preview/")

    assert next(name for name in page.context["form"].fields if name.startswith("description_")) == first
    assert '<details class="more"><summary>' in page.content.decode()
    assert f"{address}work/#id_{first}" in preview.content.decode()


def test_description_in_the_language_of_the_country_is_offered_folded_and_shown(
    own: Client, opened: Revision, client: Client
) -> None:
    empty = own.get(path(opened, "work/"))
    own.post(path(opened, "work/"), {"version": 0, **WORK, "description_kk": "Алты ай.", "later": "1"})
    filled, preview = own.get(path(opened, "work/")), own.get(path(opened, "preview/"))
    Organisation.objects.update(status="listed", descriptions={"en": "Six months.", "kk": "Алты ай."})
    public = client.get(f"/ru/incubators/{opened.organisation.slug}/").content.decode()

    summary = "<summary>Description in Kazakh</summary>"
    assert f'<details class="more">{summary}' in empty.content.decode()
    assert f'<details class="more" open>{summary}' in filled.content.decode()
    assert [name for name in filled.context["form"].fields if name.startswith("description_")][-1] == "description_kk"
    assert 'lang="kk" dir="auto">Алты ай.</p>' in preview.content.decode()
    assert 'lang="kk" dir="auto">Алты ай.</p>' in public


def test_page_of_the_first_step_begins_with_its_own_language(signed_in: Any) -> None:
    person = signed_in(PersonFactory(language="ru"))

    english, russian = person.get("/en/incubators/new/"), person.get("/ru/incubators/new/")

    assert [page.context["form"]["language"].value() for page in (english, russian)] == ["en", "ru"]


def test_way_back_from_the_likely_ones_keeps_what_was_typed(author: Client) -> None:
    OrganisationFactory(name="Кремниевая степь")
    likely = author.post("/en/incubators/new/", START)
    way = re.search(r'href="(/en/incubators/new/\?[^"]*)"', likely.content.decode())

    form = author.get(html.unescape(way[1])).context["form"]

    assert {name: form[name].value() for name in START} == START


def test_year_of_foundation_is_this_year_at_the_latest(own: Client, opened: Revision) -> None:
    years = [today().year, today().year + 1]

    answers = [own.post(path(opened, "facts/"), {"version": n, **FACTS, "founded_year": years[n]}) for n in (0, 1)]

    assert [answer.status_code for answer in answers] == [302, 422]
    assert list(answers[1].context["form"].errors) == ["founded_year"]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (
            "sulaimantoo.example",
            '<a href="https://sulaimantoo.example" rel="nofollow noopener">sulaimantoo.example</a>',
        ),
        ("http://old.example/x", '<a href="http://old.example/x" rel="nofollow noopener">old.example</a>'),
        ("javascript://x.example/%0aalert(1)", '<span dir="ltr">javascript://x.example/%0aalert(1)</span>'),
    ],
)
def test_preview_shows_the_website_as_it_will_be_sent(own: Client, opened: Revision, typed: str, shown: str) -> None:
    own.post(path(opened, "facts/"), {"version": 0, **FACTS, "website": typed})

    page = own.get(path(opened, "preview/"))

    assert shown in page.content.decode()


def test_likely_duplicates_come_before_the_draft(author: Client) -> None:
    listed = OrganisationFactory(name="Kremnievaya Step'")

    asked = author.post("/en/incubators/new/", START)
    before = Revision.objects.count()
    author.post("/en/incubators/new/", {**START, "none-of-these": "1"})

    assert [each.organisation for each in asked.context["likely"]] == [listed]
    assert "Is it this one?" in asked.content.decode()
    assert "It is another one: go on" in asked.content.decode()
    assert (before, Revision.objects.count()) == (0, 1)


def test_a_visitor_reads_what_a_listing_takes_before_signing_in() -> None:
    page = Client().get("/en/incubators/new/?country=KZ")
    text = page.content.decode()

    back = "next=/en/incubators/new/%3Fcountry%3DKZ"
    assert page.status_code == 200
    assert f'href="/en/accounts/signup/?{back}"' in text
    assert f'href="/en/accounts/login/?{back}"' in text
    assert "Ten minutes on a phone" in text
    assert '<form class="stack' not in text


def test_what_a_visitor_sends_leads_to_signing_in() -> None:
    sent = Client().post("/en/incubators/new/", START)

    assert (sent.status_code, sent.url) == (302, "/en/accounts/login/?next=/en/incubators/new/")
    assert not Organisation.objects.exists()


def test_start_keeps_what_was_typed_when_something_is_missing(author: Client) -> None:
    response = author.post("/en/incubators/new/", {**START, "country": ""})

    assert response.status_code == 422
    assert START["name"] in response.content.decode()
    assert not Organisation.objects.exists()


def test_step_is_saved_though_incomplete(own: Client, opened: Revision) -> None:
    empty = {"version": 0, "description_en": "", "description_ru": "", "later": "1"}

    response = own.post(path(opened, "work/"), empty)

    opened.refresh_from_db()
    assert response.status_code == 302
    assert (opened.values["sectors"], opened.values["description_en"]) == ([], "")


def test_step_says_what_is_wrong_and_keeps_it(own: Client, opened: Revision) -> None:
    response = own.post(path(opened, "facts/"), {"version": 0, **FACTS, "founded_year": "about 2018"})

    opened.refresh_from_db()
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"founded_year"}
    assert opened.values["founded_year"] == "about 2018"
    assert 'value="about 2018"' in response.content.decode()


def test_save_for_later_leaves_with_what_is_wrong_and_says_what_was_saved(own: Client, opened: Revision) -> None:
    wrong = {**FACTS, "founded_year": "about 2018", "website": "nowhere at all"}

    left = own.post(path(opened, "facts/"), {"version": 0, **wrong, "later": "1"})
    page = own.get(left.url).content.decode()

    opened.refresh_from_db()
    assert (left.status_code, left.url) == (302, path(opened))
    assert (opened.values["founded_year"], opened.values["website"]) == ("about 2018", "nowhere at all")
    assert "The draft is saved. Look at these again before you send it: Year of foundation, Website." in page


def test_save_for_later_says_that_it_saved(own: Client, opened: Revision) -> None:
    left = own.post(path(opened, "facts/"), {"version": 0, **FACTS, "later": "1"}, follow=True)

    assert "Saved. You can go on whenever you like, on any device." in left.content.decode()


def test_save_for_later_does_not_leave_what_somebody_else_changed(own: Client, opened: Revision) -> None:
    own.post(path(opened, "facts/"), {"version": 0, **FACTS})

    stale = own.post(path(opened, "facts/"), {"version": 0, **FACTS, "founded_year": "2019", "later": "1"})

    opened.refresh_from_db()
    assert (stale.status_code, opened.values["founded_year"]) == (409, "2018")


def based_on(response: Any) -> int:
    """The version in the form of the page."""
    return int(response.content.decode().partition('name="version" value="')[2].partition('"')[0])


def test_step_shown_again_with_a_mistake_is_based_on_what_was_just_saved(own: Client, opened: Revision) -> None:
    wrong = own.post(path(opened, "facts/"), {"version": 0, **FACTS, "founded_year": "about 2018"})

    typing = save(own, opened, uuid.uuid4(), version=based_on(wrong), **{**FACTS, "founded_year": "201"})
    right = own.post(path(opened, "facts/"), {"version": typing.json()["version"], **FACTS})

    opened.refresh_from_db()
    assert (based_on(wrong), typing.status_code, right.status_code) == (1, 200, 302)
    assert opened.values["founded_year"] == "2018"


def test_incomplete_entry_cannot_be_sent(own: Client, opened: Revision) -> None:
    opened.values |= {"kind": "", "description_en": "", "description_ru": ""}
    opened.save()

    sent = own.post(path(opened, "submit/"), {"version": opened.version})
    preview = own.get(sent.url)

    assert Revision.objects.get().status == RevisionStatus.DRAFT
    assert {each.label for each in preview.context["editing"].missing} == {"Kind", "Description in English"}


def test_names_on_one_line_are_stopped_before_they_are_sent(own: Client, opened: Revision) -> None:
    line = ", ".join(f"Steppe Laboratory {n}" for n in range(15))
    data = {"version": 0, "display": "en", "name_en": "Steppe", "other_names": line}

    step = own.post(path(opened, "names/"), data)
    own.post(path(opened, "submit/"), {"version": 1})

    assert len(line) > LONGEST_NAME
    assert list(step.context["form"].errors) == ["other_names"]
    assert Revision.objects.get().status == RevisionStatus.DRAFT


def test_many_names_on_their_own_lines_are_listed(own: Client, opened: Revision) -> None:
    lines = ["Я" * LONGEST_NAME, "  " + "Steppe " * 28 + "  "]
    own.post(
        path(opened, "names/"), {"version": 0, "display": "en", "name_en": "Steppe", "other_names": "\r\n".join(lines)}
    )
    own.post(path(opened, "submit/"), {"version": 1})

    approve_revision(revision=Revision.objects.get(), by=focal_point("KZ"))

    aliases = Organisation.objects.get().names.filter(kind="alias").values_list("text", flat=True)
    assert [len(text) for text in aliases] == [200, 195]


def test_signs_that_no_database_takes_are_dropped(own: Client, opened: Revision) -> None:
    save(own, opened, uuid.uuid4(), version=0, city="Os\x00h", languages=["r\x00u"] * 300)

    values = Revision.objects.get().values
    assert (values["city"], values["languages"]) == ("Osh", ["ru"] * MOST_VALUES)


def test_numbers_that_only_look_like_numbers_leave_the_preview_whole(own: Client, opened: Revision) -> None:
    own.post(path(opened, "work/"), {"version": 0, "description_en": "x", "sdgs": ["²", "٣", "9"]})

    assert own.get(path(opened, "preview/")).context["profile"].sdgs == [str(Sdg.objects.get(number=9))]


def test_a_week_has_its_limit_of_entries_sent(own: Client, opened: Revision) -> None:
    focal = focal_point("KZ")
    earlier = [draft(editor=editor(opened), name_en=f"Steppe {n}") for n in range(MOST_A_WEEK)]
    for revision in earlier:
        by = editor(revision)
        submit_revision(revision=revision, by=by, version=0, values=entry(name_en=f"Steppe {revision.pk}"))

    refused = own.post(path(opened, "submit/"), {"version": 0}, follow=True)
    Revision.objects.filter(pk=earlier[0].pk).update(submitted_at=timezone.now() - timedelta(days=8))
    own.post(path(opened, "submit/"), {"version": 0})

    assert "You have sent 10 entries in the last seven days" in refused.content.decode()
    assert Revision.objects.get(pk=opened.pk).status == RevisionStatus.SUBMITTED
    assert Message.objects.filter(address=focal.email).count() == MOST_A_WEEK + 1


def test_older_tab_does_not_overwrite(own: Client, opened: Revision) -> None:
    own.post(path(opened, "facts/"), {"version": 0, **FACTS, "city": "Astana"})

    late = own.post(path(opened, "facts/"), {"version": 0, **FACTS, "city": "Almaty"})

    opened.refresh_from_db()
    assert late.status_code == 409
    assert opened.values["city"] == "Astana"
    assert [(row.name, row.before[0].text) for row in late.context["theirs"]] == [("city", "Astana")]
    html = late.content.decode()
    assert ("What somebody else saved" in html, 'value="Almaty"' in html) == (True, True)
    assert f'name="version" value="{opened.version}"' in html


def save(client: Client, revision: Revision, save_id: uuid.UUID | str, **data: Any) -> Any:
    headers = {"X-Autosave": "1", "X-Save-Id": str(save_id)}
    return client.post(path(revision, "facts/save/"), data, headers=headers)


def test_autosave_steps_the_version_and_is_safe_to_repeat(own: Client, opened: Revision) -> None:
    save_id = uuid.uuid4()

    first = save(own, opened, save_id, version=0, city="Osh")
    again = save(own, opened, save_id, version=0, city="Osh")

    assert (first.json()["version"], again.json()["version"]) == (1, 1)
    assert Revision.objects.get().values["city"] == "Osh"


def test_autosave_conflict_gives_both_texts(own: Client, opened: Revision) -> None:
    save(own, opened, uuid.uuid4(), version=0, city="Osh", kind="hub")

    clash = save(own, opened, uuid.uuid4(), version=0, city="Naryn", kind="hub")

    assert clash.status_code == 409
    assert (clash.json()["version"], clash.json()["theirs"]["city"]) == (1, "Osh")
    assert Revision.objects.get().values["city"] == "Osh"


def shown(client: Client, revision: Revision, section: str = "facts/") -> dict[str, Any]:
    """What a page that was opened now sends besides the fields."""
    context = client.get(path(revision, section)).context
    return {"version": context["revision"].version, "seen": str(context["seen"])}


def test_two_tabs_that_change_different_fields_do_not_meet(own: Client, opened: Revision) -> None:
    save(own, opened, uuid.uuid4(), version=0, **FACTS)
    one, other = shown(own, opened), shown(own, opened)
    save(own, opened, uuid.uuid4(), **one, **{**FACTS, "city": "Astana", "languages": ["en"], "website": ""})

    answer = save(own, opened, uuid.uuid4(), **other, **{**FACTS, "founded_year": "2019"})
    mine = f"{other['seen']} founded_year:{digest('2019')}"  # a page that does not show the others' texts yet
    again = save(own, opened, uuid.uuid4(), version=2, seen=mine, **{**FACTS, "founded_year": "2020"})

    values = Revision.objects.get().values
    assert (answer.status_code, again.status_code) == (200, 200)
    assert answer.json()["theirs"] == again.json()["theirs"] == {"city": "Astana", "languages": ["en"], "website": ""}
    assert (values["city"], values["founded_year"], values["languages"]) == ("Astana", "2020", ["en"])


def test_only_what_both_tabs_changed_is_asked_about(own: Client, opened: Revision) -> None:
    save(own, opened, uuid.uuid4(), version=0, **FACTS)
    one, other = shown(own, opened), shown(own, opened)
    save(own, opened, uuid.uuid4(), **one, **{**FACTS, "city": "Astana", "website": "orda.example"})

    answer = save(own, opened, uuid.uuid4(), **other, **{**FACTS, "city": "Osh", "founded_year": "2019"})

    assert (answer.status_code, answer.json()["theirs"]) == (409, {"city": "Astana"})
    assert Revision.objects.get().values["founded_year"] == "2018"


def test_a_save_whose_answer_was_lost_brings_what_others_wrote(own: Client, opened: Revision) -> None:
    save(own, opened, uuid.uuid4(), version=0, **FACTS)
    page, lost = shown(own, opened), uuid.uuid4()
    save(own, opened, uuid.uuid4(), **page, **{**FACTS, "city": "Astana"})
    save(own, opened, lost, **page, **{**FACTS, "founded_year": "2019"})

    again = save(own, opened, lost, **page, **{**FACTS, "founded_year": "2019"})

    assert (again.status_code, again.json()["version"], again.json()["theirs"]) == (200, 3, {"city": "Astana"})
    assert Revision.objects.get().values["founded_year"] == "2019"


def test_plain_forms_merge_and_ask_only_about_a_clash(own: Client, opened: Revision) -> None:
    save(own, opened, uuid.uuid4(), version=0, **FACTS)
    one, other, third = (shown(own, opened) for _ in range(3))
    own.post(path(opened, "facts/"), {**one, **FACTS, "city": "Astana"})

    merged = own.post(path(opened, "facts/"), {**other, **FACTS, "founded_year": "2019"})
    asked = own.post(path(opened, "facts/"), {**third, **FACTS, "founded_year": "2020"})
    before = Revision.objects.get().values
    decided = {"version": asked.context["revision"].version, "seen": str(asked.context["seen"])}
    stayed = own.post(path(opened, "facts/"), {**decided, **FACTS, "city": "Astana", "founded_year": "2020"})

    html = asked.content.decode()
    assert (merged.status_code, asked.status_code, stayed.status_code) == (302, 409, 302)
    assert (before["city"], before["founded_year"]) == ("Astana", "2019")
    assert [(row.name, row.before[0].text) for row in asked.context["theirs"]] == [("founded_year", "2019")]
    assert ('value="Astana"' in html, 'value="2020"' in html) == (True, True)
    assert Revision.objects.get().values["founded_year"] == "2020"


def test_a_plain_form_with_a_mistake_comes_back_with_what_others_wrote(own: Client, opened: Revision) -> None:
    save(own, opened, uuid.uuid4(), version=0, **FACTS)
    page = shown(own, opened)
    save(own, opened, uuid.uuid4(), version=1, **{**FACTS, "city": "Astana"})

    wrong = own.post(path(opened, "facts/"), {**page, **FACTS, "founded_year": "about 2018"})

    html = wrong.content.decode()
    assert (wrong.status_code, 'value="Astana"' in html, 'value="about 2018"' in html) == (422, True, True)
    assert str(wrong.context["seen"]) == shown(own, opened)["seen"]


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999", "1"])
def test_autosave_without_the_right_version_conflicts(own: Client, opened: Revision, version: str) -> None:
    response = save(own, opened, "no uuid", version=version, city="Osh")

    assert response.status_code == 409
    assert Revision.objects.get().values["city"] == "Almaty"


def test_autosave_stops_when_the_entry_was_sent(own: Client, opened: Revision) -> None:
    Revision.objects.update(status=RevisionStatus.SUBMITTED)

    response = save(own, opened, uuid.uuid4(), version=0, city="Osh")

    assert response.status_code == 404
    assert Revision.objects.get().values["city"] == "Almaty"


def test_autosave_costs_five_queries(own: Client, opened: Revision, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(7):  # two of them the test's own savepoint
        response = save(own, opened, uuid.uuid4(), version=0, city="Osh")

    assert response.json()["version"] == 1


def test_comments_of_the_reviewer_stand_beside_their_step(own: Client, opened: Revision) -> None:
    Revision.objects.update(status=RevisionStatus.CHANGES_REQUESTED, comments={"city": "Which <b>one</b>?"})

    html = own.get(path(opened)).content.decode()

    assert "Which &lt;b&gt;one&lt;/b&gt;?" in html
    assert f"{path(opened, 'facts/')}#id_city" in html


def test_editor_changes_a_listed_entry(signed_in: Any) -> None:
    organisation = OrganisationFactory()
    own = signed_in(editor_of(organisation))

    opened = own.post(f"/en/incubators/{organisation.slug}/edit/")

    assert opened.url == f"/en/incubators/{organisation.slug}/edit/names/"
    assert organisation.revisions.get().status == RevisionStatus.DRAFT


@pytest.fixture
def listed(own: Client, opened: Revision) -> Organisation:
    """An entry of `own` that was approved."""
    submit_revision(revision=opened, by=editor(opened), version=0, values=opened.values)
    opened.refresh_from_db()
    approve_revision(revision=opened, by=focal_point())
    return opened.organisation


def test_entry_that_says_nothing_new_is_not_sent(own: Client, opened: Revision, listed: Organisation) -> None:
    own.post(path(opened))
    mails = Message.objects.count()

    page = own.get(path(opened, "preview/"))
    sent = own.post(path(opened, "submit/"), {"version": 0}, follow=True)

    assert "Nothing is changed yet." in page.content.decode()
    assert path(opened, "submit/") not in page.content.decode()
    assert [str(each) for each in sent.context["messages"]] == [
        "Nothing is changed yet: the entry says what the page says already."
    ]
    assert listed.revisions.latest("pk").status == RevisionStatus.DRAFT
    assert Message.objects.count() == mails


def test_same_words_in_another_order_and_script_are_nothing_new(
    own: Client, opened: Revision, listed: Organisation
) -> None:
    own.post(path(opened))
    same = {"other_names": "Steppe House\r\nSteppe Lab", "display": "en", "short_name": "SSI"}
    names = {name: text for name, text in opened.values.items() if name.startswith("name_")}
    own.post(path(opened, "names/"), {"version": 0, **names, **same})
    own.post(path(opened, "facts/"), {"version": 1, **FACTS, **SAME_FACTS, "city": "Алматы"})

    page = own.get(path(opened, "preview/"))
    own.post(path(opened, "facts/"), {"version": 2, **FACTS, **SAME_FACTS, "city": "Алматы", "kind": "hub"})
    changed = own.get(path(opened, "preview/"))

    assert [each.context["editing"].is_unchanged for each in (page, changed)] == [True, False]
    assert path(opened, "submit/") in changed.content.decode()


def test_entry_that_nobody_has_confirmed_is_sent_as_it_stands(signed_in: Any) -> None:
    imported = OrganisationFactory(descriptions={"en": "Rooms for teams."})
    author = signed_in(editor_of(imported))
    author.post(f"/en/incubators/{imported.slug}/edit/")

    author.post(f"/en/incubators/{imported.slug}/edit/submit/", {"version": 0})

    assert imported.revisions.get().status == RevisionStatus.SUBMITTED


@pytest.mark.parametrize("rest", ["facts/", "preview/", "discard/"])
def test_going_back_after_sending_says_that_it_was_sent(own: Client, opened: Revision, rest: str) -> None:
    submit_revision(revision=opened, by=editor(opened), version=0, values=opened.values)
    opened.organisation.refresh_from_db()

    page = own.get(path(opened, rest))

    assert page.status_code == 409
    assert "Sent already" in page.content.decode()
    assert f'href="{path(opened)}"' in page.content.decode()


def test_sending_again_because_the_answer_was_lost_finds_it_sent(own: Client, opened: Revision) -> None:
    submit_revision(revision=opened, by=editor(opened), version=0, values=opened.values)
    opened.organisation.refresh_from_db()

    again = own.post(path(opened, "submit/"), {"version": 0})

    assert (again.status_code, again["Location"]) == (302, path(opened))
    assert "Sent. You will get a mail" in own.get(again["Location"]).content.decode()
    assert opened.organisation.revisions.get().status == RevisionStatus.SUBMITTED


def test_sending_what_a_colleague_has_sent_says_so(signed_in: Any, own: Client, opened: Revision) -> None:
    submit_revision(revision=opened, by=editor(opened), version=0, values=opened.values)
    opened.organisation.refresh_from_db()
    colleague = signed_in(editor_of(opened.organisation))

    pages = [colleague.post(path(opened, "submit/"), {"version": 1}), own.post(path(opened, "facts/"), {"version": 1})]

    assert [page.status_code for page in pages] == [409, 409]
    assert all("Sent already" in page.content.decode() for page in pages)


def test_what_was_typed_after_a_colleague_sent_the_entry_is_shown_to_be_copied(own: Client, opened: Revision) -> None:
    submit_revision(revision=opened, by=editor(opened), version=0, values=opened.values)
    opened.organisation.refresh_from_db()

    page = own.post(path(opened, "facts/"), {"version": 0, "founded_year": "1987"})

    assert page.status_code == 409
    assert "What you typed was not saved" in page.content.decode()
    assert "1987" in page.content.decode()


def test_a_change_that_came_back_and_is_not_wanted_any_more_is_dropped(own: Client, listed: Organisation) -> None:
    own.post(f"/en/incubators/{listed.slug}/edit/")
    revision = listed.revisions.latest("pk")
    Revision.objects.filter(pk=revision.pk).update(status=RevisionStatus.CHANGES_REQUESTED)

    preview = own.get(path(revision, "preview/")).content.decode()
    dropped = own.post(path(revision, "discard/"))

    assert path(revision, "discard/") in preview
    assert dropped.status_code == 302
    assert not listed.revisions.filter(pk=revision.pk).exists()
    assert Organisation.objects.get(pk=listed.pk).status == listed.status


def test_what_came_back_and_was_never_public_is_not_dropped(own: Client, opened: Revision) -> None:
    Revision.objects.filter(pk=opened.pk).update(status=RevisionStatus.CHANGES_REQUESTED)

    assert own.post(path(opened, "discard/")).status_code == 404
    assert Revision.objects.filter(pk=opened.pk).exists()


def test_strangers_do_not_learn_that_an_entry_was_sent(signed_in: Any, opened: Revision) -> None:
    submit_revision(revision=opened, by=editor(opened), version=0, values=opened.values)
    opened.organisation.refresh_from_db()

    assert signed_in(PersonFactory()).get(path(opened, "preview/")).status_code == 404


def test_draft_is_discarded_after_a_question(own: Client, opened: Revision) -> None:
    asked = own.get(path(opened, "discard/"))
    there = Organisation.objects.count()
    own.post(path(opened, "discard/"))

    assert "Discard the draft?" in asked.content.decode()
    assert (there, Organisation.objects.count()) == (1, 0)


def test_strangers_find_no_edit_page(signed_in: Any, opened: Revision) -> None:
    stranger = signed_in(PersonFactory())

    codes = {
        stranger.get(path(opened, step)).status_code for step in ("", "names/", "preview/", "discard/", "nothing/")
    }

    assert codes == {404}


def test_claim_is_sent_to_those_who_serve_the_country(author: Client) -> None:
    focal = focal_point("KZ")
    organisation = OrganisationFactory()

    author.post(f"/en/incubators/{organisation.slug}/claim/", {"evidence": "I run it"})
    author.post(f"/en/incubators/{organisation.slug}/claim/", {"evidence": "Again"})

    assert Claim.objects.get().evidence == "I run it"
    assert Message.objects.get(template="incubators/claim_made").address == focal.email


def test_a_claim_stays_on_the_device_until_it_is_sent(author: Client) -> None:
    organisation = OrganisationFactory()
    url = f"/en/incubators/{organisation.slug}/claim/"

    empty = author.get(url)
    sent = author.post(url, {"evidence": "I run it"}, follow=True).content.decode()

    key = f"claim:{organisation.uid}:{empty.context['user'].uid}"
    assert f'data-keeps data-key="{key}"' in empty.content.decode()
    assert (f'data-clears="{key}"' in sent, "data-keeps" in sent) == (True, False)


def test_claim_that_waits_is_shown_instead_of_an_empty_form(author: Client) -> None:
    url = f"/en/incubators/{OrganisationFactory().slug}/claim/"
    empty = author.get(url).content.decode()

    author.post(url, {"evidence": "I run the laboratory"})
    page, mine = author.get(url).content.decode(), author.get("/en/desk/").content.decode()

    assert ("waiting for an answer" in empty, 'name="evidence"' in empty) == (False, True)
    assert ("I run the laboratory" in page, 'name="evidence"' in page) == (True, False)
    assert "Sent, waiting for an answer" in mine


@pytest.mark.parametrize("make", [OrganisationFactory, verified])
def test_page_invites_to_claim_until_a_claim_waits(make: Any, signed_in: Any) -> None:
    organisation, person = make(), PersonFactory()
    page = f"/en/incubators/{organisation.slug}/"
    visitor, owner = signed_in(person), signed_in(editor_of(organisation))

    before = visitor.get(page).content.decode()
    visitor.post(page + "claim/", {"evidence": "I run it"})
    after, own = visitor.get(page).content.decode(), owner.get(page).content.decode()

    invitation, waits = "Do you work here? Claim it.", "Your claim is waiting for an answer."
    assert [(invitation in html, waits in html) for html in (before, after, own)] == [
        (True, False),
        (False, True),
        (False, False),
    ]


@pytest.mark.parametrize("who", ["focal point", "nobody", "the claimant"])
def test_claim_page_names_who_reads_it(who: str, signed_in: Any) -> None:
    person = focal_point("KZ") if who == "the claimant" else PersonFactory()
    if who == "focal point":
        focal_point("KZ")

    page = signed_in(person).get(f"/en/incubators/{OrganisationFactory().slug}/claim/").content.decode()

    main = page.partition("<main")[2].partition("</main>")[0]
    by_secretariat = who != "focal point"
    assert ("Once the network’s secretariat agrees" in main) is by_secretariat
    assert ("How can the secretariat see" in main) is by_secretariat
    assert ("The secretariat also sees" in main) is by_secretariat
    assert ("focal point" in main) is not by_secretariat


def test_claimant_is_told_what_the_focal_point_sees(signed_in: Any) -> None:
    focal_point("KZ")
    person = PersonFactory(language="en", email="aida@steppe.example")

    page = signed_in(person).get(f"/en/incubators/{OrganisationFactory().slug}/claim/").content.decode()

    assert "e-mail address of your account, aida@steppe.example" in page


def test_draft_keeps_its_address_whatever_its_name_and_leads_on_when_it_is_listed(author: Client) -> None:
    focal = focal_point("KZ")
    author.post("/en/incubators/new/", {**START, "name": "Steppe Lab", "language": "en"})
    revision = Revision.objects.get()
    as_draft = path(revision)
    revision.values = entry(name_en="Steppe Laboratory")
    revision.save()

    sent = author.post(f"{as_draft}submit/", {"version": 0})
    waiting = author.get(as_draft)
    approve_revision(revision=Revision.objects.get(), by=focal)
    edit, page = author.get(as_draft), author.get(as_draft.removesuffix("edit/"))
    late = author.post(f"{as_draft}withdraw/", follow=True)

    assert (sent.url, waiting.status_code) == (as_draft, 200)
    assert edit.url == "/en/incubators/steppe-laboratory/edit/"
    assert page.url == "/en/incubators/steppe-laboratory/"
    assert "There is nothing to take back" in late.content.decode()


def test_address_of_what_is_listed_stays_when_its_name_changes(own: Client, listed: Organisation) -> None:
    own.post(f"/en/incubators/{listed.slug}/edit/")
    changed = Revision.objects.latest("pk")
    changed.values = entry(name_en="Another Name")
    changed.save()
    own.post(path(changed, "submit/"), {"version": 0})

    approve_revision(revision=Revision.objects.latest("pk"), by=focal_point("KZ"))

    listed.refresh_from_db()
    assert (str(listed), own.get(path(changed)).status_code) == ("Another Name", 200)


def test_uid_of_what_one_may_not_see_leads_nowhere(author: Client) -> None:
    hidden = OrganisationFactory(status=OrganisationStatus.SUSPENDED)

    assert author.get(f"/en/incubators/{hidden.uid}/").status_code == 404


def test_what_was_sent_can_be_read_while_it_waits(own: Client, opened: Revision) -> None:
    sent = own.post(path(opened, "submit/"), {"version": 0})

    page = own.get(sent.url).content.decode()

    assert "What you sent" in page
    assert opened.values["description_en"] in page


@pytest.mark.parametrize("language", ["en", "ru"])
def test_sender_reads_the_description_in_every_language_before_and_after_sending(
    own: Client, opened: Revision, language: str
) -> None:
    preview = own.get(path(opened, "preview/").replace("/en/", f"/{language}/")).content.decode()
    own.post(path(opened, "submit/"), {"version": 0})
    sent = own.get(path(opened).replace("/en/", f"/{language}/")).content.decode()

    for page in (preview, sent):
        for code in ("en", "ru"):
            assert (page.count(opened.values[f"description_{code}"]), f'lang="{code}" dir="auto">' in page) == (1, True)


def test_nobody_claims_the_whole_registry(author: Client) -> None:
    paths = [f"/en/incubators/{OrganisationFactory().slug}/claim/" for _ in range(6)]

    answers = [author.post(path, {"evidence": "Mine"}).status_code for path in paths]

    assert answers == [302] * 5 + [422]
    assert Claim.objects.count() == 5


def test_refused_claims_cannot_be_made_again_and_again(author: Client) -> None:
    organisation, focal = OrganisationFactory(), focal_point("KZ")
    url = f"/en/incubators/{organisation.slug}/claim/"
    answers = []
    for _ in range(6):
        answers.append(author.post(url, {"evidence": "Mine"}).status_code)
        Claim.objects.update(status="refused")

    assert answers == [302] * 5 + [422]
    assert Message.objects.filter(address=focal.email).count() == 5


@pytest.mark.parametrize("number", [1, 3])
def test_own_list_asks_little(signed_in: Any, number: int, django_assert_max_num_queries: Any) -> None:
    person = PersonFactory()
    for _ in range(number):
        OrganisationFactory().memberships.create(user=person)
    client = signed_in(person)

    with django_assert_max_num_queries(6):
        page = client.get("/en/incubators/mine/")

    assert len(page.context["organisations"]) == number


def test_back_saves_what_was_typed_and_asks_for_nothing(own: Client, opened: Revision) -> None:
    facts = own.get(path(opened, "facts/")).content.decode()
    names = own.get(path(opened, "names/")).content.decode()

    back = own.post(path(opened, "work/"), {"version": 0, "description_en": "", "sectors": ["ict"], "back": "1"})

    opened.refresh_from_db()
    assert ('name="back"' in facts, 'name="back"' in names) == (True, False)
    assert (back.status_code, back.url) == (302, path(opened, "facts/"))
    assert (opened.values["description_en"], opened.values["sectors"]) == ("", ["ict"])


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("г. Нарын", "Нарын"), ("город  Нарын", "Нарын"), ("City of Osh", "Osh"), ("Городище", "Городище"), ("", "")],
)
def test_city_is_sent_as_its_name_alone(own: Client, opened: Revision, typed: str, kept: str) -> None:
    own.post(path(opened, "facts/"), {"version": 0, **FACTS, "city": typed})
    opened.refresh_from_db()

    own.post(path(opened, "submit/"), {"version": opened.version})

    opened.refresh_from_db()
    assert (opened.status, opened.values["city"]) == (RevisionStatus.SUBMITTED, kept)


@pytest.mark.parametrize("typed", ["город Нарын, ул. Ленина", "Naryn 722900", "Лондон/Париж"])
def test_city_with_an_address_is_refused_and_kept(own: Client, opened: Revision, typed: str) -> None:
    page = own.post(path(opened, "facts/"), {"version": 0, **FACTS, "city": typed})

    html = page.content.decode()
    assert (page.status_code, f'value="{typed}"' in html) == (422, True)
    assert "Write only the name of the city or village" in html


def test_cities_of_the_country_are_suggested_in_the_readers_language(own: Client, opened: Revision) -> None:
    for code, city in (("en", "Almaty"), ("ru", "Алматы")):
        html = own.get(path(opened, "facts/").replace("/en/", f"/{code}/")).content.decode()

        assert 'list="id_city_known"' in html
        known = html.partition('<datalist id="id_city_known">')[2].partition("</datalist>")[0]
        assert (f'<option value="{city}">' in known, "Bishkek" in known) == (True, False)


def test_back_shows_a_clash_and_keeps_a_mistake_for_later(own: Client, opened: Revision) -> None:
    own.post(path(opened, "facts/"), {"version": 0, **FACTS, "city": "Astana"})

    clash = own.post(path(opened, "facts/"), {"version": 0, **FACTS, "city": "Osh", "back": "1"})
    wrong = own.post(path(opened, "facts/"), {"version": 1, **FACTS, "founded_year": "about 2018", "back": "1"})

    kept = own.get(path(opened, "facts/")).content.decode()
    assert (clash.status_code, wrong.status_code) == (409, 302)
    assert 'value="about 2018"' in kept


def test_entry_is_sent_from_below_all_of_its_preview(own: Client, opened: Revision) -> None:
    page = own.get(path(opened, "preview/")).content.decode()

    assert page.index("facts card") < page.index(path(opened, "submit/"))
    assert f'href="{path(opened, "work/")}"' in page.partition(path(opened, "submit/"))[2]


def test_comment_of_the_reviewer_stands_at_its_field_and_is_linked_from_the_top(own: Client, opened: Revision) -> None:
    said = {"city": "Which <b>one</b>?", "languages": "Really Kazakh?", "sdgs": "Only two?"}
    Revision.objects.update(
        status=RevisionStatus.CHANGES_REQUESTED, comments=said, values={**opened.values, "sdgs": []}
    )

    facts, work = (own.get(path(opened, step)).content.decode() for step in ("facts/", "work/"))

    city = re.search(r'<input[^>]*id="id_city"[^>]*>', facts)[0]
    languages = re.search(r'<fieldset[^>]*aria-describedby="id_languages_comment"', facts)
    assert 'aria-describedby="id_city_comment"' in city
    comment = facts.partition('id="id_city_comment"')[2].partition("</div>")[0]
    assert ("Which &lt;b&gt;one&lt;/b&gt;?" in comment, languages is None) == (True, False)
    assert f'href="{path(opened, "facts/")}#id_city"' in facts
    assert f'href="{path(opened, "facts/")}#id_languages_0"' in facts
    assert ('<details class="more" open>' in work, 'id="id_city_comment"' in work) == (True, False)


def test_comment_stands_beside_the_mistake(own: Client, opened: Revision) -> None:
    Revision.objects.update(status=RevisionStatus.CHANGES_REQUESTED, comments={"founded_year": "Which year?"})

    wrong = own.post(path(opened, "facts/"), {"version": 0, **FACTS, "founded_year": "about 2018"})

    assert 'aria-describedby="id_founded_year_comment id_founded_year_error"' in wrong.content.decode()


def test_the_first_step_stays_on_the_device_until_it_is_taken(signed_in: Any) -> None:
    """And is sent to another address than the page's: a browser that gets no answer shows its own page beside it then,
    not in its place, and going back finds what was typed.
    """
    person = PersonFactory()
    client, key = signed_in(person), f"listing-new:{person.uid}"

    first = client.get("/en/incubators/new/").content.decode()
    answer = client.post("/en/incubators/new/", {"name": "Steppe Hub", "language": "en", "country": "KZ"}, follow=True)

    assert f'action="?" novalidate data-keeps data-key="{key}"' in first
    assert f'data-clears="{key}"' in answer.content.decode()
