"""What can be told from a name, and which names sound alike."""

from pathlib import Path

import pytest

from incubators.duplicates import likely_duplicates
from incubators.enums import NameKind
from incubators.models import Country, OrganisationName
from incubators.names import language_of, reading_key, script_of, skeleton, slug_of, sort_key
from incubators.profiles import profile_of
from incubators.services.importing import check_file, commit_import
from incubators.services.names import Name, free_slug
from tests.incubators.factories import OrganisationFactory, PersonFactory, country, draft, secretary

REAL = Path(__file__).parents[2] / "incubators" / "fixtures" / "organisations.csv"


@pytest.mark.parametrize(
    ("text", "script"), [("Astana Hub", "Latn"), ("Үлгі Hub орталығы", "Cyrl"), ("ابتکار", "Arab"), ("2024 №", "")]
)
def test_script_is_that_of_most_letters(text: str, script: str) -> None:
    assert script_of(text) == script


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Технопарк", "Tehnopark"),
        ("Технопарк", "Technopark"),
        ("Кучкаров Хаб", "Kuchkarov Hab"),
        ("Алматы", "Almaty"),
        ("Zhezkazgan", "Жезказган"),
        ("INNO  hub!", "inno hub"),
        ("Ёлка", "Yolka"),
    ],
)
def test_spellings_of_one_name_have_one_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


def test_numbers_are_not_shortened() -> None:
    assert skeleton("School 1") != skeleton("School 11")


@pytest.mark.parametrize(
    ("text", "slug"), [("Қазтех", "qaztekh"), ("«»", "organisation"), ("A" * 200, "a" * 80), ("ابتکار", "btkr")]
)
def test_slug_is_ascii_and_short(text: str, slug: str) -> None:
    assert slug_of(text) == slug


def test_alphabets_are_sorted_together() -> None:
    assert sorted(["Гамма", "Beta", "Алма", "Delta"], key=sort_key) == ["Алма", "Beta", "Delta", "Гамма"]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("ru", ["1-й хаб", "«Азия»", "Акселератор", "Ёлка", "Жыл", "Aghaez", "AO"]),
        ("en", ["1-й хаб", "Aghaez", "Акселератор", "AO", "«Азия»", "Ёлка", "Жыл"]),
    ],
)
def test_readers_of_cyrillic_find_its_names_first_and_by_its_letters(language, expected):
    names = ["Aghaez", "Жыл", "AO", "«Азия»", "Ёлка", "Акселератор", "1-й хаб"]
    assert sorted(names, key=lambda name: reading_key(name, language)) == expected


@pytest.mark.parametrize(
    ("text", "iso2", "language"),
    [
        ("Үлгі орталығы", "KZ", "kk"),
        ("Инновациялык өнүгүү", "KG", "ky"),
        ("Маркази таҳқиқот", "TJ", "tg"),
        ("Государственный фонд", "KG", "ru"),
        ("Акселератор социальных проектов «Рухани жаңғыру»", "KZ", "ru"),
        ("«Рухани жаңғыру» орталығы", "KZ", "kk"),
        ("АО «Национальное агентство «Qaz»", "KZ", "ru"),
        ("Sanly çözgüt", "TM", "tk"),
        ("Astrum akademiyasi", "UZ", "uz"),
        ("Кыргызпатент", "KG", ""),
        ("ابتکار", "AF", ""),
        ("Alem", "KZ", ""),
    ],
)
def test_language_is_told_only_when_the_letters_tell(text: str, iso2: str, language: str) -> None:
    assert language_of(text, iso2) == language


@pytest.mark.django_db
def test_reserved_words_are_no_slugs() -> None:
    assert [free_slug(word) for word in ("New", "Queue", "Import")] == ["new-2", "queue-2", "import-2"]


