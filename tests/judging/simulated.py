"""Competitions whose true order is known, for tests."""

import numpy as np

from competitions.judging import Marks


def competition(
    seed: int,
    *,
    entries: int = 60,
    judges: int = 12,
    reads: int = 4,
    severity: float = 0.7,
    noise: float = 0.9,
    uneven: float = 0.0,
) -> tuple[Marks, np.ndarray]:
    """Marks and the true quality (float[E], variance 1): quality + a judge's severity + noise, whose size spreads by `uneven`."""
    random = np.random.default_rng(seed)
    quality = random.standard_normal(entries)
    bias = severity * random.standard_normal(judges)
    spread = noise * np.exp(uneven * random.standard_normal(judges) - uneven**2 / 2)
    order = np.concatenate([random.permutation(judges) for _ in range(-(-entries * reads // judges) + 1)])
    pairs, waiting = [], list(order)
    for entry in range(entries):
        own: list[int] = []
        while len(own) < reads:
            judge = next((j for j in waiting if j not in own), None)
            if judge is None:
                judge = int(random.choice([j for j in range(judges) if j not in own]))
            else:
                waiting.remove(judge)
            own.append(int(judge))
        pairs += [(entry, judge) for judge in own]
    entry, judge = np.array(pairs).T
    value = 5 + quality[entry] + bias[judge] + spread[judge] * random.standard_normal(len(entry))
    return Marks(entry, judge, value, entries, judges), quality
