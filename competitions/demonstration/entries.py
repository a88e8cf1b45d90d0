"""Invented entries: plausible answers in English or Russian, frozen by the same service as real ones."""

import hashlib
import random
from datetime import datetime, timedelta
from functools import cache

import typst
from django.core.files.base import ContentFile

from competitions.demonstration.calls import texts
from competitions.enums import EntryState
from competitions.models import Attachment, Competition, Entry, Revision
from competitions.services.digests import canonical, digest_of
from competitions.services.entries import content_of
from incubators.models import Startup

CITIES = {
    "AF": {"en": "Herat", "ru": "Герат"},
    "AZ": {"en": "Ganja", "ru": "Гянджа"},
    "KZ": {"en": "Shymkent", "ru": "Шымкент"},
    "KG": {"en": "Osh", "ru": "Ош"},
    "TJ": {"en": "Khujand", "ru": "Худжанд"},
    "TM": {"en": "Mary", "ru": "Мары"},
    "UZ": {"en": "Fergana", "ru": "Фергана"},
}
GREEN = ("agritech", "circular", "climate_adaptation", "energy", "water", "cleantech", "greentech")
NAMES_SLIDES = ("in the slides", "в презентации")
PAPER = """#set page(width: 16cm, height: 9cm)
#set text(size: 16pt)
"""
SLIDES = {
    "en": """= Sample slides
This file belongs to an invented entry of the demonstration.
#pagebreak()
= How we counted
What went in, less what came out, once a week.
#pagebreak()
= Numbers
#table(columns: 4, [Site], [Weeks], [Before, kg], [After, kg],
[1], [12], [410], [322], [2], [12], [388], [301], [3], [11], [452], [367], [4], [12], [397], [318])
""",
    "ru": """= Образец презентации
Этот файл относится к вымышленной заявке.
#pagebreak()
= Как мы считали
Сколько вошло минус сколько вышло, раз в неделю.
#pagebreak()
= Цифры
#table(columns: 4, [Место], [Недель], [До, кг], [После, кг],
[1], [12], [410], [322], [2], [12], [388], [301], [3], [11], [452], [367], [4], [12], [397], [318])
""",
}


def answers_for(startup: Startup, language: str, dice: random.Random) -> dict[str, str]:
    """One set of answers; the same dice give the same words."""
    told = texts()["answers"][language]
    place = CITIES[startup.country.iso2][language]
    counts = {
        "people": texts()["people"][language][dice.randint(3, 6)],
        "asked": dice.randint(24, 60),
        "said": dice.randint(11, 21),
        "built": dice.randint(4, 14),
        "months": dice.randint(3, 9),
        "saved": dice.randint(8, 34),
    }
    slots = {"city": place, "summary": startup.summary, **counts}
    long = {code: dice.choice(told[code]).format(**slots) for code in ("team", "problem", "solution", "effect")}
    elsewhere = {"elsewhere": dice.choice(told["elsewhere"])} if dice.random() < 0.85 else {}
    return {
        **long,
        **elsewhere,
        "solution_name": startup.name,
        "proof": dice.choice(["prototype", "pilot", "pilot", "sales"]),
        "jobs": str(dice.randint(2, 40)),
        "own_money": str(dice.randint(1, 40) * 500),
    }


def submit_all(
    competition: Competition, startups: list[Startup], *, opened: datetime, closed: datetime, seed: int
) -> list[Entry]:
    """A submitted entry for each start-up, received at some hour of the window; a few statements, no journal."""
    dice = random.Random(seed)  # noqa: S311 - the demonstration is the same every time
    tracks = {track.code: track for track in competition.tracks.all()}
    green = set(Startup.objects.filter(sectors__code__in=GREEN).values_list("pk", flat=True))
    form = competition.forms.get(is_current=True)
    hours = sorted(opened + (closed - opened) * dice.betavariate(5, 1.4) for _ in startups)
    confirmed = list(competition.eligibility_rules.filter(kind="statement").values_list("pk", flat=True))
    entries = [
        Entry(
            competition=competition,
            startup=startup,
            form=form,
            track=tracks.get("green" if startup.pk in green else "services"),
            language=startup.language if startup.language in ("en", "ru") else "en",
            stage=startup.stage,
            state=EntryState.WITHDRAWN,
            serial=serial,
            answers=answers_for(startup, startup.language if startup.language in ("en", "ru") else "en", dice),
            confirmed=confirmed,
            version=12,
            started_at=hour - timedelta(days=dice.uniform(0.5, 9)),
            saved_at=hour - timedelta(minutes=2),
        )
        for serial, (startup, hour) in enumerate(zip(startups, hours, strict=True), start=1)
    ]
    made = Entry.objects.bulk_create(entries)
    _freeze_all(made, hours)
    return made


def _freeze_all(entries: list[Entry], hours: list[datetime]) -> None:
    with_slides = [entry for number, entry in enumerate(entries) if number % 12 == 0 or _names_slides(entry)]
    files = {entry.pk: [attach_slides(entry)] for entry in with_slides}
    revisions = []
    for entry, hour in zip(entries, hours, strict=True):
        content = canonical(content_of(entry, 1, entry.answers, files.get(entry.pk, []), hour))
        revisions.append(
            Revision(
                entry=entry,
                number=1,
                form=entry.form,
                answers=entry.answers,
                content=content,
                digest=digest_of(content),
                language=entry.language,
                received_at=hour,
                submitted_by=None,
            )
        )
    for entry, revision in zip(entries, Revision.objects.bulk_create(revisions), strict=True):
        entry.standing, entry.state = revision, EntryState.IN_ROUND
        if entry.pk in files:
            revision.attachments.add(*files[entry.pk])
    Entry.objects.bulk_update(entries, ["standing", "state"])


def _names_slides(entry: Entry) -> bool:
    return any(words in text for text in entry.answers.values() for words in NAMES_SLIDES)


def attach_slides(entry: Entry) -> Attachment:
    data = slides(entry.language)
    return Attachment.objects.create(
        entry=entry,
        question="slides",
        file=ContentFile(data, name=f"{entry.uid.hex}.pdf"),
        name="slides.pdf",
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        pages=3,
    )


@cache
def slides(language: str) -> bytes:
    return bytes(typst.compile((PAPER + SLIDES[language]).encode()))
