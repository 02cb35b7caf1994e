"""Which surrogates are in the class of the classification paper, and with which bounds."""

import math
from fractions import Fraction

import numpy as np
import pytest

from ste_theory.classification.membership import Place, membership, require
from ste_theory.model import surrogates
from ste_theory.model.errors import InvalidInput


@pytest.mark.parametrize(
    ("name", "place", "why"),
    [
        ("yin2019.relu", Place.IN, "bounded away from 0"),
        ("long2021.reverse_exponential", Place.BOUNDED, "g′ → 0"),
        ("long2021.log_tailed", Place.BOUNDED, "g′ → 0"),
        ("ste.identity", Place.OUT, "≠ 0 on x < 0"),
        ("yin2019.clipped_relu", Place.OUT, "g′ = 0 on (1, ∞)"),
        ("leaky_relu", Place.OUT, "g′(-1) = 0.01"),
    ],
)
def test_the_surrogates_of_the_paper(name: str, place: Place, why: str) -> None:
    """Would have caught: a tail taken for a bound, a window taken for a member."""
    found = membership(surrogates.get(name))
    assert found.place is place
    assert why in found.reason


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Piecewise((x, x > 0), (0, True))", Place.UNDECIDED),  # not bounded away from 0 near 0
        ("Piecewise((1 + x, x > 0), (0, True))", Place.BOUNDED),
        ("Piecewise((1 + sin(x)/2, x > 0), (0, True))", Place.IN),
        ("Piecewise((1 - x^2/4, 0 < x < 3), (0, x <= 0), (1, True))", Place.OUT),
        ("Piecewise(((x - 1)^2 + 1/1000, 0 < x < 2), (0, x <= 0), (1, True))", Place.IN),
        ("Piecewise((1, 0 < x < 1), (0, x <= 1), (1, True))", Place.OUT),  # zero at one point
        ("exp(x) + 1 - exp(x)", Place.OUT),
    ],
)
def test_surrogates_made_to_be_hard(text: str, place: Place) -> None:
    """Would have caught: a minimum inside a piece, a value at a breakpoint, a growing tail that is called bounded."""
    assert membership(surrogates.parse(text)).place is place


@pytest.mark.parametrize("bound", [Fraction(1, 2), 3, 40])
@pytest.mark.parametrize("bits", [2, 4])
def test_bounds_are_the_least_and_the_greatest_values(bound: Fraction | int, bits: int) -> None:
    """δ(B) = e^{−B/q} for the reverse exponential, 1/(B − q + 1) or 1 for the log-tailed one; δ̃ = 1. Within the
    relative 1e-9 that the search promises. Would have caught: δ of another B, or one that is only sampled."""
    q = 2**bits - 1
    found = membership(surrogates.get("long2021.reverse_exponential", q=q), bound=bound)
    assert found.lower is not None
    assert found.upper is not None
    assert float(found.lower) == pytest.approx(math.exp(-float(bound) / q), abs=3e-9)
    assert found.lower <= math.exp(-float(bound) / q) * (1 + 1e-15)
    assert float(found.upper) == pytest.approx(1, abs=3e-9)
    tailed = membership(surrogates.get("long2021.log_tailed", q=q), bound=bound)
    assert tailed.lower is not None
    assert float(tailed.lower) == pytest.approx(1 / max(1.0, float(bound) - q + 1), abs=3e-9)


@pytest.mark.parametrize("name", surrogates.names())
def test_every_surrogate_of_the_catalogue_is_decided_and_the_values_agree(name: str) -> None:
    """Would have caught: a member whose values leave [δ, δ̃] on (0, 10], or which is not silent on x < 0."""
    surrogate = surrogates.get(name)
    found = membership(surrogate)
    assert found.place is not Place.UNDECIDED
    if found.place is Place.OUT:
        return
    assert found.lower is not None
    assert found.upper is not None
    x = np.linspace(0.001, 10, 2001)
    values = surrogate(x)
    # Float evaluation is off by a few units in the last place of numbers near 1.
    assert values.min() >= float(found.lower) - 1e-12
    assert values.max() <= float(found.upper) + 1e-12
    assert not surrogate(-x).any()


def test_a_surrogate_outside_is_refused_in_one_line() -> None:
    """Would have caught: statements about the class applied to the identity."""
    with pytest.raises(InvalidInput, match="identity: g′") as caught:
        require(surrogates.identity())
    assert "\n" not in str(caught.value)
