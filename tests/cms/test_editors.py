"""An editor of one country in Wagtail: the own pages through every door, the others' through none."""

import json
import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowState,
    WorkflowTask,
)
from wagtail.search.index import insert_or_update_object
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield
from wagtail.users.models import UserProfile
from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from cms.models import HomePage, NewsIndexPage, NewsPage
from cms.rules import can_edit_everything, can_edit_page
from cms.services.site import country_collection, prepare_site
from cms.services.tree import change_page, put_translation
from network_platform.people.models import User
from tests.cms.factories import country_page, editor_of, member_of, news, text

CANARY = "CANARY-7Q"


@pytest.fixture
def editor(site: HomePage) -> User:
    return editor_of("KZ")


@pytest.fixture
def desk(editor: User, signed_in: Any) -> Client:
    return signed_in(editor)


@pytest.fixture
def foreign(site: HomePage) -> NewsPage:
    """A draft of Kyrgyzstan's editors."""
    page = news(country_page("KG"), title=f"{CANARY} title", lead=f"{CANARY} lead", live=False)
    page.save_revision()
    return page


def form(page: NewsPage, **changes: Any) -> dict[str, Any]:
    values = {
        "title": page.title,
        "slug": page.slug,
        "date": str(page.date),
        "lead": page.lead,
        "body": streamfield([("text", rich_text("<p>Words</p>"))]),
        "seo_title": "",
        "search_description": "",
        "go_live_at": "",
        "expire_at": "",
        "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 0},
    }
    return nested_form_data({**values, **changes})


def refused(response: Any) -> bool:
    """Wagtail refuses with 403 or 404, or by sending back to its first page with a notice."""
    return response.status_code in {403, 404, 405} or response.get("Location", "") == reverse("wagtailadmin_home")


def test_country_group_has_permissions_on_one_page_a_language(site: HomePage) -> None:
    held = GroupPagePermission.objects.filter(group__name="editors KZ")

    assert {permission.page_id for permission in held} == {country_page("KZ").pk, country_page("KZ", "ru").pk}
    assert {permission.permission.codename for permission in held} == {"add_page", "change_page", "publish_page"}


def collections_of(group: str) -> set[str]:
    held = GroupCollectionPermission.objects.filter(group__name=group)
    return set(held.values_list("collection__name", flat=True))


def test_title_of_a_country_page_gives_no_right_to_files(site: HomePage) -> None:
    before = Collection.objects.count()
    change_page(country_page("KZ"), title="Kyrgyzstan")

    prepare_site()

    assert collections_of("editors KZ").isdisjoint(collections_of("editors KG"))
    assert (len(collections_of("editors KZ")), len(collections_of("editors KG"))) == (1, 1)
    assert Collection.objects.count() == before


def test_only_editors_of_everything_are_that(site: HomePage, editor: User) -> None:
    answers = {name: can_edit_everything(member_of(name)) for name in ("secretariat", "editors", "editors KG")}

    assert answers == {"secretariat": True, "editors": True, "editors KG": False}
    assert can_edit_page(editor, country_page("KZ"))
    assert not can_edit_page(editor, country_page("KG"))
    assert not can_edit_page(editor, HomePage.objects.first())


def test_first_page_of_the_admin_leads_to_the_own_pages(desk: Client, site: HomePage) -> None:
    html = desk.get("/wagtail/").content.decode()

    for page in (country_page("KZ"), country_page("KZ", "ru")):
        assert reverse("wagtailadmin_pages:edit", args=[page.pk]) in html
    assert reverse("wagtailadmin_explore", args=[country_page("KG").pk]) not in html


@pytest.mark.parametrize("group", ["secretariat", "editors"])
def test_who_edits_everything_begins_news_of_the_network_on_the_first_page(
    site: HomePage, signed_in: Any, group: str
) -> None:
    whole = signed_in(member_of(group))
    index = NewsIndexPage.objects.get(locale__language_code="en")
    alone = news(title="Alone")

    html = whole.get("/wagtail/").content.decode()

    assert "News of the network" in html
    assert f'href="{reverse("wagtailadmin_pages:add_subpage", args=[index.pk])}">Add news in English</a>' in html
    assert f"{reverse('wagtail_localize:submit_page_translation', args=[alone.pk])}?select_locale=ru" in html


