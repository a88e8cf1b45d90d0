"""Problems to assign: conference reviewers and bids from real data, and invented competitions of any size."""

import re

import numpy as np

from benchmarks.judging.figures import data
from competitions.judging import AssignmentProblem

BIDS = (1.0, 0.6, 0.3, 0.0)  # yes, maybe, no, the rest; what a bidder did not list is a conflict
THEMES = 18
# Seven countries of entrants; judges are from those and from two groups of countries outside.
ENTRANTS = [0.06, 0.14, 0.25, 0.14, 0.1, 0.06, 0.25]
JUDGES = [0.04, 0.12, 0.22, 0.13, 0.09, 0.05, 0.2, 0.08, 0.07]


def midl(least: str | None = None) -> AssignmentProblem:
    """177 reviewers and 118 papers with affinities of their texts; `least` is a file of least loads."""
    affinity = np.load(data("midl", "scores.npy"))
    return AssignmentProblem(
        affinity=affinity,
        forbidden=np.zeros(affinity.shape, bool),
        demand=np.load(data("midl", "covs.npy")),
        load_min=np.load(data("midl", least)) if least else np.zeros(len(affinity)),
        load_max=np.load(data("midl", "loads.npy")),
    )


def aamas() -> AssignmentProblem:
    """The bids of 161 reviewers on 442 papers of AAMAS 2016, three readings each."""
    lines = data("preflib", "data_aamas_MD-00004-00000002.toi").read_text(errors="replace").splitlines()
    papers = int(lines[0])
    bidders = [line for line in lines[papers + 2 :] if line.strip()]
    affinity = np.full((len(bidders), papers), np.nan)
    for judge, line in enumerate(bidders):
        groups = re.findall(r"\{[^}]*\}|\d+", line.split(",", 1)[1])
        for group, bid in zip(groups, BIDS, strict=False):
            affinity[judge, [int(paper) for paper in re.findall(r"\d+", group)]] = bid
    load = papers * 3 / len(bidders)
    return AssignmentProblem(
        affinity=np.nan_to_num(affinity),
        forbidden=np.isnan(affinity),
        demand=np.full(papers, 3),
        load_min=np.full(len(bidders), int(load * 0.5)),
        load_max=np.full(len(bidders), int(np.ceil(load * 1.35))),
    )


def competition(entries: int, judges: int, reads: int = 3) -> AssignmentProblem:
    """An invented competition of seven countries and three languages; the seed is the number of entries.

    At most one judge of the entrant's country, more only where there are too few others. A fiftieth of pairs are
    conflicts; an entry in a local language is read by judges of its country, and in Russian where these are too few.
    """
    random = np.random.default_rng(entries)
    affinity = _expertise(random, entries, judges)
    country = random.choice(7, entries, p=ENTRANTS)
    home = random.choice(9, judges, p=JUDGES)
    language = random.choice(3, entries, p=[0.4, 0.45, 0.15])  # English, Russian, the country's own
    english = random.random(judges) < 0.7
    russian = (random.random(judges) < 0.75) & (home < 7)
    english |= ~russian
    own = home[:, None] == country[None, :]
    reads_it = np.select([language == 0, language == 1], [english[:, None], russian[:, None]], own)
    few = reads_it.sum(0) < 2 * reads
    reads_it[:, few] |= russian[:, None]
    forbidden = ~reads_it | (random.random((judges, entries)) < 0.02)
    load = entries * reads / judges
    return AssignmentProblem(
        affinity=affinity,
        forbidden=forbidden,
        demand=np.full(entries, reads),
        load_min=np.full(judges, int(load * 0.6)),
        load_max=np.full(judges, int(np.ceil(load * 1.3))),
        own_country=own,
        own_country_max=np.maximum(1, reads - (~forbidden & ~own).sum(0)),
    )


def small(seed: int) -> AssignmentProblem:
    """A problem of a few judges and entries with rules of every kind; it may have no assignment."""
    random = np.random.default_rng(seed)
    judges, entries = random.integers(2, 12), random.integers(2, 12)
    shape = (judges, entries)
    load_max = random.integers(1, entries + 1, judges)
    return AssignmentProblem(
        affinity=random.random(shape),
        forbidden=random.random(shape) < random.choice([0, 0.1, 0.3]),
        demand=random.integers(0, min(judges, 3), entries),
        load_min=np.minimum(random.random(judges) < 0.3, load_max),
        load_max=load_max,
        own_country=random.random(shape) < 0.3,
        own_country_max=random.integers(1, 3),
        locked=random.random(shape) < 0.005,
        sector=random.random(shape) < 0.9 if random.random() < 0.5 else None,
        outside=random.random(shape) < 0.9 if random.random() < 0.5 else None,
    )


def _expertise(random: np.random.Generator, entries: int, judges: int) -> np.ndarray:
    """float[J, E]: how near the one to five themes of a judge are to the one to three themes of an entry."""
    about = np.zeros((entries, THEMES))
    for entry in range(entries):
        about[entry, random.choice(THEMES, random.integers(1, 4), replace=False)] = 1
    knows = np.zeros((judges, THEMES))
    for judge in range(judges):
        depth = random.choice([0.6, 0.8, 1.0], 1)
        knows[judge, random.choice(THEMES, random.integers(1, 6), replace=False)] = depth
    place = random.standard_normal((THEMES, 12))
    place /= np.linalg.norm(place, axis=1)[:, None]
    near = np.clip(place @ place.T, 0, 1)
    np.fill_diagonal(near, 1)
    return np.clip(knows @ near @ about.T / about.sum(1)[None, :] / 1.2, 0, 1)
