"""Yearly figures: typed, checked, sent, asked about, accepted, shown."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from incubators.enums import FiguresStatus
from incubators.models import Definition, Figure, Indicator, Organisation, YearlyFigures
from incubators.own_figures import Reporting
from incubators.services.figures import (
    accept_figures,
    publish_figures,
    query_figures,
    save_figures,
    submit_figures,
    withdraw_figures,
)
from incubators.yearly import last_year
from network_platform.background.delivery import compose
from network_platform.background.models import Message
from network_platform.drafts import StaleWrite
from network_platform.journal.models import Record
from network_platform.lifecycle import IllegalMove
from tests.incubators.factories import OrganisationFactory, PersonFactory, editor_of, focal_point, secretary

pytestmark = pytest.mark.django_db
YEAR = last_year()
SENT = f"/en/incubators/sample-hub/figures/{YEAR}/"
EDIT = f"/en/incubators/sample-hub/figures/{YEAR}/edit/"
PREVIEW = f"/en/incubators/sample-hub/figures/{YEAR}/preview/"


@pytest.fixture
def organisation() -> Organisation:
    return OrganisationFactory(slug="sample-hub", name="Sample Hub")


@pytest.fixture
def editor(organisation: Organisation) -> Any:
    return editor_of(organisation, language="en", time_zone="Asia/Tashkent")


@pytest.fixture
def own(editor: Any, signed_in: Any) -> Client:
    return signed_in(editor)


@pytest.fixture
def focal() -> Any:
    return focal_point("KZ", language="ru")


def filled(**changes: Any) -> dict[str, Any]:
    return {
        "version": 0,
        "figure_startups_supported": "1 200",
        "figure_jobs": "0",
        "figure_women_founders": "",
        "money_money_raised_1_amount": "12500,50",
        "money_money_raised_1_kind": "grant",
        "money_money_raised_1_currency": "KZT",
        "money_money_raised_2_amount": "300",
        "money_money_raised_2_kind": "equity",
        "money_money_raised_2_currency": "USD",
        "note": "A good year",
        "is_published": "yes",
        **changes,
    }


def numbers(figures: YearlyFigures) -> dict[tuple[str, str, str], Decimal]:
    rows = figures.values.select_related("definition__indicator")
    return {(row.definition.indicator.code, row.money_kind, row.currency): row.value for row in rows}


def sent(organisation: Organisation, editor: Any, year: int = YEAR, **values: str) -> YearlyFigures:
    """As if typed and sent; `values` by indicator, of money as `grant_KZT`."""
    typed = {f"figure_{name}": text for name, text in (values or {"jobs": "12"}).items()}
    before = organisation.yearly_figures.filter(year=year).first()
    version = before.version if before else 0
    figures = save_figures(organisation=organisation, year=year, by=editor, version=version, values=typed)
    report = Reporting(figures).kept.report()
    return submit_figures(figures=figures, by=editor, version=figures.version, values=report)


def test_a_year_is_typed_seen_and_sent(own: Client, organisation: Organisation, editor: Any, focal: Any) -> None:
    saved = own.post(EDIT, filled())
    shown = own.get(PREVIEW)
    version = shown.context["figures"].version
    done = own.post(PREVIEW, {"version": version}, follow=True)

    figures = YearlyFigures.objects.get()
    assert (saved.url, done.status_code) == (PREVIEW, 200)
    assert "1,200" in shown.content.decode()
    assert numbers(figures) == {
        ("startups_supported", "", ""): Decimal(1200),
        ("jobs", "", ""): Decimal(0),
        ("money_raised", "grant", "KZT"): Decimal("12500.50"),
        ("money_raised", "equity", "USD"): Decimal(300),
    }
    assert (figures.status, figures.note, figures.is_published, figures.typed) == ("submitted", "A good year", True, {})
    entry = Record.objects.get()
    assert (entry.verb, entry.actor, entry.scope) == ("figures.submitted", editor, "country:KZ")
    letter = Message.objects.get()
    assert (letter.recipient, letter.template) == (focal, "incubators/figures_submitted")
    mail = compose(letter)
    assert mail.subject == f"Показатели за {YEAR} год: Sample Hub" or mail.subject.endswith("Sample Hub")
    assert f"/ru/incubators/queue/figures/{figures.uid}/" in mail.body


def test_every_indicator_of_the_year_is_asked_with_its_definition(own: Client) -> None:
    Indicator.objects.filter(code="jobs").update(retired_from=YEAR)
    newer = Indicator.objects.get(code="women_founders")
    Definition.objects.create(indicator=newer, version=2, since=YEAR - 1, texts={"en": "Told anew"})
    Definition.objects.create(indicator=newer, version=3, since=YEAR + 1, texts={"en": "Told later"})

    html = own.get(EDIT).content.decode()
    before = own.get(EDIT.replace(str(YEAR), str(YEAR - 2))).content.decode()

    assert ("figure_jobs" in html, "figure_jobs" in before) == (False, True)
    assert ("Told anew" in html, "Told later" in html, "Told anew" in before) == (True, False, False)
    assert "Start-ups that were in at least one of your programmes during the year." in html


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"figure_jobs": "many"}, "Write a number with digits only."),
        ({"figure_jobs": "1.5"}, "Write a whole number, without a fraction."),
        ({"figure_jobs": "12.000"}, "Is it 12,000 or 12?"),
        ({"figure_jobs": "-1"}, "Write a number that is not below zero."),
        ({"figure_jobs": "1" + "0" * 13}, "This number is too large."),
        ({"money_money_raised_1_amount": ""}, "How much was it?"),
        ({"money_money_raised_1_amount": "0", "money_money_raised_1_kind": ""}, "Which kind of money was it?"),
        ({"money_money_raised_2_currency": ""}, "In which currency?"),
        (
            {"money_money_raised_2_kind": "grant", "money_money_raised_2_currency": "KZT"},
            "This kind in this currency stands above already",
        ),
        ({"figure_circular_projects": "1201"}, "there cannot be more of them"),
    ],
)
def test_wrong_input_is_told_and_kept(own: Client, wrong: dict[str, str], words: str) -> None:
    answer = own.post(EDIT, filled(**wrong))
    again = own.get(EDIT).content.decode()
    refused = own.post(PREVIEW, {"version": answer.context["figures"].version})

    assert (answer.status_code, refused.status_code) == (422, 422)
    assert words in answer.content.decode()
    assert all(f'value="{text}"' in again for text in wrong.values() if text and "_kind" not in text and text.isdigit())
    assert YearlyFigures.objects.get().status == FiguresStatus.DRAFT


def test_an_empty_year_is_not_sent(own: Client, organisation: Organisation, editor: Any) -> None:
    own.post(EDIT, {"version": 0, "figure_jobs": "", "note": "", "is_published": "no"})
    shown = own.get(PREVIEW).content.decode()

    assert own.post(PREVIEW, {"version": 1}).status_code == 422
    assert "Report at least one figure" in shown
    figures = YearlyFigures.objects.get()
    with pytest.raises(ValidationError):
        submit_figures(figures=figures, by=editor, version=1, values=[])


def test_autosave_keeps_what_was_typed_and_names_what_is_wrong(own: Client) -> None:
    address = EDIT.replace("/edit/", "/save/")

    first = own.post(address, filled(figure_jobs="a few"))
    second = own.post(address, filled(version=first.json()["version"], figure_jobs="7"))
    stale = own.post(address, filled(version=first.json()["version"], figure_jobs="8"))

    assert (first.status_code, set(first.json()["wrong"])) == (200, {"figure_jobs"})
    assert (second.json()["wrong"], stale.status_code) == ({}, 409)
    assert "figure_jobs" in stale.json()["theirs"]
    assert YearlyFigures.objects.get().typed["figure_jobs"] == "7"


def test_a_second_tab_is_shown_both_texts(own: Client) -> None:
    page = own.get(EDIT)
    seen = {"version": 0, "seen": str(page.context["seen"])}
    own.post(EDIT, filled(**seen, figure_jobs="7"))

    late = own.post(EDIT, filled(**seen, figure_jobs="8", figure_women_founders="3"))
    decided = {"version": late.context["figures"].version, "seen": str(late.context["seen"])}
    done = own.post(EDIT, filled(**decided, figure_jobs="8", figure_women_founders="3"))

    assert (late.status_code, done.status_code) == (409, 302)
    assert [row.name for row in late.context["theirs"]] == ["figure_jobs"]
    typed = YearlyFigures.objects.get().typed
    assert (typed["figure_jobs"], typed["figure_women_founders"]) == ("8", "3")


def test_more_lines_of_money_come_without_script(own: Client) -> None:
    first = own.get(EDIT).content.decode()
    answer = own.post(EDIT, filled(more="1", money_money_raised_3_amount="x"))
    second = own.get(EDIT).content.decode()

    assert answer.url == EDIT
    assert ("money_money_raised_4_amount" in first, "money_money_raised_5_amount" in second) == (False, True)


def test_changes_and_doubts_are_told_before_sending(own: Client, organisation: Organisation, editor: Any) -> None:
    sent(organisation, editor, YEAR - 1, startups_supported="10", jobs="40")
    earlier = YearlyFigures.objects.create(organisation=organisation, year=YEAR - 3)
    definition = Definition.objects.get(indicator__code="startups_supported")
    Figure.objects.create(figures=earlier, definition=definition, value=5)
    own.post(EDIT, filled(figure_startups_survived="6", figure_women_founders="3", figure_jobs="41"))
    told = own.get(PREVIEW)
    own.post(EDIT, filled(version=told.context["figures"].version, figure_women_founders="50", figure_jobs="41"))

    assert told.context["reporting"].doubts == [
        f"6 start-ups still work, but only 5 were supported in {YEAR - 3}.",
        "Start-ups supported: 1,200, and 10 the year before.",
    ]
    assert ("41", "40") in [tuple(cells) for _line, cells, _changed in told.context["reporting"].rows]
    assert "More women among the founders (50)" in own.get(PREVIEW).content.decode()
    assert own.post(PREVIEW, {"version": own.get(PREVIEW).context["figures"].version}).status_code == 302


def test_only_the_last_three_years_can_be_begun(own: Client, organisation: Organisation, editor: Any) -> None:
    codes = [own.get(EDIT.replace(str(YEAR), str(year))).status_code for year in (YEAR + 1, YEAR, YEAR - 2, YEAR - 3)]

    assert codes == [404, 200, 200, 404]
    assert not YearlyFigures.objects.exists()
    with pytest.raises(PermissionDenied):
        save_figures(organisation=organisation, year=YEAR - 3, by=editor, version=0, values={})


def test_focal_point_asks_and_accepts(
    own: Client, organisation: Organisation, editor: Any, focal: Any, signed_in: Any
) -> None:
    figures, desk = sent(organisation, editor), signed_in(focal)
    page = f"/en/incubators/queue/figures/{figures.uid}/"
    listed = desk.get("/en/incubators/queue/").content.decode()

    unasked = desk.post(page, {"answer": "ask", "question": " ", "version": figures.version})
    desk.post(page, {"answer": "ask", "question": "Are founders counted?", "version": figures.version})
    asked = own.get(EDIT).content.decode()
    figures.refresh_from_db()
    again = sent(organisation, editor, jobs="13")
    stale = desk.post(page, {"answer": "accept", "version": figures.version})
    done = desk.post(page, {"answer": "accept", "version": again.version})
    reopened = desk.post(page, {"answer": "ask", "question": "And now?", "version": again.version})

    figures.refresh_from_db()
    assert f'href="{page}"' in listed
    assert (unasked.status_code, stale.status_code, done.status_code, reopened.status_code) == (422, 422, 302, 302)
    assert "Are founders counted?" in asked
    assert (figures.status, figures.question) == ("queried", "And now?")
    verbs = ["figures.submitted", "figures.queried", "figures.submitted", "figures.accepted", "figures.queried"]
    assert list(Record.objects.order_by("number").values_list("verb", flat=True)) == verbs
    told = Message.objects.filter(recipient=editor).order_by("pk")
    assert [each.template for each in told] == [
        "incubators/figures_queried",
        "incubators/figures_accepted",
        "incubators/figures_queried",
    ]
    assert "Are founders counted?" in compose(told[0]).body


def test_what_was_sent_is_taken_back_changed_and_sent_again(
    own: Client, organisation: Organisation, editor: Any, focal: Any, signed_in: Any
) -> None:
    figures = sent(organisation, editor)
    desk, review = signed_in(focal), f"/en/incubators/queue/figures/{figures.uid}/"
    shown, asked = own.get(SENT).content.decode(), own.get(SENT + "withdraw/").content.decode()

    done = own.post(SENT + "withdraw/", follow=True)

    figures.refresh_from_db()
    assert (f'href="{SENT}withdraw/"' in shown, "Take these figures back?" in asked) == (True, True)
    assert (figures.status, done.redirect_chain[-1][0]) == ("draft", EDIT)
    assert "Taken back. You can change the figures" in done.content.decode()
    assert 'value="12"' in done.content.decode()
    queue, late = desk.get("/en/incubators/queue/").content.decode(), desk.get(review, follow=True).content.decode()
    assert (review in queue, "Its editors have taken it back" in late, ">12<" in late) == (False, True, False)
    with pytest.raises(IllegalMove):
        accept_figures(figures=figures, by=focal, version=figures.version)
    again = sent(organisation, editor, jobs="13")
    assert (again.status, again.pk, figures.values.get().value) == ("submitted", figures.pk, Decimal(13))
    verbs = ["figures.submitted", "figures.withdrawn", "figures.submitted"]
    assert list(Record.objects.order_by("number").values_list("verb", flat=True)) == verbs
    assert [each.template for each in Message.objects.all()] == ["incubators/figures_submitted"] * 2


@pytest.mark.parametrize(("published", "shown"), [(True, "will show them"), (False, "will not show them")])
def test_what_was_sent_says_what_happens_next_and_leads_on(
    own: Client, organisation: Organisation, editor: Any, focal: Any, published: bool, shown: str
) -> None:
    figures = sent(organisation, editor)
    YearlyFigures.objects.update(is_published=published)
    waits = own.get(SENT).content.decode()
    accept_figures(figures=figures, by=focal, version=figures.version)
    accepted = own.get(SENT).content.decode()

    assert [words in waits for words in ("come back to you with a question", f"Your page {shown}")] == [True, True]
    assert "come back to you with a question" not in accepted
    for html in waits, accepted:
        main = html.partition("</h1>")[2].partition("</main>")[0]
        ways = [f'href="/en/incubators/{organisation.slug}/{page}"' in main for page in ("figures/", "")]
        assert ways == [True, True]


def test_a_question_still_stands_at_what_was_taken_back_after_its_answer(
    own: Client, organisation: Organisation, editor: Any, focal: Any
) -> None:
    query_figures(figures=sent(organisation, editor), by=focal, question="Are founders counted?")
    sent(organisation, editor, jobs="13")

    own.post(SENT + "withdraw/")

    assert "Are founders counted?" in own.get(EDIT).content.decode()
    assert sent(organisation, editor, jobs="13").status == "submitted"  # it was an answer


@pytest.mark.parametrize("shown", [True, False])
def test_the_mail_of_what_was_accepted_says_whether_it_is_shown(
    organisation: Organisation, editor: Any, focal: Any, shown: bool
) -> None:
    figures = sent(organisation, editor)
    YearlyFigures.objects.update(is_published=shown)

    accept_figures(figures=figures, by=focal)

    mail = compose(Message.objects.get(template="incubators/figures_accepted")).body
    assert ("Your page shows them now" in mail, "choose whether your page" in mail) == (shown, not shown)


@pytest.mark.parametrize("to", ["draft", "queried", "accepted"])
def test_only_what_waits_is_taken_back(own: Client, organisation: Organisation, editor: Any, to: str) -> None:
    figures = sent(organisation, editor)
    YearlyFigures.objects.update(status=to)

    told = own.post(SENT + "withdraw/", follow=True)
    with pytest.raises(IllegalMove):
        withdraw_figures(figures=figures, by=editor)

    figures.refresh_from_db()
    assert (figures.status, told.status_code) == (to, 200)
    assert "There is nothing to take back" in told.content.decode()


def test_only_editors_take_back(organisation: Organisation, editor: Any, focal: Any, signed_in: Any) -> None:
    figures = sent(organisation, editor)

    with pytest.raises(PermissionDenied):
        withdraw_figures(figures=figures, by=focal)
    assert signed_in(focal).post(SENT + "withdraw/").status_code == 404
    figures.refresh_from_db()
    assert figures.status == "submitted"


def test_what_was_taken_back_is_sent_to_nobody_else(organisation: Organisation, editor: Any, signed_in: Any) -> None:
    """Its review page tells those of another country nothing, not even that it was there."""
    figures = withdraw_figures(figures=sent(organisation, editor), by=editor)
    review = f"/en/incubators/queue/figures/{figures.uid}/"

    assert signed_in(focal_point("KG")).get(review).status_code == 404
    assert signed_in(focal_point("KZ")).get(review).status_code == 302


def test_the_year_that_is_decided_upon_stands_before_the_earlier_ones(
    organisation: Organisation, editor: Any, focal: Any, signed_in: Any
) -> None:
    for year, jobs in ((YEAR - 2, "10"), (YEAR - 1, "11"), (YEAR, "12")):
        figures = sent(organisation, editor, year, jobs=jobs)

    html = signed_in(focal).get(f"/en/incubators/queue/figures/{figures.uid}/").content.decode()

    table = html[html.index("<table") : html.index("</table>")]
    assert re.findall(r'<th scope="col" class="r num">(\d+)</th>', table) == [str(YEAR), str(YEAR - 1), str(YEAR - 2)]
    assert '<td class="r num"><strong>12</strong></td><td class="r num">11</td><td class="r num">10</td>' in table


def test_nobody_answers_for_an_organisation_that_they_edit(organisation: Organisation, editor: Any) -> None:
    judge_of_own = focal_point("KZ")
    organisation.memberships.create(user=judge_of_own)
    figures = sent(organisation, editor)

    for person in (judge_of_own, focal_point("KG"), editor, PersonFactory()):
        with pytest.raises(PermissionDenied):
            accept_figures(figures=figures, by=person)
    accepted = accept_figures(figures=figures, by=secretary())

    assert accepted.status == FiguresStatus.ACCEPTED
    with pytest.raises(IllegalMove):
        accept_figures(figures=figures, by=focal_point("KZ"))


def test_sending_what_somebody_changed_meanwhile_is_refused(
    own: Client, organisation: Organisation, editor: Any
) -> None:
    own.post(EDIT, filled())
    version = own.get(PREVIEW).context["figures"].version
    save_figures(organisation=organisation, year=YEAR, by=editor, version=version, values={"figure_jobs": "9"})

    refused = own.post(PREVIEW, {"version": version})

    assert refused.status_code == 422
    assert "Somebody saved these figures in between." in refused.content.decode()
    with pytest.raises(StaleWrite):
        submit_figures(figures=YearlyFigures.objects.get(), by=editor, version=version, values=[])


def test_whoever_writes_while_a_colleague_sends_is_told(own: Client, organisation: Organisation, editor: Any) -> None:
    sent(organisation, editor)

    written = own.post(EDIT, filled(), follow=True)
    saved = own.post(EDIT.replace("/edit/", "/save/"), filled())

    assert "These figures were sent in the meantime." in written.content.decode()
    assert saved.status_code == 404


def test_what_was_typed_is_its_editors_own(organisation: Organisation, editor: Any, focal: Any, signed_in: Any) -> None:
    values = {"figure_jobs": "771177", "note": "Canary of a draft"}
    draft = save_figures(organisation=organisation, year=YEAR, by=editor, version=0, values=values)
    desk = signed_in(focal)

    pages = [
        desk.get("/en/incubators/queue/"),
        desk.get("/en/incubators/queue/figures/"),
        desk.get(f"/en/incubators/queue/figures/{draft.uid}/"),
        desk.get("/en/incubators/sample-hub/"),
        desk.get("/en/journal/"),
    ]

    assert [page.status_code for page in pages] == [200, 200, 404, 200, 200]
    assert not any("771177" in page.content.decode() or "Canary" in page.content.decode() for page in pages)


def test_its_editors_choose_whether_accepted_figures_are_shown(
    own: Client, organisation: Organisation, editor: Any, focal: Any
) -> None:
    figures = accept_figures(figures=sent(organisation, editor), by=focal)
    address = f"/en/incubators/sample-hub/figures/{YEAR}/publish/"
    own.post(address, {"shown": "yes"})
    shown = YearlyFigures.objects.public().exists()
    own.post(address, {"shown": "yes"})
    own.post(address, {"shown": "no"})

    assert (shown, YearlyFigures.objects.public().exists()) == (True, False)
    verbs = Record.objects.filter(verb__in=("figures.published", "figures.hidden")).order_by("number")
    assert list(verbs.values_list("verb", flat=True)) == ["figures.published", "figures.hidden"]
    with pytest.raises(PermissionDenied):
        publish_figures(figures=figures, by=focal, shown=True)
    query_figures(figures=figures, by=focal, question="Why?")
    assert own.post(address, {"shown": "yes"}).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_pages_ask_little(
    own: Client,
    organisation: Organisation,
    editor: Any,
    focal: Any,
    signed_in: Any,
    number: int,
    django_assert_max_num_queries: Any,
) -> None:
    for n in range(number):
        sent(organisation, editor, YEAR - n, jobs="1", startups_supported="2")
        other = OrganisationFactory(name=f"Other {n}")
        accept_figures(figures=sent(other, editor_of(other)), by=focal)
    figures = organisation.yearly_figures.order_by("-year").first()
    desk = signed_in(focal)

    for client, path, most in (
        (own, "/en/incubators/sample-hub/figures/", 8),
        (own, f"/en/incubators/sample-hub/figures/{YEAR}/", 12),
        (desk, "/en/incubators/queue/", 12),
        (desk, "/en/incubators/queue/figures/", 14),
        (desk, f"/en/incubators/queue/figures/{figures.uid}/", 20),
    ):
        with django_assert_max_num_queries(most):
            assert client.get(path).status_code == 200


def asked_again(organisation: Organisation, editor: Any, focal: Any, **values: str) -> YearlyFigures:
    figures = sent(organisation, editor, **values)
    return query_figures(figures=figures, by=focal, question="So many?")


def test_a_question_is_not_answered_by_the_same_figures(
    own: Client, organisation: Organisation, editor: Any, focal: Any
) -> None:
    asked_again(organisation, editor, focal, jobs="12")
    own.post(EDIT, {"version": 2, "figure_jobs": "12", "is_published": "yes"})

    shown = own.get(PREVIEW)
    refused = own.post(PREVIEW, {"version": shown.context["figures"].version})

    figures = YearlyFigures.objects.get()
    assert "The focal point has asked: change a figure, or explain it in the note." in shown.content.decode()
    assert (refused.status_code, figures.status) == (422, "queried")
    with pytest.raises(ValidationError):
        submit_figures(figures=figures, by=editor, version=figures.version, values=Reporting(figures).kept.report())


@pytest.mark.parametrize("answer", [{"figure_jobs": "13"}, {"figure_jobs": "12", "note": "Counted twice a year"}])
def test_a_changed_figure_or_a_note_answers_a_question(
    answer: dict[str, str], own: Client, organisation: Organisation, editor: Any, focal: Any
) -> None:
    figures = asked_again(organisation, editor, focal, jobs="12")
    own.post(EDIT, {"version": figures.version, "is_published": "no", **answer})

    shown = own.get(PREVIEW)
    own.post(PREVIEW, {"version": shown.context["figures"].version})

    assert YearlyFigures.objects.get().status == "submitted"


def test_accepted_figures_lead_to_who_can_open_them_again(
    own: Client, organisation: Organisation, editor: Any, focal: Any
) -> None:
    accept_figures(figures=sent(organisation, editor), by=focal)

    page = own.get(f"/en/incubators/sample-hub/figures/{YEAR}/").content.decode()

    assert '<a href="/en/incubators/sample-hub/wrong/">Write to the focal point</a>' in page