@pytest.mark.parametrize("language", ["en", "ru"])
def test_news_are_begun_once_in_the_editors_language(desk: Client, editor: User, language: str) -> None:
    editor.wagtail_userprofile = UserProfile.objects.create(user=editor, preferred_language=language)
    other = "en" if language == "ru" else "ru"

    html = desk.get("/wagtail/").content.decode()

    assert reverse("wagtailadmin_pages:add_subpage", args=[country_page("KZ", language).pk]) in html
    assert reverse("wagtailadmin_pages:add_subpage", args=[country_page("KZ", other).pk]) not in html


def test_adding_news_says_in_which_language(desk: Client, site: HomePage) -> None:
    assert ">Add news in English</a>" in desk.get("/wagtail/").content.decode()


def test_the_list_of_news_in_one_language_is_spoken_of_where_it_is(desk: Client, site: HomePage) -> None:
    without = desk.get("/wagtail/").content.decode()
    news(country_page("KZ"), title="In English only")

    with_list = desk.get("/wagtail/").content.decode()

    assert ["from the list below" in page for page in (without, with_list)] == [False, True]


def test_own_page_in_one_language_leads_to_writing_it_in_the_other(desk: Client, foreign: NewsPage) -> None:
    alone, both = news(country_page("KZ"), title="Alone"), news(country_page("KZ"), title="Both")
    put_translation(both, "ru", title="Обе")

    html = desk.get("/wagtail/").content.decode()

    addresses = {page: reverse("wagtail_localize:submit_page_translation", args=[page.pk]) for page in (alone, both)}
    assert f'{addresses[alone]}?select_locale=ru">Write it in Russian' in html
    assert "select_locale=en" not in html
    assert addresses[both] not in html
    assert CANARY not in html


@pytest.mark.parametrize("many", [1, 3])
def test_first_page_of_the_admin_asks_no_more_for_three_pages(
    desk: Client, django_assert_max_num_queries: Any, many: int
) -> None:
    for number in range(many):
        news(country_page("KZ"), title=f"Item {number}")
    desk.get("/wagtail/")

    with django_assert_max_num_queries(40):
        desk.get("/wagtail/")


def test_editor_writes_and_publishes_news_of_the_own_country(desk: Client, site: HomePage) -> None:
    parent = country_page("KZ")
    url = reverse("wagtailadmin_pages:add", args=["cms", "newspage", parent.pk])
    blank = NewsPage(title="From Almaty", slug="from-almaty", date="2026-11-20")

    response = desk.post(url, {**form(blank), "action-publish": "1"})

    made = NewsPage.objects.get(slug="from-almaty")
    assert response.status_code == 302
    assert made.live
    assert made.get_parent().pk == parent.pk
    assert b"From Almaty" in Client().get("/en/countries/kz/from-almaty/").content


@pytest.mark.parametrize("typed", ["05.11.2026", "2026-11-05"])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_date_is_read_as_it_is_written_here(desk: Client, editor: User, typed: str, language: str) -> None:
    url = reverse("wagtailadmin_pages:add", args=["cms", "newspage", country_page("KZ").pk])
    editor.wagtail_userprofile = UserProfile.objects.create(user=editor, preferred_language=language)
    blank = NewsPage(title="Dated", slug="dated", date="2026-11-20")

    desk.post(url, {**form(blank, date=typed), "action-publish": "1"})

    assert NewsPage.objects.get(slug="dated").date == date(2026, 11, 5)


