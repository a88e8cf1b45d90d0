"""Twenty-four questions as people type them, inflected or in another script, over the real organisations."""

import csv

import pytest
from django.conf import settings

from network_platform.search.results import results_for
from network_platform.search.services import Document, put_many

ORGANISATIONS = settings.BASE_DIR / "incubators" / "fixtures" / "organisations.csv"
QUESTIONS = {
    "Кыргызпатента": "Kyrgyzpatent (State Agency for Intellectual Property and Innovation)",
    "Kirgizpatent": "Kyrgyzpatent (State Agency for Intellectual Property and Innovation)",
    "технопарком Исанова": "Technopark Science and Technology Centre of the Isanov University (KSUCTA)",
    "Ilmkhona": "Ilmhona",
    "Технохаб Душанбе": "Technohub Dushanbe",
    "Астана хаб": "Astana Hub",
    "акселератора социальных проектов": "Accelerator of Social Projects (Kazakhstan Institute of Public Development)",
    "государственного фонда интеллектуальной собственности": "State Fund of Intellectual Property (Kyrgyzpatent)",
    "Шымкента": "Shymkent IT Hub",
    "в Чирчике": "Astrum IT Academy",
    "Нукусе": "IT Park Nukus branch",
    "Инха в Ташкенте": "IT Incubation Center of Inha University in Tashkent",
    "международному научно-технологическому парку": (
        "International Science and Technology Park of the Academy of Sciences of Turkmenistan"
    ),
    "туркменарагатнашык": "Türkmenaragatnaşyk Agency",
    "Яшнободе": "Yashnobod Innovation Technopark",
    "Мирзо Улугбека": "Mirzo Ulugbek Innovation Center",
    "сабах лаб": "SABAH.lab",
    "Хорога": "Khorog Centre for Entrepreneurship",
    "Нарыне": "Naryn Centre for Entrepreneurship",
    "Жылдыз": "Jyldyz Academy",
    "Қарағанды Бөкетов": "Karaganda Buketov University Scientific Technopark",
    "Кафказ": "Social Innovations Lab, Qafqaz University",
    "کابل": "TechNation",
    "инновационном хабе Сумгаита": "Sumgait Innovation Hub",
}


def body(row):
    return " ".join(row[name] for name in ("name_local", "other_names", "city", "description_en"))


@pytest.fixture
def organisations(db):
    with ORGANISATIONS.open(encoding="utf-8") as rows:
        put_many(
            Document(kind="organisation", key=row["name_en"][:60], title=row["name_en"], url="/", body=body(row))
            for row in csv.DictReader(rows)
        )


def test_all_twenty_four_questions_find_their_organisation(organisations):
    missed = {
        question
        for question, name in QUESTIONS.items()
        if name not in [found.title for found in results_for(question, audiences=["public"]).things]
    }

    assert len(QUESTIONS) == 24
    assert missed == set()


def test_a_question_finds_few_others(organisations):
    counts = {question: results_for(question, audiences=["public"]).total for question in QUESTIONS}

    assert {question for question, count in counts.items() if count > 10} == set()
