"""Canonical JSON and its digest: the same content gives the same 64 characters, on any machine."""

import hashlib
import json
from typing import Any

from competitions.models import FormVersion, RubricVersion


def canonical(content: Any) -> str:
    """Sorted keys, no spaces, UTF-8 as it is."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def form_digest(form: FormVersion) -> str:
    """Over every section and question, in their order."""
    fields = ("code", "kind", "texts", "helps", "choices", "required", "max_length", "minimum", "maximum", "max_files")
    flags = ("identifies_applicant", "shown_to_judges")
    sections = [
        {
            "titles": section.titles,
            "intros": section.intros,
            "questions": [
                {name: plain(getattr(question, name)) for name in (*fields, *flags)}
                for question in section.questions.all()
            ],
        }
        for section in form.sections.prefetch_related("questions")
    ]
    return digest_of(canonical(sections))


def rubric_digest(rubric: RubricVersion) -> str:
    """Over every criterion with its levels, in their order."""
    fields = ("code", "kind", "names", "descriptions", "weight", "scale_min", "scale_max", "scale_step", "required")
    limits = ("may_be_unassessable", "only_stages", "only_tracks")
    criteria = [
        {
            **{name: plain(getattr(criterion, name)) for name in (*fields, *limits)},
            "parent": criterion.parent.code if criterion.parent else None,
            "levels": [{"value": plain(level.value), "texts": level.texts} for level in criterion.levels.all()],
        }
        for criterion in rubric.criteria.select_related("parent").prefetch_related("levels")
    ]
    return digest_of(canonical({"weights_of": rubric.weights_of, "criteria": criteria}))


def plain(value: Any) -> Any:
    """Decimals as text without trailing zeros, so that 40 and 40.000 are one value."""
    return f"{value.normalize():f}" if hasattr(value, "normalize") else value


def in_parts(digest: str) -> list[str]:
    """Pieces between which a narrow page may break the line."""
    return [digest[start : start + 16] for start in range(0, 64, 16)]