def test_a_date_that_is_none_is_refused_with_the_text_kept(desk: Client) -> None:
    url = reverse("wagtailadmin_pages:add", args=["cms", "newspage", country_page("KZ").pk])
    blank = NewsPage(title="Dated", slug="dated", date="2026-11-20")

    html = desk.post(url, {**form(blank, date="the fifth"), "action-publish": "1"}).content.decode()

    assert not NewsPage.objects.filter(slug="dated").exists()
    assert 'name="date" value="the fifth"' in html
    assert 'aria-invalid="true" aria-describedby="panel-child-content-child-date-errors"' in html


def test_new_news_is_of_today(desk: Client) -> None:
    html = desk.get(reverse("wagtailadmin_pages:add", args=["cms", "newspage", country_page("KZ").pk])).content.decode()

    assert f'value="{timezone.localdate():%Y-%m-%d}"' in html


def test_an_address_is_made_of_a_russian_title_in_latin_letters(site: HomePage) -> None:
    made = NewsPage(title="Новый хаб в Алматы", body=[text("Слова.")])
    country_page("KZ", "ru").add_child(instance=made)

    assert made.slug == "novyy-khab-v-almaty"


@pytest.mark.parametrize("act", [{"action-publish": "1"}, {}])
def test_news_published_before_the_address_was_filled_in_get_one_of_their_own(desk: Client, act: dict) -> None:
    parent = country_page("KZ", "ru")
    url = reverse("wagtailadmin_pages:add", args=["cms", "newspage", parent.pk])
    pasted = NewsPage(title="Новый хаб в Алматы", slug="", date="2026-11-20")

    for _time in range(2):
        desk.post(url, {**form(pasted), **act})

    made = NewsPage.objects.child_of(parent).order_by("pk")
    assert [(page.slug, page.live) for page in made] == [
        ("novyy-khab-v-almaty", bool(act)),
        ("novyy-khab-v-almaty-2", bool(act)),
    ]


def test_a_draft_whose_address_a_neighbour_has_is_saved_again_and_again(desk: Client) -> None:
    news(country_page("KZ"), title="New hub", slug="new-hub")
    draft = news(country_page("KZ"), title="Another hub", slug="another-hub", live=False)
    url = reverse("wagtailadmin_pages:edit", args=[draft.pk])

    for words in ("First", "Second"):
        desk.post(url, form(draft, title="New hub", slug="new-hub", lead=words))

    draft.refresh_from_db()
    kept = draft.get_latest_revision_as_object()
    assert (kept.title, kept.lead, kept.slug) == ("New hub", "Second", "new-hub-2")


def test_a_published_page_never_takes_the_address_of_a_neighbour(desk: Client) -> None:
    news(country_page("KZ"), title="New hub", slug="new-hub")
    page = news(country_page("KZ"), title="Another hub", slug="another-hub")
    page.save_revision().publish()
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])

    answer = desk.post(url, {**form(page, slug="new-hub", lead="Kept"), "action-publish": "1"})

    page.refresh_from_db()
    assert (page.slug, page.lead == "Kept") == ("another-hub", False)
    assert "new-hub" in answer.content.decode()


def test_news_without_words_stays_a_draft(desk: Client) -> None:
    url = reverse("wagtailadmin_pages:add", args=["cms", "newspage", country_page("KZ").pk])
    blank = NewsPage(title="Empty", slug="empty", date="2026-11-20")
    values = form(blank, body=streamfield([]))

    desk.post(url, {**values, "action-publish": "1"})
    assert not NewsPage.objects.filter(slug="empty").exists()

    desk.post(url, values)
    assert NewsPage.objects.get(slug="empty").live is False


def test_editor_changes_the_country_page_but_not_its_country(desk: Client, site: HomePage) -> None:
    page = country_page("KZ")
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])

    desk.post(
        url, {**form(news(page), title="Kazakhstan", slug="kz", lead="New words", iso2="KG"), "action-publish": "1"}
    )
    desk.post(url, {**form(news(page), title="Kazakhstan", slug="kg", lead="Stolen"), "action-publish": "1"})

    page.refresh_from_db()
    assert (page.lead, page.iso2, page.slug) == ("New words", "KZ", "kz")


