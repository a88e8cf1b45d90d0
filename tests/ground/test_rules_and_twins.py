"""Every rule has a twin among the querysets, so that a list and its things agree, or is named here.

A twin says "Twin of `rules.can_…`" in the app's models, or the rule's docstring says "Twin:" and its name.
"""

from network_platform.management.commands.rules_table import rules

WITHOUT_TWIN = {
    # about the person alone: there is no thing to list
    "background.can_manage_messages",
    "cms.can_edit_everything",
    "cms.can_open_admin",
    "incubators.can_appoint_focal_points",
    "incubators.can_define_indicators",
    "incubators.can_import",
    "incubators.can_merge_organisations",
    "journal.can_read_journal",
    "people.can_manage_people",
    # Wagtail's own permissions; `cms.rules.readable` and `known_to` are the lists
    "cms.can_edit_page",
    "cms.can_read_page",
    # an act on the page of one thing, which the list above it has found already
    "competitions.can_announce_round",
    "competitions.can_approve_decision",
    "competitions.can_assign_judges",
    "competitions.can_decide_round",
    "competitions.can_edit_seat",
    "competitions.can_edit_sheet",
    "competitions.can_give_sheet_back",
    "competitions.can_open_round",
    "competitions.can_propose_decision",
    "competitions.can_read_feedback",
    "competitions.can_recuse",
    "competitions.can_reopen_own_sheet",
    "competitions.can_return_decision",
    "competitions.can_see_others_scores",
    "competitions.can_see_winners",
    "competitions.can_start_entry",
    "incubators.can_appoint_focal_point",
    "incubators.can_ask_for_transfer",
    "incubators.can_claim_organisation",
    "incubators.can_view_source_note",
    "people.can_change_groups",
    "people.can_deactivate_person",
}


def test_every_rule_has_a_twin_or_is_named_without() -> None:
    assert sorted(f"{rule.app}.{rule.name}" for rule in rules() if not rule.twin) == sorted(WITHOUT_TWIN)
