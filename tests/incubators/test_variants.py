"""How well duplicates are told from namesakes: recall over variants of real names, false pairs over organisations that
differ. `pytest tests/incubators/test_variants.py -s` prints the figures of docs/benchmarks.md.
"""

from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml

from incubators.likeness import ENOUGH, block_keys, likeness, name_of, side
from incubators.names import script_of

WRITTEN = yaml.safe_load((Path(__file__).parent / "variant_pairs.yaml").read_text(encoding="utf-8"))


def is_found(one: Any, other: Any) -> bool:
    """Compared at all, and alike enough."""
    return not set(block_keys(one)).isdisjoint(block_keys(other)) and likeness(one, other)[0] >= ENOUGH


def sides(names: list[str], signs: dict[str, str]) -> list[Any]:
    mails = [signs["mail"]] if "mail" in signs else []
    return [
        side([name], website_host=signs.get("website", ""), mails=mails, city=signs.get("city", "")) for name in names
    ]


def recall(written: list[Any]) -> tuple[float, str]:
    """The share that is found, and the figures by pair of scripts and by kind."""
    found: dict[str, list[bool]] = {}
    for _iso2, kind, *names, signs in (each if isinstance(each[-1], dict) else [*each, {}] for each in written):
        hit = is_found(*sides(names, signs))
        for group in ("-".join(sorted(map(script_of, names))), kind):
            found.setdefault(group, []).append(hit)
    scripts = [hits for group, hits in found.items() if "-" in group]
    told = ", ".join(f"{group} {sum(hits)}/{len(hits)}" for group, hits in sorted(found.items()))
    return sum(map(sum, scripts)) / sum(map(len, scripts)), told


def test_variants_of_real_names_are_found() -> None:
    share, told = recall(WRITTEN["variants"])

    print(f"\n{len(WRITTEN['variants'])} variants, {share:.1%} found: {told}")
    assert len(WRITTEN["variants"]) >= 200
    assert share >= 0.95, told


def test_variants_that_nothing_was_adjusted_to_are_found() -> None:
    share, told = recall(WRITTEN["fresh"])

    print(f"\n{len(WRITTEN['fresh'])} fresh variants, {share:.1%} found: {told}")
    assert share >= 0.8, told


def test_organisations_that_sound_alike_are_told_apart() -> None:
    pairs = [pair for family in WRITTEN["siblings"] for pair in combinations(told_of(family), 2)]

    wrong = [(one, other) for (one, a), (other, b) in pairs if is_found(a, b)]

    print(f"\n{len(pairs)} pairs of siblings, {len(wrong)} taken for one: {wrong}")
    assert len(pairs) >= 400
    assert len(wrong) / len(pairs) <= 0.02, wrong


ADJECTIVES = (
    "Алматинский Алмаатинский Астанинский Карагандинский Костанайский Павлодарский Актюбинский Шымкентский Туркестанский "
    "Бишкекский Ошский Нарынский Таласский Джалалабадский Душанбинский Худжандский Хорогский Ташкентский Самаркандский "
    "Бухарский Ферганский Андижанский Наманганский Навоийский Нукусский Бакинский Сумгаитский Гянджинский Ашхабадский "
    "Кабульский Гератский"
)


def test_adjectives_of_cities_are_read_as_their_places() -> None:
    groups = {word: {each.group for each in name_of(word + " хаб").words} for word in ADJECTIVES.split()}

    assert {word: found for word, found in groups.items() if found != {"places", "kinds"}} == {}


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("Алматинский бизнес инкубатор МОСТ", "MOST Business Incubator", True),
        ("Impact Hub", "Impact Hub Almaty", True),
        ("Impact Hub Almaty", "Импакт хаб Астана", False),
        ("Бишкекский стартап-хаб", "Bishkek Startup Hub", True),
        ("Ошский технопарк", "Нарынский технопарк", False),
    ],
)
def test_a_place_that_only_one_name_has_is_little_beside_a_shared_word_of_its_own(
    one: str, other: str, found: bool
) -> None:
    assert is_found(side([one]), side([other])) is found


def told_of(family: dict[str, Any]) -> list[tuple[str, Any]]:
    """Each name with what is compared."""
    return list(zip(family["names"], sides(family["names"], family), strict=True))