def test_no_page_of_others_opens(desk: Client, foreign: NewsPage) -> None:
    opened = []

    for name in OWN_VIEWS.split():
        for page in (foreign, country_page("KG"), NewsIndexPage.objects.first(), HomePage.objects.first()):
            url = reverse(f"wagtailadmin_pages:{name}", args=[page.pk])
            answers = (desk.get(url), desk.post(url, {"title": "x", "next": "/", "url": "/"}))
            opened += [f"{name} {page} {answer.status_code}" for answer in answers if not refused(answer)]
            assert CANARY not in "".join(answer.content.decode() for answer in answers)

    assert opened == []


def test_revisions_of_others_neither_compare_nor_revert(desk: Client, foreign: NewsPage) -> None:
    revision = foreign.latest_revision.pk

    for name, args in (
        ("revisions_compare", [foreign.pk, "earliest", revision]),
        ("revisions_revert", [foreign.pk, revision]),
        ("revisions_view", [foreign.pk, revision]),
    ):
        response = desk.get(reverse(f"wagtailadmin_pages:{name}", args=args))

        assert refused(response), name
        assert CANARY not in response.content.decode()


def test_own_page_moves_and_copies_nowhere_else(desk: Client, editor: User, foreign: NewsPage) -> None:
    own = news(country_page("KZ"), title="Ours")
    for target in (country_page("KG"), NewsIndexPage.objects.first()):
        moved = desk.post(reverse("wagtailadmin_pages:move_confirm", args=[own.pk, target.pk]))
        copied = desk.post(
            reverse("wagtailadmin_pages:copy", args=[own.pk]),
            {"new_title": "Copy", "new_slug": "copy", "new_parent_page": target.pk, "publish_copies": "on"},
        )

        own.refresh_from_db()
        assert refused(moved)
        assert own.get_parent().pk == country_page("KZ").pk
        assert not Page.objects.child_of(target).filter(slug="copy").exists()
        assert copied.status_code in {200, 302, 403}


def test_foreign_page_is_not_brought_home(desk: Client, foreign: NewsPage) -> None:
    desk.post(reverse("wagtailadmin_pages:move_confirm", args=[foreign.pk, country_page("KZ").pk]))
    desk.post(
        reverse("wagtailadmin_pages:copy", args=[foreign.pk]),
        {"new_title": "Copy", "new_slug": "copy", "new_parent_page": country_page("KZ").pk},
    )

    foreign.refresh_from_db()
    assert foreign.get_parent().pk == country_page("KG").pk
    assert not Page.objects.child_of(country_page("KZ")).exists()


def test_no_page_is_made_below_others(desk: Client, site: HomePage) -> None:
    for parent in (country_page("KG"), NewsIndexPage.objects.first()):
        url = reverse("wagtailadmin_pages:add", args=["cms", "newspage", parent.pk])
        blank = NewsPage(title="Intruder", slug="intruder", date="2026-11-20")

        assert refused(desk.post(url, {**form(blank), "action-publish": "1"}))
        assert not NewsPage.objects.filter(slug="intruder").exists()


def test_bulk_actions_leave_others_alone(desk: Client, foreign: NewsPage) -> None:
    shown = news(country_page("KG"), title="Published")
    for action in ("publish", "unpublish", "delete", "move"):
        url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
        response = desk.post(f"{url}?id={foreign.pk}&id={shown.pk}&next=/", {"chooser": country_page("KZ").pk})

        assert CANARY not in response.content.decode()
        foreign.refresh_from_db()
        shown.refresh_from_db()
        assert (foreign.live, shown.live) == (False, True), action
        assert shown.get_parent().pk == country_page("KG").pk


