"""The kinds of things that are imported."""

from incubators.enums import ImportKind
from incubators.services.import_figures import YearlyReports
from incubators.services.import_kind import ImportedKind
from incubators.services.import_organisations import Organisations
from incubators.services.import_programmes import Programmes
from incubators.services.import_startups import Startups

KINDS: dict[str, ImportedKind] = {
    kind.code: kind for kind in (Organisations(), Programmes(), Startups(), YearlyReports())
}


def kind_of(code: str | ImportKind) -> ImportedKind:
    return KINDS[code]
