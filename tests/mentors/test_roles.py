"""The door of an expert's roles: moves, journal, mails."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from mentors.enums import RoleState
from mentors.lifecycle import EXPERT, ROLE
from mentors.models import ExpertRole
from mentors.services.roles import move_roles, set_availability
from network_platform.background.delivery import compose
from network_platform.background.models import Message
from network_platform.journal.models import Record
from network_platform.lifecycle import IllegalMove
from network_platform.search.models import SearchDocument
from tests.mentors.factories import ExpertFactory, ExpertRoleFactory, PersonFactory, focal_point, secretary

pytestmark = pytest.mark.django_db


def submitted(**fields):
    return ExpertRoleFactory(state=RoleState.SUBMITTED, **fields)


def test_approving_shows_mails_and_journals():
    role, focal = submitted(expert__user__language="ru"), focal_point("KZ")

    move_roles(roles=[role], to=RoleState.APPROVED, by=focal)

    role.refresh_from_db()
    record = Record.objects.get()
    mail = Message.objects.get()
    assert role.state == RoleState.APPROVED
    assert (record.verb, record.scope, record.actor) == ("expert_role.approved", "country:KZ", focal)
    assert (record.before, record.after) == ({"state": "submitted"}, {"state": "approved"})
    assert (mail.template, mail.recipient, mail.language) == ("mentors/role_approved", role.expert.user, "ru")
    assert mail.context["path"] == "/ru/mentors/mine/"


def test_ending_the_own_pause_is_no_approval():
    role = ExpertRoleFactory(state=RoleState.PAUSED)

    move_roles(roles=[role], to=RoleState.APPROVED, by=role.expert.user)

    role.refresh_from_db()
    assert (role.state, Message.objects.count()) == (RoleState.APPROVED, 0)


def test_roles_answered_together_are_one_mail():
    mentor = submitted()
    trainer = submitted(expert=mentor.expert, role="trainer")

    move_roles(roles=[mentor, trainer], to=RoleState.APPROVED, by=focal_point("KZ"))

    assert [role["en"] for role in Message.objects.get().context["roles"]] == ["Mentor", "Trainer"]
    assert Record.objects.count() == 2


@pytest.mark.parametrize("state", [RoleState.CHANGES_REQUESTED, RoleState.DECLINED])
def test_saying_no_needs_a_reason(state):
    role = submitted()

    with pytest.raises(ValidationError):
        move_roles(roles=[role], to=state, by=focal_point("KZ"), reason=" ")

    role.refresh_from_db()
    assert (role.state, Message.objects.count()) == (RoleState.SUBMITTED, 0)


def test_the_reason_reaches_the_expert_and_stays_out_of_the_journal():
    role = submitted()

    move_roles(roles=[role], to=RoleState.DECLINED, by=focal_point("KZ"), reason="Not a person")

    role.refresh_from_db()
    assert role.state_reason == "Not a person"
    assert Message.objects.get().context["reason"] == "Not a person"
    assert (Record.objects.get().reason, Record.objects.get().after) == ("", {"state": "declined"})


@pytest.mark.parametrize("answer", [RoleState.DECLINED, RoleState.CHANGES_REQUESTED])
def test_the_mail_says_in_which_other_language_the_reason_is(answer):
    role = submitted()
    role.expert.user.language = "en"
    role.expert.user.save()

    move_roles(roles=[role], to=answer, by=focal_point("KZ"), reason="Какие годы?")

    assert "\nWritten in Russian:\n> Какие годы?\n" in compose(Message.objects.get()).body


def test_the_reason_stands_until_the_next_answer():
    role, focal = submitted(), focal_point("KZ")
    move_roles(roles=[role], to=RoleState.CHANGES_REQUESTED, by=focal, reason="Which years?")

    move_roles(roles=[role], to=RoleState.SUBMITTED, by=role.expert.user)
    role.refresh_from_db()
    sent_again = role.state_reason
    move_roles(roles=[role], to=RoleState.APPROVED, by=focal)

    role.refresh_from_db()
    assert (sent_again, role.state_reason) == ("Which years?", "")


@pytest.mark.parametrize("who", ["foreign focal", "member", "the expert"])
def test_others_cannot_approve(who):
    role = submitted()
    by = {"foreign focal": focal_point("KG"), "member": PersonFactory(), "the expert": role.expert.user}[who]

    with pytest.raises(PermissionDenied):
        move_roles(roles=[role], to=RoleState.APPROVED, by=by)

    role.refresh_from_db()
    assert (role.state, Record.objects.count()) == (RoleState.SUBMITTED, 0)


@pytest.mark.parametrize(("source", "target"), [(s, t) for s in RoleState for t in RoleState])
def test_only_the_tables_moves_are_possible(source, target):
    role, office = ExpertRoleFactory(state=source), secretary()
    legal = {(move.source, move.target): move.who for move in ROLE.moves}
    by = role.expert.user if legal.get((source, target)) == EXPERT else office

    if (source, target) in legal:
        move_roles(roles=[role], to=target, by=by, reason="Because")
    else:
        with pytest.raises(IllegalMove):
            move_roles(roles=[role], to=target, by=by, reason="Because")

    role.refresh_from_db()
    assert role.state == (target if (source, target) in legal else source)


def test_submitting_tells_the_focal_point_and_the_deputy():
    role = ExpertRoleFactory(state=RoleState.DRAFT)
    reviewers = {focal_point("KZ"), focal_point("KZ")}
    focal_point("KG")

    move_roles(roles=[role], to=RoleState.SUBMITTED, by=role.expert.user)

    assert {mail.recipient for mail in Message.objects.filter(template="mentors/role_submitted")} == reviewers
    assert [mail.recipient for mail in Message.objects.filter(template="mentors/role_received")] == [role.expert.user]


def test_a_country_without_focal_point_is_served_by_the_secretariat():
    from tests.mentors.factories import country

    role = ExpertRoleFactory(state=RoleState.DRAFT, expert__country=country("TM"))
    office = secretary()

    move_roles(roles=[role], to=RoleState.SUBMITTED, by=role.expert.user)

    assert [mail.recipient for mail in Message.objects.filter(template="mentors/role_submitted")] == [office]


def test_an_expert_who_serves_the_country_alone_is_read_by_the_secretariat():
    focal, office = focal_point("KZ"), secretary()
    role = ExpertRoleFactory(state=RoleState.DRAFT, expert__user=focal)

    move_roles(roles=[role], to=RoleState.SUBMITTED, by=focal)

    assert [mail.recipient for mail in Message.objects.filter(template="mentors/role_submitted")] == [office]


def test_availability_is_the_experts_own_word():
    role = ExpertRoleFactory()

    set_availability(role=role, availability="closed", by=role.expert.user)

    role.refresh_from_db()
    assert role.availability == "closed"
    assert Record.objects.get().after == {"availability": "closed"}
    with pytest.raises(PermissionDenied):
        set_availability(role=role, availability="open", by=focal_point("KZ"))


def test_pausing_takes_the_expert_out_of_the_search():
    role = submitted()
    move_roles(roles=[role], to=RoleState.APPROVED, by=focal_point("KZ"))
    found = SearchDocument.objects.filter(kind="expert", audience="public")
    assert found.count() == 2

    move_roles(roles=[role], to=RoleState.PAUSED, by=role.expert.user)

    assert found.count() == 0


def test_an_expert_has_each_role_once():
    from django.db import IntegrityError, transaction

    expert = ExpertFactory()
    ExpertRoleFactory(expert=expert)

    with pytest.raises(IntegrityError), transaction.atomic():
        ExpertRoleFactory(expert=expert)
    with pytest.raises(IntegrityError), transaction.atomic():
        ExpertRoleFactory(expert=expert, role="trainer", capacity=0)
    assert ExpertRole.objects.count() == 1


def test_the_mail_about_a_declined_role_names_it_and_what_stays():
    trainer, focal = submitted(role="trainer"), focal_point("KZ")
    ExpertRoleFactory(expert=trainer.expert, role="mentor")
    ExpertRoleFactory(expert=trainer.expert, role="tracker", state=RoleState.WITHDRAWN)

    move_roles(roles=[trainer], to=RoleState.DECLINED, by=focal, reason="No courses yet")

    mail = compose(Message.objects.get())
    assert mail.subject == "Declined for the database of experts: Trainer"
    assert "did not approve this role for the database of experts: Trainer" in mail.body
    assert "- Mentor: approved" in mail.body
    assert "Tracker" not in mail.body
