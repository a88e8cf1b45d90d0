"""The secretariat's pages about people."""

import pytest
from django.core.exceptions import PermissionDenied

from network_platform.background.models import Message
from network_platform.journal.models import Record
from network_platform.people.models import EDITORS, SECRETARIAT, User
from network_platform.people.rules import can_change_groups, can_deactivate_person, can_manage_people
from network_platform.people.services.roles import change_groups, deactivate_person, reactivate_person
from tests.people.factories import PersonFactory, SecretariatFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("make", [PersonFactory, SecretariatFactory])
def test_rule_and_queryset_agree_on_who_sees_whom(make):
    viewer = make()
    PersonFactory.create_batch(2)
    SecretariatFactory()

    seen = set(User.objects.visible_to(viewer))

    assert seen == (set(User.objects.all()) if can_manage_people(viewer) else {viewer})


def test_only_the_secretariat_manages_and_nobody_themselves():
    secretary, member, erased = SecretariatFactory(), PersonFactory(), PersonFactory()
    erased.erased_at = "2026-01-01T00:00Z"

    assert [can_manage_people(person) for person in (secretary, member)] == [True, False]
    assert [can_change_groups(secretary, person) for person in (member, secretary, erased)] == [True, False, False]
    assert not can_deactivate_person(member, secretary)


def test_deactivated_secretary_manages_nobody():
    secretary = SecretariatFactory(is_active=False)

    assert not can_manage_people(secretary)


def test_groups_are_changed_journaled_and_told():
    secretary, person = SecretariatFactory(), PersonFactory(language="ru")

    change_groups(person=person, groups={EDITORS}, by=secretary, reason="writes for KZ")

    assert User.objects.get(pk=person.pk).group_names == {EDITORS}
    record = Record.objects.get()
    assert (record.verb, record.before, record.after, record.reason) == (
        "person.groups",
        {"groups": []},
        {"groups": [EDITORS]},
        "writes for KZ",
    )
    message = Message.objects.get()
    assert (message.template, message.recipient, message.language) == ("people/groups_changed", person, "ru")


def test_other_groups_are_left_alone():
    secretary, person = SecretariatFactory(), PersonFactory()
    from django.contrib.auth.models import Group

    person.groups.add(Group.objects.create(name="editors KZ"))

    change_groups(person=person, groups={SECRETARIAT}, by=secretary)

    assert User.objects.get(pk=person.pk).group_names == {SECRETARIAT, "editors KZ"}


@pytest.mark.parametrize("groups", [{"superuser"}, {SECRETARIAT, "anything"}])
def test_only_known_groups_are_given(groups):
    with pytest.raises(PermissionDenied):
        change_groups(person=PersonFactory(), groups=groups, by=SecretariatFactory())


def test_members_give_nothing_and_secretaries_nothing_to_themselves():
    secretary, member = SecretariatFactory(), PersonFactory()

    for by, person in ((member, PersonFactory()), (secretary, secretary), (member, member)):
        with pytest.raises(PermissionDenied):
            change_groups(person=person, groups={SECRETARIAT}, by=by)
    assert not Record.objects.exists()


def test_deactivation_ends_every_session_and_comes_back(signed_in):
    secretary, person = SecretariatFactory(), PersonFactory()
    phone, laptop, other = signed_in(person), signed_in(person), signed_in(PersonFactory())

    deactivate_person(person=person, by=secretary, reason="left the hub")
    closed = [client.get("/en/desk/").status_code for client in (phone, laptop, other)]
    reactivate_person(person=person, by=secretary)

    assert closed == [302, 302, 200]
    assert phone.get("/en/desk/").status_code == 302
    assert list(Record.objects.order_by("number").values_list("verb", flat=True)) == [
        "person.deactivated",
        "person.reactivated",
    ]


def test_search_finds_in_both_scripts_and_by_address(signed_in):
    PersonFactory(name="Айгүл Қасымова", name_latin="Aigul Kassymova", email="ak@people.example")
    client = signed_in(SecretariatFactory())

    for words in ("Айгүл", "айгүл", "ҚАСЫМ", "kassym", "AK@people", "Aigul Қасымова"):
        assert "Айгүл Қасымова" in client.get("/en/people/", {"q": words}).content.decode(), words
    for words in ("nobody", "k.ssym", "%", "[", "(", "*", "\\", "a+", "^"):
        assert "Айгүл Қасымова" not in client.get("/en/people/", {"q": words}).content.decode(), words


def test_members_do_not_see_the_pages(signed_in):
    person = PersonFactory()
    client = signed_in(person)

    assert client.get("/en/people/").status_code == 403
    assert client.get(f"/en/people/{person.uid}/").status_code == 404
    assert client.get(f"/en/people/{SecretariatFactory().uid}/").status_code == 404


def test_page_changes_groups_after_asking_again(fresh, signed_in):
    secretary, person = SecretariatFactory(), PersonFactory()
    data = {"groups": [EDITORS], "reason": "writes for KZ"}
    path = f"/en/people/{person.uid}/groups/"

    stale = signed_in(secretary).post(path, data)
    response = fresh(secretary).post(path, data)

    assert "/accounts/reauthenticate/" in stale["Location"]
    assert response["Location"] == f"/en/people/{person.uid}/"
    assert User.objects.get(pk=person.pk).group_names == {EDITORS}


def test_page_asks_for_a_reason(fresh):
    secretary, person = SecretariatFactory(), PersonFactory()
    client = fresh(secretary)

    client.post(f"/en/people/{person.uid}/access/", {"reason": ""})

    assert User.objects.get(pk=person.pk).is_active
    assert "Give a reason" in client.get(f"/en/people/{person.uid}/").content.decode()


def test_page_closes_and_opens_an_account(fresh):
    secretary, person = SecretariatFactory(), PersonFactory()
    client = fresh(secretary)
    path = f"/en/people/{person.uid}/access/"

    client.post(path, {"reason": "left"})
    closed = User.objects.get(pk=person.pk).is_active
    client.post(path, {"reason": "came back"})

    assert not closed
    assert User.objects.get(pk=person.pk).is_active


def test_page_shows_roles_of_all_apps(signed_in):
    person = SecretariatFactory()

    page = signed_in(SecretariatFactory()).get(f"/ru/people/{person.uid}/").content.decode()

    assert "секретариат" in page


def test_list_pages_by_key_and_asks_the_same_with_many(signed_in, django_assert_num_queries):
    client = signed_in(SecretariatFactory())
    PersonFactory()
    client.get("/en/people/")

    with django_assert_num_queries(5):
        client.get("/en/people/")
    PersonFactory.create_batch(60)
    with django_assert_num_queries(5):
        page = client.get("/en/people/").content.decode()

    after = page.split("after=")[1].split('"')[0]
    beginnings = [client.get("/en/people/", {"after": typed}).content.decode() for typed in ("9" * 30, "²", "x")]
    second = client.get("/en/people/", {"after": after}).content.decode()
    assert page.count('class="hit"') == 50
    assert second.count('class="hit"') == 12
    assert [text.count('class="hit"') for text in beginnings] == [50, 50, 50]
