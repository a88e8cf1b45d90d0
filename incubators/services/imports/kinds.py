"""The kinds of things that are imported."""

from incubators.enums import ImportKind
from incubators.services.imports.figures import YearlyReports
from incubators.services.imports.kind import ImportedKind
from incubators.services.imports.organisations import Organisations
from incubators.services.imports.programmes import Programmes
from incubators.services.imports.startups import Startups

KINDS: dict[str, ImportedKind] = {
    kind.code: kind for kind in (Organisations(), Programmes(), Startups(), YearlyReports())
}


def kind_of(code: str | ImportKind) -> ImportedKind:
    return KINDS[code]
