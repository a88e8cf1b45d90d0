"""What entries say before an import changes them, so that it can be taken back."""

from collections.abc import Iterable
from typing import Any

from incubators.models import Organisation, OrganisationName

PLAIN = (
    "kind",
    "website",
    "website_host",
    "founded_year",
    "descriptions",
    "source_url",
    "source_note",
    "titles",
    "sort_key",
)
NAME_FIELDS = ("text", "kind", "language", "script", "skeleton")


def snapshot(organisations: Iterable[Organisation]) -> dict[str, Any]:
    """What entries say before an import changes them, by uid, JSON-ready. Two queries."""
    rows = {organisation.pk: organisation for organisation in organisations}
    found = {pk: _values_of(organisation) for pk, organisation in rows.items()}
    for name in OrganisationName.objects.filter(organisation__in=rows).order_by("pk"):
        until = name.until.isoformat() if name.until else None
        texts = {field: getattr(name, field) for field in NAME_FIELDS}
        found[name.organisation_id]["names"].append({**texts, "until": until})
    through = Organisation.sectors.through.objects.filter(organisation__in=rows)
    for pk, code in through.values_list("organisation_id", "sector__code"):
        found[pk]["sectors"].append(code)
    return {str(rows[pk].uid): values for pk, values in found.items()}


def _values_of(organisation: Organisation) -> dict[str, Any]:
    plain = {name: getattr(organisation, name) for name in PLAIN}
    day = organisation.source_date
    return {
        **plain,
        "city": organisation.city_id,
        "import_run": organisation.import_run_id,
        "source_date": day.isoformat() if day else "",
        "names": [],
        "sectors": [],
    }
