"""A claim is data: what is stated, where, by whom, on what it rests, and which errors its witnesses must catch."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import sympy as sp

from ste_theory.calculus.vectors import components
from ste_theory.claims.printing import latex
from ste_theory.claims.sentence import Sentence
from ste_theory.claims.trial import Enclosed, Simulated, Trial
from ste_theory.claims.verdict import Kind, Verdict, WitnessKind
from ste_theory.claims.vocabulary import Setting
from ste_theory.model.errors import InvalidInput
from ste_theory.model.problem import PlanePoint, Problem, Straight
from ste_theory.model.quantities import Quantity

if TYPE_CHECKING:
    from ste_theory.calculus.derivation import Derivation
    from ste_theory.claims.proof import Proof


@dataclass(frozen=True)
class Equation:
    """``quantity = formula``, the formula in the symbols of ``ste_theory.model.symbols``."""

    quantity: Quantity
    formula: sp.Expr

    @property
    def latex(self) -> str:
        """The equation as LaTeX, printed from the expression that the witnesses check."""
        return f"{self.quantity.latex} = {latex(self.formula)}"


@dataclass(frozen=True)
class VectorForm:
    """A gradient as the source prints it, in ŵ, û, w*; the equations of a statement are its components."""

    name: str
    formula: sp.Expr
    quantities: tuple[Quantity, ...]

    @property
    def latex(self) -> str:
        """The vector equation as LaTeX."""
        return f"{self.name} = {latex(self.formula)}"


@dataclass(frozen=True)
class Statement:
    """What is claimed: equations for quantities, the vector forms whose components they are, sentences about all
    parameters, and the same in words. ``letters`` are those of its own, each with its meaning."""

    equations: tuple[Equation, ...]
    words: str
    vectors: tuple[VectorForm, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    letters: tuple[tuple[str, str], ...] = ()

    @property
    def latex(self) -> str:
        """The vector forms, the equations that are not components of one, the sentences; one per line."""
        alone = [eq.latex for eq in self.equations if not (self.vectors and eq.quantity.is_component)]
        sentences = [sentence.latex for sentence in self.sentences]
        return " \\\\\n".join([vector.latex for vector in self.vectors] + alone + sentences)

    def formula(self, quantity: Quantity) -> sp.Expr:
        """The formula stated for ``quantity``; ``KeyError`` if there is none."""
        for equation in self.equations:
            if equation.quantity is quantity:
                return equation.formula
        raise KeyError(quantity)

    def replacing(self, quantity: Quantity, change: Callable[[sp.Expr], sp.Expr]) -> "Statement":
        """The statement with one formula changed: how errors are planted."""
        equations = tuple(
            Equation(eq.quantity, change(eq.formula)) if eq.quantity is quantity else eq for eq in self.equations
        )
        return replace(self, equations=equations, vectors=())

    def sentence(self, name: str) -> Sentence:
        """The sentence of that name; ``KeyError`` if there is none."""
        for sentence in self.sentences:
            if sentence.name == name:
                return sentence
        raise KeyError(name)

    def rewording(self, name: str, change: Callable[[Sentence], Sentence]) -> "Statement":
        """The statement with one sentence changed: how errors are planted."""
        sentences = tuple(change(sentence) if sentence.name == name else sentence for sentence in self.sentences)
        return replace(self, sentences=sentences)


COARSE_GRADIENT = (Quantity.COARSE_RADIAL, Quantity.COARSE_TANGENTIAL, Quantity.COARSE_ORTHOGONAL)
POPULATION_GRADIENT = (Quantity.GRADIENT_RADIAL, Quantity.GRADIENT_TANGENTIAL)


def coarse_gradient_equations(vector: sp.Expr, *, unit_teacher: bool = False) -> tuple[Equation, ...]:
    """E g_μ = vector, by components along ŵ, û and any e orthogonal to both."""
    along_w, along_u, along_e = components(vector, unit_teacher=unit_teacher)
    return (
        Equation(Quantity.COARSE_RADIAL, along_w),
        Equation(Quantity.COARSE_TANGENTIAL, along_u),
        Equation(Quantity.COARSE_ORTHOGONAL, along_e),
    )


def population_gradient_equations(vector: sp.Expr, *, unit_teacher: bool = False) -> tuple[Equation, ...]:
    """∂f/∂w = vector, by components along ŵ and û (f depends on w through ‖w‖ and θ only)."""
    along_w, along_u, _ = components(vector, unit_teacher=unit_teacher)
    return Equation(Quantity.GRADIENT_RADIAL, along_w), Equation(Quantity.GRADIENT_TANGENTIAL, along_u)


@dataclass(frozen=True)
class Domain:
    """For which parameters the statement is made, in words and as a source of points inside it.

    ``unit_teacher`` is the first paper's normalization ‖w*‖ = 1; ``spurious`` restricts to θ = π, v = v_sp := B⁻¹(11ᵀ
    − I)v*, the spurious minimum. ``degenerate`` says what happens at the edges. ``setting`` is the model meant, which
    gives letters their meaning.
    """

    words: str
    degenerate: str
    unit_teacher: bool = False
    spurious: bool = False
    setting: Setting = Setting.NETWORK

    def point(self, rng: np.random.Generator, *, rows: int | None = None) -> PlanePoint:
        """A rational point of the domain with small numerators: 1 ≤ m ≤ 4, θ ∈ (0, π), ρ ∈ [1/4, 4]."""
        count = int(rng.integers(1, 5)) if rows is None else rows

        def entries() -> tuple[Fraction, ...]:
            # Never zero: a planted error in any term stays visible.
            return tuple(Fraction(int(rng.choice([-1, 1]) * rng.integers(1, 17)), 8) for _ in range(count))

        return self.admit(
            PlanePoint(
                rho=Fraction(int(rng.integers(2, 33)), 8),
                rho_star=Fraction(int(rng.integers(4, 25)), 8),
                theta=Fraction(int(rng.integers(10, 300)), 100),
                v=entries(),
                v_star=entries(),
            )
        )

    def admit(self, point: PlanePoint) -> PlanePoint:
        """The point moved into the domain: ‖w*‖ = 1 and the spurious minimum where the domain asks for them."""
        if self.unit_teacher:
            point = replace(point, rho_star=Fraction(1))
        if self.spurious:
            shift = 2 * sum(point.v_star, Fraction(0)) / (point.m + 1)
            point = replace(point, theta=Straight.PI, v=tuple(shift - x for x in point.v_star))
        return point


@dataclass(frozen=True)
class Source:
    """Where the statement is printed, in which text, or that it is ours.

    ``reconstructed``: the text was not at hand, the wording is ours.
    """

    work: str
    statement: str
    remark: str = ""
    reconstructed: bool = False

    def __str__(self) -> str:
        parts = (self.work, self.statement, RECONSTRUCTED if self.reconstructed else "")
        return ", ".join(part for part in parts if part)


RECONSTRUCTED = "reconstructed"


@dataclass(frozen=True)
class PlantedError:
    """A wrong version of a statement and the witness that must catch it.

    ``systematic`` marks a generated mutant, which may happen to equal the original: then the planted witness lists it
    as equivalent with an exact proof. A planted error written by hand must change the statement.
    """

    name: str
    mutate: Callable[[Statement], Statement]
    caught_by: WitnessKind
    systematic: bool = False


@dataclass(frozen=True)
class Property:
    """A consequence of the statement that shares nothing with its formula: ``holds(evaluate, point)`` raises
    AssertionError.

    ``evaluate(quantity, point, component)`` is the statement's value at a point in 30-digit arithmetic.
    """

    name: str
    holds: Callable[["Evaluate", PlanePoint], None]


Evaluate = Callable[..., sp.Float]


@dataclass(frozen=True)
class Claim:
    """A statement about straight-through estimators with everything needed to settle it.

    ``problems`` are the (quantizer, surrogate) pairs at which a statement about undefined functions is instantiated for
    the enclosure and sampling witnesses; ``drawn`` gives further ones, always as many, from a run's seed.
    ``statement_uses`` and ``proof_uses`` are claim ids: what the words need to make sense, and what the proof rests on.
    ``derivation`` receives nothing: neither the statement nor its formulas.
    ``proof`` says how each sentence of the statement is established or, where it is false, refuted. ``trials``,
    ``enclosed`` and ``simulated`` are for statements about another model: what the letters of its sentences are there.
    ``sampler`` names the sampler of the simulation that the claim is about, which is then run beside the program.
    """

    id: str
    title: str
    kind: Kind
    statement: Statement
    domain: Domain
    source: Source
    problems: tuple[Problem, ...]
    drawn: Callable[[int], tuple[Problem, ...]] | None = None
    derivation: Callable[[], "Derivation"] | None = None
    proof: Callable[[], "Proof"] | None = None
    properties: tuple[Property, ...] = ()
    trials: tuple[Trial, ...] = ()
    enclosed: tuple[Enclosed, ...] = ()
    simulated: tuple[Simulated, ...] = ()
    planted: tuple[PlantedError, ...] = ()
    statement_uses: tuple[str, ...] = ()
    proof_uses: tuple[str, ...] = ()
    expected: Verdict = Verdict.CONFIRMED
    corrects: str | None = None
    tags: tuple[str, ...] = field(default=())
    sampler: str | None = None

    def __post_init__(self) -> None:
        if not self.id or "." not in self.id or self.id != self.id.strip().lower():
            raise InvalidInput(f"a claim id looks like 'folder.name', got {self.id!r}")
        if not (self.statement.equations or self.statement.sentences):
            raise InvalidInput(f"{self.id}: the statement has no equation and no sentence")
        names = [sentence.name for sentence in self.statement.sentences]
        if len(set(names)) < len(names):
            raise InvalidInput(f"{self.id}: two sentences have the same name")
        for vector in self.statement.vectors:
            # What is printed is the vector; what is verified are the equations. They must say the same.
            parts = components(vector.formula, unit_teacher=self.domain.unit_teacher)
            for quantity, part in zip(vector.quantities, parts, strict=False):
                if self.statement.formula(quantity) != part:
                    raise InvalidInput(f"{self.id}: the equation for {quantity} is not a component of {vector.name}")
        if not self.planted:
            raise InvalidInput(f"{self.id}: a claim without planted errors cannot show that its witnesses see anything")

    def instances(self, seed: int) -> tuple[Problem, ...]:
        """The problems of a run: the fixed ones, then those drawn from its seed."""
        return self.problems + (() if self.drawn is None else self.drawn(seed))

    @property
    def rests_on(self) -> tuple[str, ...]:
        """All claims this one uses, statement and proof together."""
        return tuple(dict.fromkeys(self.statement_uses + self.proof_uses))
