"""The same ball to the last digit of its radius, whatever the process integrated before."""

import subprocess
import sys

import pytest

PROGRAM = """
import sys
from flint import acb, arb
from ste_theory.rigorous.balls import to_text
from ste_theory.rigorous.gaussian import Bound, Piece, mean, upper_probability
from ste_theory.rigorous.integrate import Segment, integrate

bound = Bound(arb(1), 0, arb(0))
piece = Piece(lambda: arb(0), None, lambda: lambda z, analytic: upper_probability(z / 3), lambda side: bound)
for bits in map(int, sys.argv[1:]):
    mean([piece], bits=bits, width=1.0)
for bits in (64, 140, 160, 240):
    print(to_text(mean([piece], bits=bits, width=1.0)))
    near = Segment(lambda: (arb(-1), arb(1), lambda z, analytic: 1 / (z * z + 2)))
    print(to_text(integrate([near], bits=bits, width=1.0)))
"""


def balls(*before: int) -> str:
    """The balls that a fresh process finds after integrals at these precisions."""
    command = [sys.executable, "-c", PROGRAM, *map(str, before)]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout


@pytest.mark.parametrize("before", [(100,), (150, 200), (300,)], ids=str)
def test_what_was_integrated_before_changes_no_radius(before: tuple[int, ...]) -> None:
    """Would have caught quadrature nodes that FLINT keeps, to a precision that depends on the integrals before: radii
    of figures differed in the 7th digit between one process and two."""
    alone = balls()
    assert len(alone.splitlines()) == 8
    assert balls(*before) == alone
