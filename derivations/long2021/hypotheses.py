"""Hypotheses that the reconstruction had left out, each needed: a certified example for every one that is dropped."""

from collections.abc import Callable, Sequence
from fractions import Fraction

import sympy as sp
from hypothesis import strategies as st

from ste_theory.claims.claim import Claim, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import Decomposition, InRange, Proof, Sign
from ste_theory.claims.sentence import Relation, Sentence, Variable
from ste_theory.claims.trial import Contradiction, Exact, Trial
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.classification.cells import Line, cells
from ste_theory.classification.exact import Network, Point, dot
from ste_theory.derivations.long2021.cases import SURROGATES
from ste_theory.derivations.long2021.setting import OURS, PROBLEMS, domain, nonnegative, positive

value, level = (sp.Symbol(name, positive=True) for name in ("v_i", "s"))
negative = sp.Symbol("u", real=True)
inner = sp.Symbol("m", positive=True)
length = sp.Symbol("r", positive=True)

JUMPED = Sentence(
    name="the first level is jumped over",
    left=length * inner,
    relation=Relation.AT_LEAST,
    right=1 / value,
    words="data with h ≥ r·m ≥ 1/v on the active side, as in one dimension (|x| > m) or for finitely many points, "
    "never see the first level: σ(h) ≥ 1/v, v σ(h) ≥ 1, no loss ahead and loss 1 behind, for every v > 0",
    variables=(*nonnegative(value, inner), Variable(length, 1 / (value * inner))),
    hypotheses=positive(value, inner, length),
)
AHEAD = Sentence(
    name="no loss ahead",
    left=value * level,
    relation=Relation.AT_LEAST,
    right=sp.S.One,
    words="v σ(h) ≥ 1 for σ(h) = s ≥ 1/v",
    variables=(*nonnegative(value), Variable(level, 1 / value)),
    hypotheses=positive(value, level),
)
NEGATIVE = Sentence(
    name="a negative rival hides the loss",
    left=value * level + negative,
    relation=Relation.AT_LEAST,
    right=sp.S.One,
    words="beside a facet of B, where a neuron with v_rj = −u is active, o_ξ ≤ −u makes the loss 1 − v s − u ≤ 0 "
    "for v + u ≥ 1",
    variables=(
        *nonnegative(value),
        Variable(negative, 1 - value),
        Variable(level, sp.S.One),
    ),
    hypotheses=positive(value, negative),
)
SILENT = Sentence(
    name="one bit with silent rivals",
    left=2 * value * level,
    relation=Relation.AT_LEAST,
    right=sp.S.One,
    words="b = 1: 2n neurons of class i in pairs ±w, rivals with P_i w_j = 0: n of them are active almost everywhere, "
    "o_y = n·v ≥ 1 and o_ξ = 0 (here n = 2s, s ≥ 1, v ≥ ½)",
    variables=(Variable(value, sp.S.Half), Variable(level, sp.S.One)),
)
SENTENCES = (JUMPED, AHEAD, NEGATIVE, SILENT)
HALF, ZERO = Fraction(1, 2), Fraction(0)


def jumping(chosen: tuple[Fraction, Fraction]) -> Sequence[tuple[str, Exact]]:
    """One dimension per class, one neuron each, data at ±x with |x| > m: stationary with loss ½, v < 1."""
    v, m = chosen
    r = 1 / (v * m)
    network = Network(((r, ZERO), (ZERO, r)), ((v, ZERO), (ZERO, v)), 4)
    points = tuple(
        Point((sign * x, ZERO) if label == 0 else (ZERO, sign * x), label)
        for label in range(2)
        for x in (m * Fraction(101, 100), 2 * m, 3 * m)
        for sign in (1, -1)
    )
    for point in points:
        expected = 0 if dot(network.w[point.y], point.x) > 0 else 1
        if network.loss(point) != expected:
            raise Contradiction(f"the loss at {point.x} is {network.loss(point)}")
    _stationary(network, points)
    s = network.activation(r * m * Fraction(101, 100))
    return [
        (JUMPED.name, {value: v, inner: m, length: r}),
        (AHEAD.name, {value: v, level: Fraction(s)}),
    ]


def _stationary(network: Network, points: tuple[Point, ...]) -> None:
    for surrogate in SURROGATES:
        if any(any(row) for row in network.step(points, surrogate)):
            raise Contradiction(f"the coarse gradient of {surrogate.name} is not zero")


def negative_entries(chosen: tuple[Fraction, Fraction]) -> Sequence[tuple[str, Exact]]:
    """V₁ = R², right neurons L·e₁, L·e₂, class 2 with two neurons of weight −u. In every cell of the plane outside a
    square that lies inside the annulus, ℓ > 0 only where no neuron is active."""
    v, u = chosen
    scale = Fraction(4)  # the strips 0 < x ≤ 1/L and 0 < y ≤ 1/L meet inside the square only
    w = ((scale, ZERO), (ZERO, scale), (scale * 2, -scale), (-scale, scale * 2))
    network = Network(w, ((v, v, ZERO, ZERO), (ZERO, ZERO, -u, -u)), 2)
    side = 1 / scale
    lines: list[Line] = [(a, b, Fraction(n)) for a, b in w for n in range(3)]
    lines += [
        (Fraction(1), ZERO, side),
        (Fraction(1), ZERO, -side),
        (ZERO, Fraction(1), side),
        (ZERO, Fraction(1), -side),
    ]
    found: list[tuple[str, Exact]] = []
    remaining = 0
    for x in cells(lines):
        if max(abs(x[0]), abs(x[1])) < side:
            continue
        point = Point(x, 0)
        loss, active = network.loss(point), [h > 0 for h in network.hidden(x)]
        if loss:
            if any(active):
                raise Contradiction(f"a neuron is active at {x}, where the loss is {loss}")
            remaining += 1
        elif active[0] != active[1] and network.activation(max(network.hidden(x)[:2])) == 1:
            found.append((NEGATIVE.name, {value: v, negative: u, level: Fraction(1)}))
    if not remaining:
        raise Contradiction("no loss remains")
    if not found:
        raise Contradiction("no cell lies beside a facet")
    return found


