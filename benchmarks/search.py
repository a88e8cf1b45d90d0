"""Text search over 50,000 documents: CPU milliseconds and queries for each question, on DATABASE_URL's database.

    PLATFORM_VAR=/tmp/bench python benchmarks/search.py [documents]

It migrates, plants its own documents once (audience `benchmark`) and asks. On PostgreSQL the time of the database's
own process is unseen by CPU time, so the wall-clock time stands beside it.
"""

import os
import random
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network_platform.settings")
os.environ["PLATFORM_MODE"] = "test"
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from network_platform.search.models import SearchDocument  # noqa: E402
from network_platform.search.results import results_for  # noqa: E402
from network_platform.search.services import Document, put_many  # noqa: E402

COMMON = """
    стартап инкубатор акселератор технопарк проект развитие инновации центр поддержка программа
""".split()  # noqa: SIM905
COMMON += """
    startup incubator accelerator technopark project development innovation centre support programme
""".split()  # noqa: SIM905
FIRST = """
    Алишер Динара Гульнара Фарход Джамшед Айгуль Нурлан Бахтиёр Sherzod Aynur Rashad Leyla Merdan Oguljan
""".split()  # noqa: SIM905
LAST = """
    Кучкоров Рахимов Назарбаев Маматов Асанов Исмаилов Qo'chqorov Yo'ldoshev Əliyev Mämmedow Karimzada
""".split()  # noqa: SIM905
PLACES = """
    Алматы Астана Бишкек Ош Душанбе Худжанд Ташкент Самарканд Нукус Ашхабад Baku Ganja Kabul Herat
""".split()  # noqa: SIM905
KINDS = ["organisation", "startup", "expert", "chapter", "news"]
QUESTIONS = {
    "a name": "Кучкоров",
    "a name in the other script": "qochqorov alisher",
    "two words": "инкубаторы Душанбе",
    "a word of one in ten": "технопарками",
    "three letters still typed": "тех",
    "a rare word": "zzyx4242",
    "nothing": "отсутствующееслово",
    "a word of every document": "сеть",
}


def vocabulary(chance: random.Random) -> list[str]:
    syllables = "ба ве го ду за ки ло ми ну пе ра со ту фа хо ци ша щу эр ям".split()  # noqa: SIM905
    return ["".join(chance.choices(syllables, k=chance.randint(2, 5))) + chance.choice("йнлрт") for _ in range(20_000)]


def documents(count: int) -> Iterator[Document]:
    chance = random.Random(7)  # noqa: S311 - the same documents each time
    rare = vocabulary(chance)
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        who = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
        topic = chance.sample(COMMON, 2)
        title = who if kind == "expert" else f"{topic[0]} {chance.choice(rare)} {chance.choice(PLACES)}"
        body = ["сеть", *topic, *chance.sample(rare, 40), who, chance.choice(PLACES), f"zzyx{number}"]
        yield Document(
            kind=kind, key=f"bench-{number}", title=title, url=f"/{kind}/{number}/", body=" ".join(body),
            summary=" ".join(body[:12]), language=chance.choice(["en", "ru"]), audience="benchmark",
        )  # fmt: skip


def plant(count: int) -> None:
    call_command("migrate", verbosity=0)
    if SearchDocument.objects.filter(audience="benchmark").count() == count:
        return
    SearchDocument.objects.filter(audience="benchmark").delete()
    batch, started = [], time.perf_counter()
    for document in documents(count):
        batch.append(document)
        if len(batch) == 1000:
            put_many(batch)
            batch = []
    put_many(batch)
    print(f"planted {count} documents in {time.perf_counter() - started:.1f} s")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def ask(words: str) -> None:
    results_for(words, audiences={"benchmark"}, prefer="ru")


def measure(words: str, repeats: int = 15) -> tuple[float, float, int]:
    ask(words)
    cpu, wall = [], []
    for _ in range(repeats):
        started, ticked = time.perf_counter(), time.process_time()
        ask(words)
        cpu.append(time.process_time() - ticked)
        wall.append(time.perf_counter() - started)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        ask(words)
    return statistics.median(cpu) * 1000, statistics.median(wall) * 1000, len(captured)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    plant(count)
    print(f"{connection.vendor}, {count} documents")
    print(f"{'question':34}{'CPU ms':>8}{'wall ms':>9}{'queries':>9}")
    for name, words in QUESTIONS.items():
        cpu, wall, queries = measure(words)
        print(f"{name:34}{cpu:8.1f}{wall:9.1f}{queries:9}")


if __name__ == "__main__":
    main()
