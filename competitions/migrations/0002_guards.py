"""Invariants that reach over tables, held by triggers on both databases.

- A score's criterion belongs to its sheet's rubric version, and its value lies within the criterion's scale.
- Locked rubrics and forms take no new or changed parts. A submission, a rank row: never changed.
- No live assignment stands against a confirmed conflict.

A later migration that rebuilds one of these tables on SQLite must install its triggers again; tests tell.
"""

from django.db import migrations

from competitions import guards

LOCKED_RUBRIC = "SELECT 1 FROM competitions_rubricversion v WHERE v.id = {rubric} AND v.locked_at IS NOT NULL"
LOCKED_FORM = "SELECT 1 FROM competitions_formversion v WHERE v.id = NEW.form_id AND v.locked_at IS NOT NULL"
LEVEL_RUBRIC = "(SELECT c.rubric_id FROM competitions_criterion c WHERE c.id = NEW.criterion_id)"
RUBRIC_CHANGED = "OLD.locked_at IS NOT NULL AND (NEW.locked_at IS NULL OR NEW.digest <> OLD.digest)"

# (name, table, events, condition under which the write is refused)
GUARDS = [
    (
        "score_of_the_sheets_rubric",
        "competitions_score",
        ("INSERT", "UPDATE"),
        "(SELECT c.rubric_id FROM competitions_criterion c WHERE c.id = NEW.criterion_id)"
        " <> (SELECT s.rubric_id FROM competitions_scoresheet s WHERE s.id = NEW.sheet_id)",
    ),
    (
        "score_within_the_scale",
        "competitions_score",
        ("INSERT", "UPDATE"),
        "NEW.value IS NOT NULL AND EXISTS (SELECT 1 FROM competitions_criterion c WHERE c.id = NEW.criterion_id"
        " AND (NEW.value < c.scale_min OR NEW.value > c.scale_max))",
    ),
    (
        "criterion_of_locked_rubric",
        "competitions_criterion",
        ("INSERT", "UPDATE"),
        f"EXISTS ({LOCKED_RUBRIC.format(rubric='NEW.rubric_id')})",
    ),
    (
        "level_of_locked_rubric",
        "competitions_level",
        ("INSERT", "UPDATE"),
        f"EXISTS ({LOCKED_RUBRIC.format(rubric=LEVEL_RUBRIC)})",
    ),
    ("rubric_stays_locked", "competitions_rubricversion", ("UPDATE",), RUBRIC_CHANGED),
    ("question_of_locked_form", "competitions_question", ("INSERT", "UPDATE"), f"EXISTS ({LOCKED_FORM})"),
    ("section_of_locked_form", "competitions_section", ("INSERT", "UPDATE"), f"EXISTS ({LOCKED_FORM})"),
    ("form_stays_locked", "competitions_formversion", ("UPDATE",), RUBRIC_CHANGED),
    ("submission_never_changed", "competitions_revision", ("UPDATE",), "1 = 1"),
    ("rank_row_never_changed", "competitions_rankrow", ("UPDATE",), "1 = 1"),
    (
        "assignment_without_conflict",
        "competitions_assignment",
        ("INSERT", "UPDATE"),
        "NEW.state IN ('proposed', 'active', 'in_progress', 'done') AND EXISTS (SELECT 1 FROM competitions_conflict k"
        " WHERE k.judge_id = NEW.judge_id AND k.entry_id = NEW.entry_id AND k.state = 'confirmed')",
    ),
]


class Migration(migrations.Migration):
    dependencies = [("competitions", "0001_initial")]

    operations = [migrations.RunPython(guards.installing(GUARDS), guards.removing(GUARDS))]