OWN_VIEWS = """
edit delete unpublish move copy history view_draft set_privacy lock unlock workflow_history usage
preview_on_edit add_subpage
"""
SIDE_DOORS = """
/wagtail/pages/search/?q=CANARY
/wagtail/pages/search/results/?q=CANARY
/wagtail/choose-page/search/?q=CANARY
/wagtail/choose-page/{parent}/
/wagtail/choose-page/chosen-multiple/?id={page}
/wagtail/pages/{parent}/
/wagtail/pages/{parent}/results/
/wagtail/pages/{page}/
/wagtail/pages/usage/cms/newspage/
/wagtail/reports/site-history/
/wagtail/reports/page-types-usage/
/wagtail/reports/page-types-usage/results/
/wagtail/reports/locked/
/wagtail/api/main/pages/?fields=*
/wagtail/api/main/pages/{page}/
/wagtail/api/main/pages/?child_of={parent}&fields=*
/wagtail/localize/reports/translations/
/wagtail/localize/reports/translations/results/
/wagtail/localize/submit/page/{page}/
/wagtail/localize/page/{translated}/convert_to_alias/
/wagtail/localize/translate/{translation}/pofile/download/
/wagtail/localize/translate/{translation}/preview/
/wagtail/localize/update/{source}/
"""
DOORS_WITHOUT_DRAFTS = """
/wagtail/
/wagtail/pages/
/wagtail/choose-page/
/wagtail/reports/aging-pages/
/wagtail/reports/aging-pages/results/
/wagtail/users/
/wagtail/groups/
/wagtail/sites/
/wagtail/locales/
/wagtail/redirects/
/wagtail/workflows/list/
/wagtail/collections/
/en/search/?q=CANARY
/api/v1/organisations/?search=CANARY
/sitemap.xml
"""


def doors_to(page: NewsPage, text: str) -> list[str]:
    """The addresses, after the page was put wherever Wagtail keeps lists: translated, locked, in moderation, indexed."""
    source, _created = TranslationSource.get_or_create_from_instance(page)
    translation = Translation.objects.create(source=source, target_locale=country_page("KG", "ru").locale)
    translation.save_target(publish=False)
    translated = translation.get_target_instance()
    publisher = editor_of("KG")
    start_moderation(page, publisher)
    Page.objects.filter(pk=page.pk).update(locked=True, locked_by=publisher, locked_at=timezone.now())
    insert_or_update_object(NewsPage.objects.get(pk=page.pk))
    names = {"page": page.pk, "parent": page.get_parent().pk, "source": source.pk, "translation": translation.pk}
    return [door.format(**names, translated=translated.pk) for door in text.split()]


def start_moderation(page: NewsPage, publisher: User) -> None:
    workflow = Workflow.objects.create(name="Second look")
    task = GroupApprovalTask.objects.create(name="Look")
    task.groups.set(publisher.groups.all())
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    workflow.start(page, publisher)


def said(response: Any) -> str:
    return b"".join(response.streaming_content if response.streaming else [response.content]).decode()


def test_side_doors_show_a_draft_to_those_who_edit_everything_only(
    desk: Client, foreign: NewsPage, signed_in: Any
) -> None:
    whole = signed_in(User.objects.create_superuser("whole@test.example"))
    doors = doors_to(foreign, SIDE_DOORS)

    seen = [door for door in doors if CANARY in said(whole.get(door))]
    answers = {door: desk.get(door) for door in doors}

    assert seen == doors
    assert [door for door, answer in answers.items() if CANARY in said(answer)] == []
    assert [door for door, answer in answers.items() if answer.status_code >= 500] == []


def test_other_doors_show_no_draft(desk: Client, foreign: NewsPage, signed_in: Any) -> None:
    whole = signed_in(User.objects.create_superuser("whole@test.example"))
    doors = doors_to(foreign, DOORS_WITHOUT_DRAFTS)

    answers = {door: desk.get(door) for door in doors}

    assert {whole.get(door).status_code for door in doors} == {200}
    assert [door for door, answer in answers.items() if CANARY in said(answer)] == []
    assert [door for door, answer in answers.items() if answer.status_code >= 500] == []


