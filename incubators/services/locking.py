"""The order in which rows are locked, so that two writers never cross: the organisation before its revision, several
organisations in the order of their keys. What is returned is as it stands after the wait.
"""

from collections.abc import Collection

from incubators.models import Organisation, Revision


def lock_revision(pk: int) -> Revision:
    """The revision with its organisation, both locked."""
    organisation = Organisation.objects.locked().get(revisions=pk)
    revision = Revision.objects.select_for_update(of=("self",)).get(pk=pk)
    revision.organisation = organisation
    return revision


def lock_revisions(uids: Collection[str]) -> list[Revision]:
    """Revisions of several organisations with these, all locked."""
    held = Organisation.objects.locked().filter(revisions__uid__in=uids).order_by("pk")
    organisations = {each.pk: each for each in held}
    revisions = list(Revision.objects.select_for_update(of=("self",)).filter(uid__in=uids).order_by("pk"))
    for revision in revisions:
        revision.organisation = organisations[revision.organisation_id]
    return revisions
