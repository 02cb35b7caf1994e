"""One replicate is a whole scrambled Sobol net of 2^p points in the unit square, mapped to (a, b) by Φ⁻¹.

Every point of a scrambled net is uniform (Owen 1995), so the mean of F over the net is unbiased; different scrambles
are independent, so their spread gives the error. A net says nothing about the error by itself.
"""

import numpy as np

from ste_theory.model.numbers import Vector
from ste_theory.montecarlo.samplers import one_row
from ste_theory.montecarlo.samplers.reduction import Reduction

BITS = 30  # of SciPy's points


def net(draw: np.random.Generator, exponent: int) -> tuple[Vector, Vector]:
    """(a, b) of 2^exponent points."""
    from scipy.special import ndtri
    from scipy.stats import qmc

    points = qmc.Sobol(2, scramble=True, bits=BITS, rng=draw).random_base2(exponent)
    # A point stands for the cell of side 2⁻³⁰ that it is the corner of; its middle is never 0 or 1.
    a, b = ndtri(points.T + 2.0 ** -(BITS + 1))
    return a, b


def value(at: Reduction, draw: np.random.Generator, exponent: int) -> Vector:
    """The mean of F over one scrambled net, shape (3,)."""
    return np.asarray(one_row.values(at, *net(draw, exponent)).mean(axis=1))
