"""The registry of the demonstration: real organisations, offices and editors held by invented people."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any, TextIO, cast

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from incubators.enums import FieldGroup, OrganisationStatus
from incubators.models import (
    Confirmation,
    Country,
    FocalPoint,
    Indicator,
    Organisation,
    Programme,
    Remark,
    Revision,
    Sdg,
    Sector,
    Startup,
    Transfer,
    YearlyFigures,
)
from incubators.names import slug_of
from incubators.own_figures import Reporting
from incubators.sample_offers import offer
from incubators.sample_startups import Sample, sample
from incubators.services.claims import claim_organisation
from incubators.services.confirming import CONFIRMED_FOR
from incubators.services.figure_values import count_name
from incubators.services.figures import accept_figures, query_figures, save_figures, submit_figures
from incubators.services.importing import check_file, commit_import
from incubators.services.listing import open_revision, start_listing, submit_revision
from incubators.services.open_data import write_open_data
from incubators.services.pairs import find_pairs
from incubators.services.reference import load_reference
from incubators.services.reindexing import touch_registry
from incubators.services.remarks import make_remark
from incubators.services.review import approve_revision, request_changes
from incubators.services.startups import create_startup
from incubators.services.transfers import ask_for_transfer
from incubators.yearly import last_year, offered_years
from network_platform.people.demonstration import past_mails, person
from network_platform.people.models import User

FILE = Path(__file__).resolve().parent / "fixtures" / "organisations.csv"
OFFICES = ("kz", "kg", "tj", "uz", "az")
CONFIRMED = {
    "KZ": ("astana-hub", "kbtu-startup-incubator", "impact-hub-almaty"),
    "KG": ("high-technology-park-of-the-kyrgyz-republic", "ololo"),
    "TJ": ("technohub-dushanbe", "ilmhona"),
    "UZ": ("it-park-uzbekistan", "astrum-it-academy", "wiut-creative-incubator"),
    "AZ": ("innoland", "baku-business-factory"),
}
# What incubator@demo.example has written: one entry for each state that an editor meets.
SAMPLES = {
    "listed": ("KZ", "Үлгі Инкубатор", "Ülgi Sample Incubator", "Алматы"),
    "listed-uz": ("UZ", "Намуна Акселератор", "Namuna Sample Accelerator", "Ташкент"),
    "submitted": ("KZ", "Үлгі Акселератор", "Ülgi Sample Accelerator", "Астана"),
    "submitted-kg": ("KG", "Үлгү Технопарк", "Ulgu Sample Technology Park", "Бишкек"),
    "changes-requested": ("KG", "Үлгү Хаб", "Ulgu Sample Hub", "Ош"),
    "draft": ("KZ", "Үлгі Мектеп", "Ülgi Sample School", ""),
}
# Invented incubators that report figures, so that those of "listed" have something to be compared with.
PEERS = (
    ("KZ", "Үлгі Бастау", "Ulgi Sample Start"),
    ("KZ", "Үлгі Дала", "Ulgi Sample Steppe"),
    ("KG", "Үлгү Булак", "Ulgu Sample Spring"),
    ("KG", "Үлгү Тоо", "Ulgu Sample Mountain"),
    ("UZ", "Namuna Bogʻ", "Namuna Sample Garden"),
    ("UZ", "Namuna Yoʻl", "Namuna Sample Road"),
    ("TJ", "Намуна Чашма", "Namuna Sample Well"),
    ("AZ", "Nümunə Yuva", "Numune Sample Nest"),
)
PUBLISHING = (0, 3)  # the editor's own, and one of these
KINDS = {
    "listed": "incubator",
    "listed-uz": "accelerator",
    "submitted": "accelerator",
    "submitted-kg": "technopark",
    "changes-requested": "hub",
}


def load(stdout: TextIO) -> None:
    """Safe to repeat: what is there stays."""
    load_reference()
    open_offices()
    import_organisations()
    startups = sample_startups(60)
    with past_mails("incubators/"):
        confirm_some()
        list_samples()
        report_samples()
        offer_samples(startups)
        find_work()
    write_open_data()
    stdout.write(
        f"Registry: {Organisation.objects.count()} organisations, {len(startups)} start-ups, "
        f"{Programme.objects.count()} programmes"
    )


def open_offices() -> None:
    for iso2 in OFFICES:
        country = Country.objects.get(iso2=iso2.upper())
        holder = person(f"focal.{iso2}@demo.example")
        if not FocalPoint.objects.of(country).filter(user=holder).exists():
            FocalPoint.objects.create(user=holder, country=country, starts=date(2026, 1, 1))


def import_organisations() -> None:
    """The 142 real ones, as the secretariat, unverified; a second time nothing changes."""
    secretariat = person("secretariat@demo.example")
    run = check_file(data=FILE.read_bytes(), file_name=FILE.name, by=secretariat)
    if run.report["counts"]["new"] or run.report["counts"]["changed"]:
        commit_import(run=run, by=secretariat)
    else:
        run.delete()


@transaction.atomic
def confirm_some() -> None:
    """As if these had been confirmed by their focal points some weeks ago."""
    confirmed = timezone.now() - timedelta(days=65)
    for iso2, slugs in CONFIRMED.items():
        holder = person(f"focal.{iso2.lower()}@demo.example")
        for organisation in Organisation.objects.filter(slug__in=slugs, verified_until=None):
            organisation.verified_until = timezone.localdate(confirmed) + CONFIRMED_FOR
            organisation.save(update_fields=["verified_until"])
            Confirmation.objects.bulk_create(
                Confirmation(organisation=organisation, group=group, by=holder, at=confirmed) for group in FieldGroup
            )
    touch_registry()


@transaction.atomic
def list_samples() -> None:
    """Invented organisations in every state that an editor or reviewer meets, and a claim."""
    editor = person("incubator@demo.example")
    if Organisation.objects.filter(memberships__user=editor).exists():
        return
    revisions = {state: start_sample(state, editor) for state in SAMPLES}
    for state in KINDS:
        revisions[state] = send_sample(revisions[state], editor)
    listed = approve_revision(revision=revisions["listed"], by=person("focal.kz@demo.example")).organisation
    approve_revision(revision=revisions["listed-uz"], by=person("focal.uz@demo.example"))
    comments = {"description_ru": "Напишите, пожалуйста, сколько команд вы принимаете в год.", "website": ""}
    request_changes(revision=revisions["changes-requested"], by=person("focal.kg@demo.example"), comments=comments)
    propose_change(listed, editor)
    claimed = Organisation.objects.get(slug="turkistan-hub")
    claim_organisation(organisation=claimed, by=person("founder@demo.example"), evidence="Работаю там с 2024 года.")


@transaction.atomic
def report_samples() -> None:
    """Figures of invented organisations that can be compared, in every state that an editor or reviewer meets."""
    secretariat, editor = person("secretariat@demo.example"), person("incubator@demo.example")
    if YearlyFigures.objects.exists():
        return
    own = Organisation.objects.get(memberships__user=editor, status=OrganisationStatus.LISTED, country__iso2="KZ")
    reporters = [own, *(list_peer(*peer) for peer in PEERS)]
    for number, organisation in enumerate(reporters):
        for year in offered_years():
            figures = report_sample(organisation, year, number)
            if (organisation, year) != (reporters[1], last_year()):  # which waits for the focal point
                accept_figures(figures=figures, by=secretariat)
    question = "Сколько из этих стартапов прошли больше одной программы?"
    asked = own.yearly_figures.get(year=offered_years()[-1])
    query_figures(figures=asked, by=person("focal.kz@demo.example"), question=question)
    # As if the edited ones had been listed before the figures of last year were due, so that some of them are late.
    before = timezone.now() - timedelta(days=730)
    edited = Organisation.objects.filter(memberships__isnull=False).exclude(listed_at=None)
    edited.update(listed_at=before, created_at=before)


def list_peer(iso2: str, name: str, latin: str) -> Organisation:
    """An invented incubator of the region that is listed, and edited by an invented person; each has its own site."""
    site = f"{slug_of(latin)}.example"
    holder = User.objects.get_or_create(
        email=f"editor@{site}", defaults={"name": name, "password": make_password(None)}
    )[0]
    country = Country.objects.get(iso2=iso2)
    revision = start_listing(by=holder, name=name, language="ru", country=country)
    own = {"name_ru": name, "name_en": latin, "city": "", "website": f"https://{site}"}
    values = revision.values | entry_of("listed") | own
    sent = submit_revision(revision=revision, by=holder, version=revision.version, values=values)
    return approve_revision(revision=sent, by=person("secretariat@demo.example")).organisation


def report_sample(organisation: Organisation, year: int, number: int) -> YearlyFigures:
    """Every indicator that is asked, with numbers that differ a little from organisation to organisation and grow from
    year to year; two are published.
    """
    grown = len(offered_years()) - (last_year() - year)
    supported = 12 + number + grown
    counted = [each for each in Indicator.objects.asked_in(year) if not each.is_money]
    typed = {count_name(each.code): 1 + number % 5 for each in counted} | {
        "figure_startups_supported": supported,
        "figure_startups_survived": 3 + number % 4,
        "figure_jobs": supported * 4 + number * 3,
        "figure_women_founders": 4 + number,
        "money_money_raised_1_amount": 1_000_000 * (supported + number),
        "money_money_raised_1_kind": "grant",
        "money_money_raised_1_currency": organisation.country.currency,
        "money_money_raised_2_amount": 5_000 * (number + grown),
        "money_money_raised_2_kind": "equity",
        "money_money_raised_2_currency": "USD",
    }
    holder = organisation.memberships.get().user
    values = {name: str(value) for name, value in typed.items()}
    figures = save_figures(organisation=organisation, year=year, by=holder, version=0, values=values)
    report, shown = Reporting(figures).kept.report(), number in PUBLISHING
    return submit_figures(figures=figures, by=holder, version=figures.version, values=report, is_published=shown)


def offer_samples(startups: list[Startup]) -> None:
    """Programmes and calls of the invented organisations that are listed, with start-ups that were there."""
    editor = person("incubator@demo.example")
    listed = Organisation.objects.public().filter(memberships__user=editor).select_related("country", "city")
    for organisation in listed.order_by("pk"):
        offer(organisation, by=editor, startups=startups)


def find_work() -> None:
    """What the registry's keepers find: likely duplicates, a reader's remark, a wish to move an invented entry."""
    find_pairs()
    organisation = Organisation.objects.get(slug="ilmhona")
    if not Remark.objects.exists():
        text = "Придумано для показа: на сайте указан другой год основания."
        make_remark(organisation=organisation, text=text, group=FieldGroup.FACTS, language="ru", by=None)
    if not Transfer.objects.exists():
        kazakh = Organisation.objects.filter(memberships__user__email="incubator@demo.example", status="listed")
        ask_for_transfer(
            organisation=cast(Organisation, kazakh.order_by("pk").first()),
            target=Country.objects.get(iso2="UZ"),
            by=person("focal.kz@demo.example"),
            reason="Придумано для показа: команда переехала в Ташкент.",
        )


def start_sample(state: str, editor: User) -> Revision:
    iso2, name, _name_en, _city = SAMPLES[state]
    return start_listing(by=editor, name=name, language="ru", country=Country.objects.get(iso2=iso2))


def send_sample(revision: Revision, editor: User) -> Revision:
    state = next(key for key, sample_ in SAMPLES.items() if sample_[1] == revision.values["name_ru"])
    values = revision.values | entry_of(state)
    return submit_revision(revision=revision, by=editor, version=revision.version, values=values)


def entry_of(state: str) -> dict[str, Any]:
    """A complete, invented entry."""
    _iso2, name, name_en, city = SAMPLES[state]
    return {
        "display": "ru",
        "name_ru": name,
        "name_en": name_en,
        "short_name": "",
        "other_names": "",
        "kind": KINDS[state],
        "city": city,
        "founded_year": 2024,
        "website": "https://sample.example",
        "languages": ["ru", "en"],
        "description_en": "Invented for the demonstration: six months of support for twelve teams a year, free.",
        "description_ru": "Придумано для показа: шесть месяцев поддержки для двенадцати команд в год, бесплатно.",
        "sectors": ["circular", "agritech"],
        "sdgs": [8, 9, 12],
    }


def propose_change(organisation: Organisation, editor: User) -> None:
    """A change of a listed entry waits for the focal point of Kazakhstan."""
    revision = open_revision(organisation=organisation, by=editor)
    text = "Придумано для показа: девять месяцев поддержки для двадцати команд в год, бесплатно, на трёх языках."
    values = revision.values | {"description_ru": text, "founded_year": 2023, "languages": ["ru", "en", "kk"]}
    submit_revision(revision=revision, by=editor, version=revision.version, values=values)


def sample_startups(number: int) -> list[Startup]:
    """The first `number` invented start-ups, made if they are missing; founder@ and founder2@ own the first two."""
    return [ensure_startup(n) for n in range(number)]


def ensure_startup(number: int) -> Startup:
    told, founder = sample(number), founder_of(number)
    existing = Startup.objects.filter(name=told.name, members__user=founder).first()
    return existing or make_startup(told, founder)


def make_startup(told: Sample, founder: User) -> Startup:
    return create_startup(
        by=founder,
        name=told.name,
        country=Country.objects.get(iso2=told.iso2),
        stage=told.stage,
        summary=told.idea.ru if told.language == "ru" else told.idea.en,
        language=told.language,
        founded=date(told.founded_year, 3, 1),
        team_size=told.team_size,
        sectors=Sector.objects.filter(code__in=told.idea.sectors),
        sdgs=Sdg.objects.filter(number__in=told.idea.sdgs),
    )


def founder_of(number: int) -> User:
    """An invented founder; those after the first two cannot sign in."""
    if number < 2:
        return person(f"founder{number + 1 if number else ''}@demo.example")
    told = sample(number)
    defaults = {
        "name": f"Основатель {number + 1}-Пример" if told.language == "ru" else f"Founder {number + 1} Sample",
        "name_latin": f"Founder {number + 1} Sample",
        "language": told.language,
        "password": make_password(None),
    }
    return User.objects.get_or_create(email=f"team{number + 1}@demo.example", defaults=defaults)[0]