def test_own_page_is_translated_and_no_other(desk: Client, foreign: NewsPage) -> None:
    own = news(country_page("KZ"), title="Ours")
    russian = country_page("KZ", "ru")

    mine = desk.post(
        reverse("wagtail_localize:submit_page_translation", args=[own.pk]), {"locales": [russian.locale_id]}
    )
    theirs = desk.post(
        reverse("wagtail_localize:submit_page_translation", args=[foreign.pk]), {"locales": [russian.locale_id]}
    )

    assert mine.status_code == 302
    assert own.get_translation(russian.locale).get_parent().pk == russian.pk
    assert theirs.status_code in {302, 403}
    assert foreign.get_translation_or_none(russian.locale) is None


def test_a_translation_stays_a_draft_until_it_is_published(
    desk: Client, site: HomePage, django_capture_on_commit_callbacks: Any
) -> None:
    own = news(country_page("KZ"), title="Ours")
    russian = country_page("KZ", "ru").locale

    with django_capture_on_commit_callbacks(execute=True):
        desk.post(reverse("wagtail_localize:submit_page_translation", args=[own.pk]), {"locales": [russian.pk]})

    draft = own.get_translation(russian)
    assert draft.live is False
    assert "Ours" not in Client().get("/ru/countries/kz/").content.decode()

    translate(draft)
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(reverse("wagtailadmin_pages:edit", args=[draft.pk]), {"action": "publish"})
    draft.refresh_from_db()
    assert draft.live


def test_the_address_is_no_text_to_translate(desk: Client, site: HomePage) -> None:
    own = news(country_page("KZ"), title="Ours")
    russian = country_page("KZ", "ru").locale

    desk.post(reverse("wagtail_localize:submit_page_translation", args=[own.pk]), {"locales": [russian.pk]})

    begun = Translation.objects.get(source__object_id=own.translation_key)
    asked = set(begun.source.stringsegment_set.values_list("context__path", flat=True))
    assert {path.partition(".")[0] for path in asked} == {"title", "body"}
    assert begun.get_progress() == (2, 0)
    assert own.get_translation(russian).slug == own.slug


def translate(page: Page, passages: slice = slice(None)) -> None:
    """Passages of a translation that was begun."""
    source = TranslationSource.objects.get(object_id=page.translation_key)
    for segment in source.stringsegment_set.order_by("order")[passages]:
        StringTranslation.objects.create(
            translation_of=segment.string,
            context=segment.context,
            locale=page.locale,
            data="Наши",
            translation_type=StringTranslation.TRANSLATION_TYPE_MANUAL,
        )


@pytest.mark.parametrize("way", ["page", "bulk"])
def test_a_page_that_lacks_passages_is_not_published(
    desk: Client, site: HomePage, way: str, django_capture_on_commit_callbacks: Any
) -> None:
    own = news(country_page("KZ"), title="Ours")
    russian = country_page("KZ", "ru").locale
    desk.post(reverse("wagtail_localize:submit_page_translation", args=[own.pk]), {"locales": [russian.pk]})
    draft = own.get_translation(russian)
    bulk = f"{reverse('wagtail_bulk_action', args=['wagtailcore', 'page', 'publish'])}?id={draft.pk}&next=/wagtail/"
    address, data = {
        "page": (reverse("wagtailadmin_pages:edit", args=[draft.pk]), {"action": "publish"}),
        "bulk": (bulk, {}),
    }[way]

    told = []
    for passages in (slice(0), slice(1), slice(1, None)):
        translate(draft, passages)
        with django_capture_on_commit_callbacks(execute=True):
            page = desk.post(address, data, follow=True).content.decode()
        draft.refresh_from_db()
        told.append((re.findall(r"is not published: (\d passages?) ", page), draft.live))

    assert told == [(["2 passages"], False), (["1 passage"], False), ([], True)]


