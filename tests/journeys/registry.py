"""What the journeys of the registry begin with: made inside the running platform, apart for every variant and run."""

import secrets
from datetime import date, timedelta
from typing import Any

from incubators.enums import ImportStatus, Origin
from incubators.models import (
    FocalPoint,
    ImportRun,
    Membership,
    Organisation,
    Revision,
)
from incubators.services.confirming import remind_of_age
from incubators.services.importing import check_file
from incubators.services.listing import open_revision, start_listing, submit_revision
from network_platform.people.models import User
from network_platform.zones import today
from tests.incubators.factories import OrganisationFactory, country, entry
from tests.journeys.data import person


def focal_of(tag: str, language: str, iso2: str) -> str:
    """Somebody who serves the country from today on; returns the address."""
    email = person(f"focal-{tag}", language)
    FocalPoint.objects.get_or_create(
        user=User.objects.get(email=email),
        country=country(iso2),
        defaults={"starts": date(2026, 1, 1), "is_deputy": True},
    )
    return email


def claiming(tag: str, language: str, iso2: str) -> dict[str, str]:
    """An imported entry with a site of its own, somebody who works there, and who serves the country."""
    made = _fresh(tag)
    host = f"claimed-{made}.example"
    organisation = OrganisationFactory(
        iso2=iso2,
        slug=f"claimed-{made}",
        name=f"Claimed Hub {made}",
        website=f"https://www.{host}/",
        website_host=host,
    )
    people = {"claimant": person(f"claimant-{made}", language), "focal": focal_of(tag, language, iso2)}
    return people | {"slug": organisation.slug, "name": str(organisation), "mailbox": f"info@{host}"}


def editors_of(slug: str) -> list[str]:
    return list(Organisation.objects.get(slug=slug).memberships.values_list("user__email", flat=True))


def moderating(tag: str, language: str, iso2: str) -> dict[str, str]:
    """A changed listing, a new one, and two more that can be approved together."""
    made = _fresh(tag)
    editor = User.objects.get(email=person(f"moderated-{made}", language))
    titles = {which: f"Moderated {which.title()} {made}" for which in ("changed", "declined", "first", "second")}
    _changed(titles["changed"], iso2, editor)
    for which in ("declined", "first", "second"):
        begun = start_listing(by=editor, name=titles[which], language="en", country=country(iso2))
        _send(begun, titles[which], editor)
    return titles | {"focal": focal_of(tag, language, iso2), "editor": editor.email}


def _changed(title: str, iso2: str, editor: User) -> None:
    organisation = OrganisationFactory(iso2=iso2, slug=title.lower().replace(" ", "-"), name=title)
    organisation.memberships.create(user=editor)
    _send(open_revision(organisation=organisation, by=editor), title, editor)


def _send(revision: Revision, title: str, editor: User) -> None:
    values = entry(name_en=title, name_ru="", description_ru="", website="", short_name="", other_names="")
    submit_revision(revision=revision, by=editor, version=revision.version, values=values)


def states_of(*titles: str) -> list[str]:
    """Where the newest revision with each title stands."""
    return [Revision.objects.filter(values__name_en=title).latest("pk").status for title in titles]


def confirming(tag: str, language: str) -> dict[str, str]:
    """An editor of two entries that count as confirmed for some months more; the reminders are on their way."""
    made = _fresh(tag)
    editor = User.objects.get(email=person(f"keeper-{made}", language))
    found = {"editor": editor.email}
    for which in ("mailed", "desk"):
        organisation = OrganisationFactory(
            slug=f"kept-{which}-{made}",
            name=f"Kept {which.title()} {made}",
            origin=Origin.EDITOR,
            verified_until=today() + timedelta(days=80),
        )
        organisation.memberships.create(user=editor)
        found |= {which: str(organisation), f"{which}_slug": organisation.slug}
    remind_of_age()
    return found


def days_left(slug: str) -> int:
    """How long the entry counts as confirmed."""
    return (Organisation.objects.get(slug=slug).verified_until - today()).days


def importing(tag: str, language: str, iso2: str) -> dict[str, str]:
    """Who imports; a file with headings of their own, one row of which is a mistake; and an import under way."""
    made = _fresh(tag)
    email = focal_of(f"{made}-importing", language, iso2)
    names = [f"Imported {word} {made}" for word in ("Hub", "School")]
    rows = [
        f"{names[0]};hub;{iso2};2018",
        f"{names[1]};accelerator;{iso2};2019",
        f"Imported Nowhere {made};hub;XX;2020",
    ]
    text = "\n".join(["What it is called;Sort;Where;Since", *rows, ""])
    run = check_file(
        data=f"name_en,type,country_iso2\nUnder Way {made},hub,{iso2}\n".encode(),
        file_name=f"under-way-{made}.csv",
        by=User.objects.get(email=email),
    )
    return {"focal": email, "text": text, "first": names[0], "second": names[1], "under_way": run.file_name}


def halfway(file_name: str) -> None:
    """A worker has the import in its hands: one of three rows is written."""
    running = {"status": ImportStatus.WAITING, "rows_to_write": 3, "rows_done": 1}
    ImportRun.objects.filter(file_name=file_name).update(**running)


def listed(*titles: str) -> int:
    return Organisation.objects.in_directory().filter(titles__en__in=titles).count()


def reporting(tag: str, language: str) -> dict[str, str]:
    """A listed incubator of Kazakhstan and its editor, and who serves the country; the demonstration has incubators to
    compare it with.
    """
    made = _fresh(tag)
    email = person(f"reporting-{made}", language)
    organisation = OrganisationFactory(slug=f"reporting-{made}", name=f"Reporting Hub {made}", kind="incubator")
    organisation.memberships.create(user=User.objects.get(email=email))
    people = {"editor": email, "focal": focal_of(tag, language, "KZ")}
    return people | {"slug": organisation.slug, "name": str(organisation)}


def listing(tag: str, language: str) -> dict[str, str]:
    """Somebody who edits nothing yet, and a name that the registry does not have."""
    made = _fresh(tag)
    return {"editor": person(f"listing-{made}", language), "name": f"Zerek {made.rpartition('-')[2]} Kemesi"}


def begun_by(email: str) -> list[dict[str, Any]]:
    """The newest revision of each organisation that somebody edits."""
    own = Membership.objects.filter(user__email=email).order_by("pk")
    newest = [each.organisation.revisions.latest("pk") for each in own]
    return [{"status": revision.status, "values": revision.values} for revision in newest]


def _fresh(tag: str) -> str:
    return f"{tag}-{secrets.token_hex(2)}"
