"""What entries say before somebody changes them, so that it can be taken back."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from incubators.listing_values import PLAIN
from incubators.models import Organisation, OrganisationName, Sdg, Sector
from incubators.services.related import replace_related

UNDO_COLUMNS = (*PLAIN, "website_host", "descriptions", "source_url", "source_note", "titles", "sort_key")
NAME_FIELDS = ("text", "kind", "language", "script", "skeleton")


def snapshot(organisations: Iterable[Organisation]) -> dict[str, Any]:
    """What entries say before they are changed, by uid, JSON-ready. Three queries."""
    rows = {organisation.pk: organisation for organisation in organisations}
    found = {pk: _values_of(organisation) for pk, organisation in rows.items()}
    for name in OrganisationName.objects.filter(organisation__in=rows).order_by("pk"):
        until = name.until.isoformat() if name.until else None
        texts = {field: getattr(name, field) for field in NAME_FIELDS}
        found[name.organisation_id]["names"].append({**texts, "until": until})
    through = Organisation.sectors.through.objects.filter(organisation__in=rows)
    for pk, code in through.values_list("organisation_id", "sector__code"):
        found[pk]["sectors"].append(code)
    goals = Organisation.sdgs.through.objects.filter(organisation__in=rows)
    for pk, number in goals.values_list("organisation_id", "sdg__number"):
        found[pk]["sdgs"].append(number)
    return {str(rows[pk].uid): values for pk, values in found.items()}


def set_columns_back(organisation: Organisation, values: dict[str, Any]) -> None:
    """Unsaved: the columns as they were; names, sectors and goals are rows, see `restore_related`.

    A column that is younger than `values` stays as it is.
    """
    for name in UNDO_COLUMNS:
        setattr(organisation, name, values.get(name, getattr(organisation, name)))
    organisation.city_id, organisation.import_run_id = values["city"], values["import_run"]
    organisation.source_date = date.fromisoformat(values["source_date"]) if values["source_date"] else None


def restore_related(found: list[Organisation], before: dict[str, Any]) -> None:
    """Names, sectors and goals as they were; `before` as `snapshot` gives it."""
    _restore_names(found, before)
    _restore_sectors(found, before)
    _restore_goals(found, before)


def _restore_names(found: list[Organisation], before: dict[str, Any]) -> None:
    OrganisationName.objects.filter(organisation__in=found).delete()
    OrganisationName.objects.bulk_create(
        OrganisationName(organisation=organisation, **name)
        for organisation in found
        for name in before[str(organisation.uid)]["names"]
    )


def _restore_sectors(found: list[Organisation], before: dict[str, Any]) -> None:
    said = [(each.pk, before[str(each.uid)]["sectors"]) for each in found]
    ids = dict(Sector.objects.values_list("code", "pk"))
    replace_related(Organisation.sectors.through, "organisation", "sector", ids, said)


def _restore_goals(found: list[Organisation], before: dict[str, Any]) -> None:
    """As far as the values speak of them: they are younger than the rest."""
    said = [(each.pk, goals) for each in found if (goals := before[str(each.uid)].get("sdgs")) is not None]
    ids = dict(Sdg.objects.values_list("number", "pk"))
    replace_related(Organisation.sdgs.through, "organisation", "sdg", ids, said)


def _values_of(organisation: Organisation) -> dict[str, Any]:
    plain = {name: getattr(organisation, name) for name in UNDO_COLUMNS}
    day = organisation.source_date
    return {
        **plain,
        "city": organisation.city_id,
        "import_run": organisation.import_run_id,
        "source_date": day.isoformat() if day else "",
        "names": [],
        "sectors": [],
        "sdgs": [],
    }