@pytest.mark.django_db
def test_slug_is_never_what_another_organisation_is_called_in_short() -> None:
    OrganisationFactory(shown=[Name("High Technology Park", NameKind.DISPLAY, "en"), Name("ПВТ", NameKind.ACRONYM)])

    assert [free_slug("ПВТ"), free_slug("PVT"), free_slug("PVT Lab")] == ["pvt-2", "pvt-2", "pvt-lab"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "asked", ["Turkistan Hub", "Түркістан хаб", "Turkestan hub", "The Turkistan Hub LLC", "ТУРКИСТАН ХАБ"]
)
def test_variants_of_a_name_are_likely_duplicates(asked: str) -> None:
    names = [Name("Turkistan Hub", NameKind.DISPLAY, "en"), Name("Turkestan Hub", NameKind.ALIAS)]
    listed = OrganisationFactory(name="Turkistan Hub", shown=names)

    found = likely_duplicates(asked, country=country(), by=PersonFactory())

    assert [each.organisation for each in found] == [listed]


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["Astana Hub", "Business Incubator", "Innovation Centre of Osh", "Hub"])
def test_common_words_alone_make_no_duplicate(asked: str) -> None:
    for name in ("Turkistan Hub", "Business Incubator of Zhambyl University", "Innovation Centre of Almaty"):
        OrganisationFactory(name=name)

    assert likely_duplicates(asked, country=country(), by=PersonFactory()) == []


@pytest.mark.django_db
def test_other_countries_and_hidden_drafts_are_not_named() -> None:
    OrganisationFactory(name="Steppe House", iso2="KG")
    draft(name_en="Steppe House")

    assert likely_duplicates("Steppe House", country=Country.objects.get(iso2="KZ"), by=PersonFactory()) == []


@pytest.fixture
def registry(db: None) -> None:
    """The organisations that the product ships."""
    by = secretary()
    commit_import(run=check_file(data=REAL.read_bytes(), file_name="organisations.csv", by=by), by=by)


def titles(asked: str, iso2: str) -> list[str]:
    found = likely_duplicates(asked, country=country(iso2), by=PersonFactory())
    return [str(each.organisation) for each in found]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "iso2", "title"),
    [
        ("Алматинский бизнес инкубатор МОСТ", "KZ", "MOST Business Incubator"),
        ("КГТУ", "KG", "Technopark of the Razzakov Kyrgyz State Technical University"),
        ("Технопарк КГТУ им. Раззакова", "KG", "Technopark of the Razzakov Kyrgyz State Technical University"),
        ("KSTU Technopark", "KG", "Technopark of the Razzakov Kyrgyz State Technical University"),
        ("ПВТ", "KG", "High Technology Park of the Kyrgyz Republic"),
        ("пвт", "KG", "High Technology Park of the Kyrgyz Republic"),
        ("HTP", "KG", "High Technology Park of the Kyrgyz Republic"),
        ("КГ Лабс", "KG", "KG Labs Public Foundation"),
        ("ОФ «КГ Лабс»", "KG", "KG Labs Public Foundation"),
        ("KBTU", "KZ", "KBTU Startup Incubator"),
        ("Kyrgyz Software and Services Developers", "KG", "Kyrgyz Software and Services Developers Association"),
        ("Small and Medium Business Development Agency", "AZ", "Small and Medium Business Development Agency (KOBIA)"),
        ("ТГУПБП", "TJ", "TSUPBP Technology Park"),
    ],
)
def test_abbreviations_and_parts_of_real_names_are_found(registry: None, asked: str, iso2: str, title: str) -> None:
    assert title in titles(asked, iso2)


@pytest.mark.django_db
def test_few_real_names_are_taken_for_one_another(registry: None) -> None:
    pairs = {
        frozenset((str(name.organisation), other))
        for name in OrganisationName.objects.select_related("organisation__country")
        for other in titles(name.text, name.organisation.country.iso2)
        if other != str(name.organisation)
    }

    assert len(pairs) <= 10, pairs


@pytest.mark.django_db
def test_acronym_stands_beside_the_name_that_it_is_short_for() -> None:
    title, short = Name("Степной хаб", NameKind.DISPLAY, "ru"), Name("СХ", NameKind.ACRONYM)
    other = Name("Steppe House", NameKind.ALIAS)

    def told(*names: Name) -> list[str]:
        organisation = OrganisationFactory(titles={"en": "", "ru": title.text}, shown=list(names))
        return [name.text for _label, name in profile_of(organisation).names]

    assert told(title) == []
    assert told(title, short) == [title.text, short.text]
    assert sorted(told(title, short, other)) == sorted([short.text, other.text])