def test_an_editor_publishes_and_sends_nothing_to_moderation(desk: Client, site: HomePage) -> None:
    own = news(country_page("KZ"), title="Ours", live=False)
    url = reverse("wagtailadmin_pages:edit", args=[own.pk])

    html = desk.get(url).content.decode()
    desk.post(url, {**form(own), "action-submit": "1"})

    assert 'name="action-publish"' in html
    assert 'name="action-submit"' not in html
    assert not WorkflowState.objects.exists()


def test_publishing_is_the_button_that_is_seen_and_enter_saves_a_draft(desk: Client, site: HomePage) -> None:
    own = news(country_page("KZ"), title="Ours", live=False)
    addresses = [
        reverse("wagtailadmin_pages:edit", args=[own.pk]),
        reverse("wagtailadmin_pages:add", args=["cms", "newspage", country_page("KZ").pk]),
    ]

    footers = [desk.get(address).content.decode().partition("<footer")[2] for address in addresses]
    sent = [re.findall(r'<button\s+type="submit"([^>]*)>', footer) for footer in footers]

    assert [buttons[0].strip() for buttons in sent] == ["hidden", "hidden"]
    assert ['name="action-publish"' in buttons[1] for buttons in sent] == [True, True]
    assert ["action-save" in buttons[2] for buttons in sent] == [True, True]


def test_an_older_text_is_not_published_by_the_button_that_is_seen(desk: Client, site: HomePage) -> None:
    own = news(country_page("KZ"), title="Ours", live=False)
    older = own.save_revision()

    page = desk.get(reverse("wagtailadmin_pages:revisions_revert", args=[own.pk, older.pk])).content.decode()

    assert page.index("action-save") < page.index('name="action-publish"')


def test_editor_of_translations_speaks_russian(desk: Client, editor: User) -> None:
    editor.wagtail_userprofile = UserProfile.objects.create(user=editor, preferred_language="ru")

    words = desk.get(reverse("wagtail_localize:javascript_catalog")).content.decode()

    assert json.dumps("Опубликовать: ") in words


def test_skeleton_cannot_be_deleted_or_moved(site: HomePage, desk: Client, signed_in: Any) -> None:
    whole = signed_in(member_of("editors"))
    for client, page in (
        (desk, country_page("KZ")),
        (whole, country_page("KZ")),
        (whole, NewsIndexPage.objects.first()),
    ):
        client.post(reverse("wagtailadmin_pages:delete", args=[page.pk]))

        assert Page.objects.filter(pk=page.pk).exists()


def test_files_of_other_countries_are_not_offered(desk: Client, site: HomePage) -> None:
    for model in (get_image_model(), get_document_model()):
        for name, iso2 in (("ours", "KZ"), (CANARY, "KG")):
            values = {"width": 1, "height": 1} if model is get_image_model() else {}
            model.objects.create(title=name, file=f"{name}.png", collection=country_collection(iso2), **values)

    pages = ["/wagtail/images/", "/wagtail/images/chooser/", "/wagtail/documents/", "/wagtail/documents/chooser/"]
    shown = [desk.get(url).content.decode() for url in pages]

    assert not any(CANARY in html for html in shown)


def test_admin_asks_visitors_to_sign_in_where_everybody_does(site: HomePage, client: Client) -> None:
    assert client.get("/wagtail/")["Location"].startswith("/en/accounts/login/?next=")
    assert client.get("/wagtail/login/?next=/wagtail/")["Location"] == "/en/accounts/login/?next=/wagtail/"
    assert client.get("/wagtail/password_reset/")["Location"].startswith("/en/accounts/")


@pytest.mark.parametrize("door", ["/wagtail/", "/wagtail/pages/", "/wagtail/login/?next=/wagtail/", "/wagtail/images/"])
def test_admin_tells_others_that_it_is_not_theirs(site: HomePage, signed_in: Any, door: str) -> None:
    member = signed_in(User.objects.create_user("member@test.example", name="Mem Ber", language="ru"))

    answer = member.get(door, follow=True)

    assert (answer.status_code, answer.redirect_chain) == (403, [])
    assert "Mem Ber" in answer.content.decode()
    assert 'href="/ru/desk/"' in answer.content.decode()