def silent_rivals(count: int) -> Sequence[tuple[str, Exact]]:
    """b = 1, two planes, two pairs ±w per class that the other class does not see: zero loss in every cell."""
    plane = ((Fraction(1), ZERO), (Fraction(-1), ZERO), (ZERO, Fraction(1)), (ZERO, Fraction(-1))) * count
    zeros = (ZERO, ZERO)
    rows = [*((*x, *zeros) for x in plane), *((*zeros, *x) for x in plane)]
    v = (HALF,) * len(plane)
    nothing = (ZERO,) * len(plane)
    network = Network(tuple(rows), ((*v, *nothing), (*nothing, *v)), 1)
    for x in cells([(a, b, ZERO) for a, b in plane]):
        for label, moved in enumerate(((*x, *zeros), (*zeros, *x))):
            if network.loss(Point(moved, label)):
                raise Contradiction(f"there is a loss at {moved}")
    return [(SILENT.name, {value: HALF, level: Fraction(count)})]


def _family(*values: Sequence[Fraction]) -> Callable[[], "st.SearchStrategy[tuple[Fraction, ...]]"]:
    return lambda: st.tuples(*(st.sampled_from(list(choice)) for choice in values))


def proof() -> Proof:
    """Inequalities for the levels; the examples are gone through cell by cell in rational arithmetic."""
    return Proof(
        justifications={
            JUMPED.name: Decomposition(((Sign(inner), InRange(length)),), "m(r − 1/(vm))"),
            AHEAD.name: Decomposition(((Sign(value), InRange(level)),), "v(s − 1/v)"),
            NEGATIVE.name: Decomposition(
                ((InRange(negative),), (Sign(value), InRange(level))), "u − (1 − v) and v(s − 1)"
            ),
            SILENT.name: Decomposition(((Sign(2 * level), InRange(value)), (InRange(level),)), "2s(v − ½) + (s − 1)"),
        },
        conclusion="Each example is stationary (the coarse gradient is exactly zero) with positive loss, or reaches "
        "zero loss, and violates one hypothesis only.",
    )


CLAIM = Claim(
    id="long2021.hypotheses",
    title="Hypotheses that are needed: V ≥ 0, two dimensions, densities, projections that are not zero",
    kind=Kind.EXISTENCE,
    statement=Statement(
        equations=(),
        words="Zero coarse gradient with distinct directions and v_ij < 1 does not imply zero loss if V may have "
        "negative entries, if a V_i has one dimension, or for finitely many points. One bit suffices if P_i w_j = 0 "
        "is allowed for rivals. So long2021.zero-gradient-zero-loss and long2021.one-bit-impossible need these "
        "hypotheses.",
        sentences=SENTENCES,
    ),
    domain=domain(
        "orthogonal subspaces; every hypothesis of the claims named, but for one",
        degenerate="v + u = 1 and r·m·v = 1 already suffice.",
    ),
    source=OURS,
    problems=PROBLEMS,
    proof=proof,
    trials=(
        Trial(
            "one dimension, finite data",
            _family((HALF, Fraction(1, 4), Fraction(3, 4)), (HALF, Fraction(1, 3))),
            jumping,
        ),
        Trial(
            "negative entries",
            _family((HALF, Fraction(1, 4), Fraction(3, 4)), (Fraction(1), Fraction(2))),
            negative_entries,
        ),
        Trial("silent rivals", lambda: st.integers(1, 3), silent_rivals),
    ),
    planted=(
        resentenced(
            "jumped over at half the length", JUMPED, left=length * inner / 2, caught_by=WitnessKind.PROPERTIES
        ),
        resentenced(
            "without a distance from 0",
            JUMPED,
            variables=(*nonnegative(value, inner), Variable(length, sp.S.Zero)),
            caught_by=WitnessKind.PROOF,
        ),
        resentenced(
            "no loss ahead at the level 1",
            AHEAD,
            variables=(*nonnegative(value), Variable(level, sp.S.One)),
            caught_by=WitnessKind.PROOF,
        ),
        resentenced("twice without loss", AHEAD, left=value * level / 2, caught_by=WitnessKind.PROPERTIES),
        resentenced(
            "a rival of any weight",
            NEGATIVE,
            variables=(*nonnegative(value, negative), NEGATIVE.variables[2]),
            caught_by=WitnessKind.PROOF,
        ),
        resentenced("a positive rival", NEGATIVE, left=value * level - negative, caught_by=WitnessKind.PROPERTIES),
        resentenced("one pair", SILENT, left=value * level, caught_by=WitnessKind.PROPERTIES),
        resentenced(
            "weights from ¼",
            SILENT,
            variables=(Variable(value, sp.Rational(1, 4)), SILENT.variables[1]),
            caught_by=WitnessKind.PROOF,
        ),
    ),
    statement_uses=("long2021.zero-gradient-zero-loss", "long2021.one-bit-impossible"),
)
