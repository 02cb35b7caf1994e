"""The named surrogates at which statements about an undefined μ′ are instantiated: one of each character."""

from ste_theory.model.problem import Problem
from ste_theory.model.quantizers import binary
from ste_theory.model.surrogates import Surrogate, clipped_relu, from_formulas, identity, relu

BUMP = from_formulas("gaussian_bump", ("exp(-x^2)",))
SIGN_CHANGING = from_formulas("sign_changing_bump", ("(1 - x^2) * exp(-x^2 / 3)",))
SHIFTED_WINDOW = from_formulas("shifted_window", ("0", "1", "0"), ("-3/2", "1/2"))

FAMILY: tuple[Surrogate, ...] = (relu(), clipped_relu(), identity(), BUMP, SIGN_CHANGING, SHIFTED_WINDOW)

PROBLEMS = tuple(Problem(binary(), surrogate) for surrogate in FAMILY)
