"""What is locked, submitted, ranked or final is not removed or moved away either; triggers on both databases.

The guards of the migration before look at new values only. These look at the old ones.
"""

from django.db import migrations

from competitions import guards

LOCKED_RUBRIC = "EXISTS (SELECT 1 FROM competitions_rubricversion v WHERE v.id = {} AND v.locked_at IS NOT NULL)"
LOCKED_FORM = "EXISTS (SELECT 1 FROM competitions_formversion v WHERE v.id = OLD.form_id AND v.locked_at IS NOT NULL)"
LEVEL_RUBRIC = "(SELECT c.rubric_id FROM competitions_criterion c WHERE c.id = OLD.criterion_id)"
FINAL_SHEET = "EXISTS (SELECT 1 FROM competitions_scoresheet s WHERE s.id = {}.sheet_id AND s.state = 'final')"
CHANGE = ("UPDATE", "DELETE")

# (name, table, events, condition under which the write is refused)
GUARDS = [
    ("criterion_stays_locked", "competitions_criterion", CHANGE, LOCKED_RUBRIC.format("OLD.rubric_id")),
    ("level_stays_locked", "competitions_level", CHANGE, LOCKED_RUBRIC.format(LEVEL_RUBRIC)),
    ("question_stays_locked", "competitions_question", CHANGE, LOCKED_FORM),
    ("section_stays_locked", "competitions_section", CHANGE, LOCKED_FORM),
    (
        "rubric_keeps_its_weights",
        "competitions_rubricversion",
        ("UPDATE",),
        "OLD.locked_at IS NOT NULL AND NEW.weights_of <> OLD.weights_of",
    ),
    ("submission_never_removed", "competitions_revision", ("DELETE",), "1 = 1"),
    ("rank_row_never_removed", "competitions_rankrow", ("DELETE",), "1 = 1"),
    ("score_stays_final", "competitions_score", CHANGE, FINAL_SHEET.format("OLD")),
    ("score_of_final_sheet", "competitions_score", ("INSERT",), FINAL_SHEET.format("NEW")),
]


class Migration(migrations.Migration):
    dependencies = [("competitions", "0002_guards")]

    operations = [migrations.RunPython(guards.installing(GUARDS), guards.removing(GUARDS))]
