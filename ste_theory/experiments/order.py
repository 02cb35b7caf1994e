"""Which of two things takes longer, start by start: sign tests of pairs, and Holm's correction where there are many.

Nothing is assumed of the distributions but independent pairs; a count beyond a cap is larger than every other.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Comparison:
    """How often the first of a pair was the larger one, the smaller one, or equal to the second.

    >>> compare((9, 8, -1), (5, 5, 8)).chance
    0.125
    """

    larger: int
    smaller: int
    equal: int = 0

    @property
    def chance(self) -> float:
        """P(B ≥ ``larger``), B binomial with ½ and as many trials as there are unequal pairs.

        At most this is the probability of so many, if the first is not the larger one more often than the smaller one.
        """
        count = self.larger + self.smaller
        return sum(math.comb(count, k) for k in range(self.larger, count + 1)) / (1 << count)

    @property
    def least(self) -> float:
        """2^−n, the chance if all n pairs agreed: no smaller one could be found."""
        return math.ldexp(1.0, -(self.larger + self.smaller + self.equal))


def compare(one: Sequence[int], other: Sequence[int]) -> Comparison:
    """The pairs (one_r, other_r), as far as both go; −1 stands for a count beyond the cap.

    Pairs that are both beyond it are left out: nothing is known of their order, while equal ones have none.
    """
    pairs = [(_size(a), _size(b)) for a, b in zip(one, other, strict=False) if a >= 0 or b >= 0]
    larger, smaller = sum(a > b for a, b in pairs), sum(a < b for a, b in pairs)
    return Comparison(larger, smaller, len(pairs) - larger - smaller)


def trend(counts: Sequence[Sequence[int]]) -> Comparison:
    """How often a start's counts rise from left to right: Spearman's rank correlation with the place is positive.

    ``counts[place][start]``. The sign of Σ place·rank, places taken from their mean: that of the correlation.
    """
    signs = []
    for start in zip(*counts, strict=False):
        if all(count < 0 for count in start):
            continue
        sizes = [_size(count) for count in start]
        # Twice the mean rank of equal ones, and twice the place from the middle: integers, so that 0 is 0.
        ranks = [sum(x < size for x in sizes) + sum(x <= size for x in sizes) for size in sizes]
        signs.append(sum((2 * place - len(sizes) + 1) * rank for place, rank in enumerate(ranks)))
    larger, smaller = sum(sign > 0 for sign in signs), sum(sign < 0 for sign in signs)
    return Comparison(larger, smaller, len(signs) - larger - smaller)


def holm(chances: Sequence[float], level: float) -> tuple[bool, ...]:
    """Which null hypotheses Holm's procedure rejects: P(some true one is) ≤ ``level``, however they depend.

    In increasing order the chances are held against level/m, level/(m − 1), …, until one exceeds its bound.

    >>> holm([0.04, 0.001, 0.02, 0.03], 0.05)
    (False, True, False, False)
    """
    rejected = [False] * len(chances)
    for rank, index in enumerate(sorted(range(len(chances)), key=chances.__getitem__)):
        if chances[index] > level / (len(chances) - rank):
            break
        rejected[index] = True
    return tuple(rejected)


def ordered(comparisons: Sequence[Comparison], level: float) -> bool | None:
    """Whether every comparison shows its first larger, by Holm's procedure.

    ``None``: there are none, or so few pairs that even agreeing ones could not show it.
    """
    if not comparisons or not all(holm([each.least for each in comparisons], level)):
        return None
    return all(holm([each.chance for each in comparisons], level))


def _size(count: int) -> float:
    return math.inf if count < 0 else count
