"""What all claims about the classification paper share: where they come from, their letters, the instances.

Only the abstract of the paper is at hand. The setting and the statements are reconstructed, and labelled so.
"""

import sympy as sp

from ste_theory.claims.claim import Domain, Source
from ste_theory.claims.sentence import Hypothesis, Variable
from ste_theory.claims.vocabulary import Setting
from ste_theory.model.problem import Problem
from ste_theory.model.quantizers import uniform_relu
from ste_theory.model.surrogates import get, identity, relu

SOURCE = Source("Long, Yin, Xin 2021", "", "only the abstract is at hand; setting and wording are ours", True)
OURS = Source("this project", "", "about the reconstructed setting of Long, Yin, Xin 2021", True)
PROBLEMS = (
    Problem(uniform_relu(2), relu()),
    Problem(uniform_relu(2), get("long2021.reverse_exponential", q=3)),
    Problem(uniform_relu(2), get("long2021.log_tailed", q=3)),
)
OUTSIDE = (Problem(uniform_relu(2), identity()), *PROBLEMS[:1])

# Step, own weight of a neuron, pre-activation, derivative of the surrogate and its bounds δ ≤ g′ ≤ Δ.
eta, rate = sp.Symbol("eta", nonnegative=True), sp.Symbol("eta", positive=True)
weight = sp.Symbol("v_i", nonnegative=True)
height, slope = sp.Symbol("h", real=True), sp.Symbol("g_prime", nonnegative=True)
least, most = sp.Symbol("delta", positive=True), sp.Symbol("Delta", positive=True)
# Weight of the class, slab constant, outer radius, mass, length of a part of the coarse gradient, radial speed.
share, slab, outer = sp.Symbol("pi_i", positive=True), sp.Symbol("K", positive=True), sp.Symbol("M", positive=True)
mass, part, speed = (sp.Symbol(name, nonnegative=True) for name in ("q", "G", "U"))
own = sp.Symbol("v_j", positive=True)
# t = tan(α/2) for the smallest angle α of two subspaces.
half = sp.Symbol("t", nonnegative=True)
COS, SIN = (1 - half**2) / (1 + half**2), 2 * half / (1 + half**2)
ANGLE = Variable(half, sp.S.Zero, sp.S.One)


def positive(*letters: sp.Symbol) -> tuple[Hypothesis, ...]:
    """Each letter is positive."""
    return tuple(Hypothesis(letter, strict=True) for letter in letters)


def nonnegative(*letters: sp.Symbol) -> tuple[Variable, ...]:
    """Each letter ranges over [0, ∞)."""
    return tuple(Variable(letter, sp.S.Zero) for letter in letters)


def anything(*letters: sp.Symbol) -> tuple[Variable, ...]:
    """Each letter ranges over the real numbers."""
    return tuple(Variable(letter, -sp.oo) for letter in letters)


NETWORK = (
    "o_i = Σ_j v_ij σ(⟨w_j, x⟩), σ the b-bit quantized ReLU (⌈x⌉ between 0 and 2^b − 1), ℓ = max{0, 1 − o_y + o_ξ}, "
    "ξ = argmax_{r≠y} o_r; coarse gradient −(v_yj − v_ξj) 1{ℓ > 0} g′(⟨w_j, x⟩) x"
)
WEIGHTS = "V ≥ 0, every class has some v_ij > 0, v_ij > 0 ⇒ v_rj = 0 for r ≠ i"
SURROGATES = "g = 0 on x ≤ 0, δ ≤ g′ ≤ Δ on x > 0 with 0 < δ ≤ Δ < ∞ (on bounded pre-activations)"


def domain(*further: str, degenerate: str) -> Domain:
    """The domain of a claim: what it assumes of subspaces, densities, weights and surrogates."""
    return Domain(words="; ".join((NETWORK, *further)) + ".", degenerate=degenerate, setting=Setting.CLASSES)
