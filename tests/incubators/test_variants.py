"""How well duplicates are told from namesakes: recall over variants of real names, false pairs over organisations that
differ. `pytest tests/incubators/test_variants.py -s` prints the figures of docs/benchmarks.md.
"""

from itertools import combinations
from pathlib import Path
from typing import Any

import yaml

from incubators.likeness import ENOUGH, block_keys, likeness, side
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


def told_of(family: dict[str, Any]) -> list[tuple[str, Any]]:
    """Each name with what is compared."""
    return list(zip(family["names"], sides(family["names"], family), strict=True))
