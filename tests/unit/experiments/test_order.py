"""Sign tests of pairs and Holm's correction: what they show, what they do not, and what they could not."""

import math

import numpy as np
import pytest

from ste_theory.experiments.order import Comparison, compare, holm, ordered, trend


def test_the_chance_is_a_tail_of_the_binomial() -> None:
    """Would have caught: a two-sided test, the tail without its end, equal pairs among the trials."""
    assert Comparison(20, 0).chance == 2**-20
    assert Comparison(3, 1, 5).chance == 5 / 16
    assert Comparison(1, 3).chance == 15 / 16
    assert Comparison(0, 0, 4).chance == 1
    assert Comparison(3, 1, 5).least == 2**-9


def test_a_count_beyond_the_cap_is_larger_than_every_other() -> None:
    """Would have caught: −1 as the smallest count, two unreached runs as a pair that speaks for or against an order."""
    assert compare((-1, 5, -1, 7), (3, -1, -1, 7)) == Comparison(1, 1, 1)
    assert compare((9, 9, 9), (5, 5)) == Comparison(2, 0, 0)
    assert trend([(1, -1, 5), (2, -1, 5), (-1, -1, 5)]) == Comparison(1, 0, 1)


def test_the_trend_is_the_sign_of_the_rank_correlation() -> None:
    """Against SciPy, equal counts among them. Would have caught: ranks that equal counts shift, places not centred."""
    from scipy.stats import spearmanr

    rng = np.random.default_rng(4)
    for _ in range(200):
        counts = rng.integers(0, 4, 5)
        correlation = 0.0 if len(set(counts)) == 1 else float(spearmanr(np.arange(5), counts).statistic)
        sign = 0 if abs(correlation) < 1e-12 else int(math.copysign(1, correlation))
        found = trend([(int(count),) for count in counts])
        assert (found.larger, found.smaller, found.equal) == (sign == 1, sign == -1, sign == 0), counts


def test_holm_rejects_step_by_step() -> None:
    """Would have caught: Bonferroni's bound for all, Hochberg's order (from the largest), answers in sorted order."""
    assert holm([0.012, 0.011, 0.02, 0.04], 0.05) == (True,) * 4  # bounds 0.0125, 0.0167, 0.025, 0.05
    assert holm([0.03, 0.04], 0.05) == (False, False)  # Hochberg rejects both
    assert holm([0.9, 0.001], 0.05) == (False, True)
    assert holm([], 0.05) == ()


def test_holm_keeps_its_level() -> None:
    """Twelve true hypotheses, dependent and not. Would have caught: the level for each comparison, which gives 46 %.

    4000 tables at 5 %: 200 ± 14 with a rejection if p-values are independent; six deviations are allowed."""
    rng = np.random.default_rng(5)
    independent = sum(any(holm(list(rng.random(12)), 0.05)) for _ in range(4000))
    equal = sum(any(holm([float(rng.random())] * 12, 0.05)) for _ in range(4000))
    assert independent <= 200 + 6 * math.sqrt(4000 * 0.05 * 0.95)
    assert equal < independent


@pytest.mark.parametrize(
    ("runs", "rows", "expected"), [(19, 1, None), (20, 1, True), (20, 2, None), (24, 10, True), (24, 30, None)]
)
def test_so_few_runs_that_agreement_would_not_show_it_are_no_test(runs: int, rows: int, expected: bool | None) -> None:
    """2⁻²⁰ ≤ 10⁻⁶ < 2⁻¹⁹, ten rows need 24 runs. Would have caught: held for want of runs, and failed for want of
    them."""
    assert ordered([Comparison(runs, 0)] * rows, 1e-6) is expected
    assert ordered([Comparison(0, runs)] * rows, 1e-6) is (None if expected is None else False)


def test_nothing_is_no_test() -> None:
    """Would have caught: an order of no cells that is shown."""
    assert ordered([], 1e-6) is None
