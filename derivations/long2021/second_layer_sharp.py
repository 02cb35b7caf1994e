"""v_ij < 1 is sharp for one neuron per class; of several in distinct directions one may have v_ij ≥ 1, two may not."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import count as count_up

import sympy as sp
from hypothesis import strategies as st

from ste_theory.claims.claim import Claim, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import Assumed, Decomposition, InRange, Proof, Sign
from ste_theory.claims.sentence import Hypothesis, Relation, Sentence, Variable
from ste_theory.claims.trial import Contradiction, Exact, Trial
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.classification.exact import Network, Point, Vector, dot
from ste_theory.classification.smallest import plane_points
from ste_theory.derivations.long2021.cases import SURROGATES, Reader
from ste_theory.derivations.long2021.setting import PROBLEMS, SOURCE, WEIGHTS, anything, domain, nonnegative, positive
from ste_theory.derivations.long2021.setting import SURROGATES as CLASS

value, level, rival = sp.Symbol("v_i", positive=True), sp.Symbol("s", positive=True), sp.Symbol("o", nonnegative=True)
several, other = sp.Symbol("n", positive=True), sp.Symbol("u", nonnegative=True)
lower = sp.Symbol("s_prime", nonnegative=True)
first, second = sp.symbols("a b", real=True)
light, behind_1, behind_2 = (sp.Symbol(name, nonnegative=True) for name in ("v_k", "d_1", "d_2"))

AHEAD = Sentence(
    name="ahead of the neuron",
    left=value * level,
    relation=Relation.AT_LEAST,
    right=sp.S.One,
    words="v_ij ≥ 1 and h > 0, so σ(h) = s ≥ 1: o_y ≥ 1 and with o_ξ = 0 no loss, hence no coarse gradient",
    variables=(Variable(value, sp.S.One), Variable(level, sp.S.One)),
)
BEHIND = Sentence(
    name="behind it",
    left=1 + rival,
    relation=Relation.AT_LEAST,
    right=sp.S.One,
    words="h ≤ 0: o_y = 0 and the loss is 1 + o_ξ ≥ 1",
    variables=nonnegative(rival),
)
WEAKER = Sentence(
    name="rivals that are not silent",
    left=value * level,
    relation=Relation.AT_LEAST,
    right=1 + other * lower,
    words="a rival with v_rk = u whose row is the same one times a factor in (0, 1] has σ(h_k) = s′ ≤ s: for v_ij ≥ 1 "
    "+ u class 1 has no loss ahead either, and behind both are inactive: its part of the coarse gradient is zero",
    variables=(
        *nonnegative(other),
        Variable(value, 1 + other),
        Variable(level, sp.S.One),
        Variable(lower, sp.S.Zero, level),
    ),
)
EQUAL = Sentence(
    name="equal directions",
    left=several * value * level,
    relation=Relation.AT_LEAST,
    right=sp.S.One,
    words="n neurons in one direction with n·v_ij ≥ 1 do the same for v_ij < 1: distinct directions are needed",
    variables=(Variable(several, sp.S.One), Variable(value, 1 / several), Variable(level, sp.S.One)),
    hypotheses=positive(value),
)
COVERED = Sentence(
    name="lighter neurons between two heavy ones",
    left=first * behind_1 + second * behind_2,
    relation=Relation.AT_LEAST,
    right=sp.S.Zero,
    words="w_k = a w_1 + b w_2 with a, b ≥ 0 has −h_k = a d_1 + b d_2 ≥ 0 where h_1 = −d_1 and h_2 = −d_2 are not "
    "positive: with v_i1, v_i2 ≥ 1 and any v_ik there is no loss where some neuron of the class is active, for any "
    "number of directions between the two",
    variables=nonnegative(first, second, behind_1, behind_2),
)
LIGHT = Sentence(
    name="a facet of a lighter neuron",
    left=1 - light + rival,
    relation=Relation.ABOVE,
    right=sp.S.Zero,
    words="B = {h_j ≤ 0 for all j of class i} with two directions or more has two facets at least; beside that of a "
    "neuron with v_ik < 1 the loss is 1 − v_ik + o_ξ > 0 and h_k > 0: with at most one v_ij ≥ 1 it is felt",
    variables=(Variable(light, sp.S.Zero, sp.S.One), *nonnegative(rival)),
    hypotheses=(Hypothesis(1 - light, strict=True),),
)
SENTENCES = (AHEAD, BEHIND, WEAKER, EQUAL, COVERED, LIGHT)


def realized(data: bytes) -> Sequence[tuple[str, Exact]]:
    """Two classes in R², one neuron each (or n equal ones), silent on the other class: stationary, with loss behind."""
    read = Reader(data)
    dimension, count = 1 + read.pick(2), 1 + read.pick(3)
    weights = [Fraction(4 + read.pick(9), 4 * count) for _ in range(2)]
    zeros = (Fraction(0),) * dimension
    parts: list[Vector] = [read.vector(dimension) for _ in range(2)]
    rows = [*[(*parts[0], *zeros)] * count, *[(*zeros, *parts[1])] * count]
    nothing = (Fraction(0),) * count
    network = Network(
        tuple(rows), ((*(weights[:1] * count), *nothing), (*nothing, *(weights[1:] * count))), 1 + read.pick(3)
    )
    points: list[Point] = []
    found: list[tuple[str, Exact]] = []
    for label in range(2):
        for _ in range(3):
            z = read.vector(dimension)
            for sign in (1, -1):
                x = (*(sign * a for a in z), *zeros) if label == 0 else (*zeros, *(sign * a for a in z))
                points.append(Point(x, label))
                h = dot(network.w[label * count], x)
                loss = network.loss(points[-1])
                if h > 0:
                    values = {value: weights[label], level: Fraction(network.activation(h)), several: Fraction(count)}
                    if loss:
                        raise Contradiction(f"the loss ahead is {loss}")
                    found.append((EQUAL.name if count > 1 else AHEAD.name, values))
                else:
                    if loss != 1:
                        raise Contradiction(f"the loss behind is {loss}")
                    found.append((BEHIND.name, {rival: Fraction(0)}))
    if all(any(network.hidden(point.x)) for point in points) and network.mean_loss(tuple(points)) * 2 != len(points):
        raise Contradiction("the mean loss of symmetric data is not ½")
    _stationary(network, points)
    return found


def _stationary(network: Network, points: Sequence[Point]) -> None:
    for surrogate in SURROGATES:
        if any(any(row) for row in network.step(tuple(points), surrogate)):
            raise Contradiction(f"the coarse gradient of {surrogate.name} is not zero")


def rivals(data: bytes) -> Sequence[tuple[str, Exact]]:
    """One neuron of class 1 and a rival along a shorter multiple of its row, seen from class 1."""
    read = Reader(data)
    row, u = read.vector(1 + read.pick(3)), Fraction(1 + read.pick(4), 4)
    v, share = 1 + u + Fraction(read.pick(3), 4), Fraction(1 + read.pick(4), 4)
    nothing = Fraction(0)
    network = Network((row, tuple(share * x for x in row)), ((v, nothing), (nothing, u)), 1 + read.pick(3))
    points = [Point(read.vector(len(row)), 0) for _ in range(4)]
    found: list[tuple[str, Exact]] = []
    for point in points:
        h, loss = network.hidden(point.x), network.loss(point)
        if loss != (0 if h[0] > 0 else 1):
            raise Contradiction(f"the loss is {loss} where h = {h[0]}")
        if h[0] > 0:
            levels = [Fraction(network.activation(x)) for x in h]
            found.append((WEAKER.name, {value: v, other: u, level: levels[0], lower: levels[1]}))
    _stationary(network, points)
    return found


def _directions(read: Reader, count: int) -> list[Vector]:
    """Rows in the plane, no two in the same or in opposite directions."""
    rows: list[Vector] = []
    for shift in count_up():
        if len(rows) == count:
            return rows
        x, y = read.vector(2)
        x += shift  # another row also where the bytes are at an end
        if (x or y) and all(x * b != y * a for a, b in rows):
            rows.append((x, y))
    raise AssertionError("there are directions enough")


def _of_the_plane(own: Sequence[Vector], rivals: Sequence[Vector], values: Sequence[Fraction], bits: int) -> Network:
    zeros, half = (Fraction(0),), Fraction(1, 2)
    v = ((*values, *zeros * len(rivals)), (*zeros * len(own), *(half,) * len(rivals)))
    return Network((*own, *rivals), v, bits)


def _felt(network: Network, own: int) -> tuple[list[tuple[Point, Fraction]], list[tuple[Point, Fraction]]]:
    """The points of the cells of the plane with a positive loss: where a neuron of class 1 is active, where none is."""
    lossy = [(point, loss) for point in plane_points(network) if (loss := network.loss(point))]
    active = [any(h > 0 for h in network.hidden(point.x)[:own]) for point, _ in lossy]
    return [x for x, on in zip(lossy, active, strict=True) if on], [
        x for x, on in zip(lossy, active, strict=True) if not on
    ]


def one_heavy(data: bytes) -> Sequence[tuple[str, Exact]] | None:
    """One v_ij ≥ 1 beside lighter neurons in other directions of a plane: if B is not empty its loss is felt."""
    read = Reader(data)
    rows = _directions(read, 2 + read.pick(2))
    values = [Fraction(4 + read.pick(9), 4), *(Fraction(1 + read.pick(3), 4) for _ in rows[1:])]
    network = _of_the_plane(rows, [read.vector(2)], values, 1 + read.pick(2))
    felt, unfelt = _felt(network, len(rows))
    if not unfelt:
        return None  # B is empty
    if not felt:
        raise Contradiction("no point with a loss activates a neuron of its class")
    found: list[tuple[str, Exact]] = []
    for point, loss in felt:
        h = network.hidden(point.x)
        active = [k for k in range(len(rows)) if h[k] > 0]
        if len(active) == 1 and network.activation(h[active[0]]) == 1 and values[active[0]] < 1:
            output = network.outputs(point.x)[1]
            if loss != 1 - values[active[0]] + output:
                raise Contradiction(f"the loss beside the facet is {loss}")
            found.append((LIGHT.name, {light: values[active[0]], rival: output}))
    if not found:
        raise Contradiction("no lighter neuron has a facet")
    return found


def two_heavy(data: bytes) -> Sequence[tuple[str, Exact]]:
    """Two v_ij ≥ 1 and lighter neurons between them, silent rivals: a loss, and no coarse gradient."""
    read = Reader(data)
    one, two = _directions(read, 2)
    factors = [(Fraction(1), Fraction(1 + 3 * n + read.pick(3))) for n in range(read.pick(3))]
    between = [tuple(a * x + b * y for x, y in zip(one, two, strict=True)) for a, b in factors]
    values = [Fraction(4 + read.pick(5), 4) for _ in range(2)] + [Fraction(1 + read.pick(3), 4) for _ in between]
    network = _of_the_plane([one, two, *between], [(Fraction(0),) * 2], values, 1 + read.pick(2))
    felt, unfelt = _felt(network, 2 + len(between))
    if felt or not unfelt:
        raise Contradiction("a loss is felt, or there is none")
    _stationary(network, [point for point, _ in unfelt])
    return [
        (COVERED.name, {first: a, second: b, behind_1: -h[0], behind_2: -h[1]})
        for point, _ in unfelt
        for h in [network.hidden(point.x)]
        for a, b in factors
    ]


def proof() -> Proof:
    """One neuron per class that is silent on the other classes."""
    return Proof(
        justifications={
            AHEAD.name: Decomposition(((Sign(level), InRange(value)), (InRange(level),)), "s(v − 1) + (s − 1)"),
            BEHIND.name: Decomposition(((InRange(rival),),), "o_ξ ≥ 0"),
            WEAKER.name: Decomposition(
                (
                    (Sign(level), InRange(value)),
                    (Sign(other), InRange(lower, upper=True)),
                    (InRange(level),),
                ),
                "s(v − 1 − u) + u(s − s′) + (s − 1)",
            ),
            EQUAL.name: Decomposition(
                ((Sign(several * level), InRange(value)), (InRange(level),)), "ns(v − 1/n) + (s − 1)"
            ),
            COVERED.name: Decomposition(
                ((InRange(first), InRange(behind_1)), (InRange(second), InRange(behind_2))), "a d₁ + b d₂"
            ),
            LIGHT.name: Decomposition(((Assumed(0),), (InRange(rival),)), "v_ik < 1 and o_ξ ≥ 0"),
        },
        conclusion="Let w_j ∈ V_i for the one neuron j of class i, so that it is silent on the other classes. The "
        "coarse gradient is zero, directions are distinct (one per class), v_ij ≥ 1, and the loss is P(h ≤ 0). Several "
        "neurons: if B were {h_j ≤ 0} for one neuron j, every h_k would be a positive multiple of h_j, a second "
        "neuron in the same direction. So B with inner points has facets of two neurons at least, and if one of them "
        "has v_ik < 1 the argument of long2021.zero-gradient-zero-loss applies to its facet.",
    )


CLAIM = Claim(
    id="long2021.second-layer-sharp",
    title="v_ij < 1 is sharp for one neuron per class; of several one may be heavier, two may not",
    kind=Kind.EXISTENCE,
    statement=Statement(
        equations=(),
        words="For every number of bits and every surrogate of the class. One neuron per class: for every v_ij ≥ 1 "
        "there are W with zero coarse gradient and mean loss ½ on symmetric data. Two v_ij ≥ 1 in a class, any "
        "further neurons: there are W with distinct directions, zero coarse gradient and a positive loss. n equal "
        "directions with n·v_ij ≥ 1 do the same for v_ij < 1. But for densities in two dimensions or more, V ≥ 0 and "
        "distinct directions, one neuron of a class may have v_ij ≥ 1 if it has two or more: the conclusion of "
        "long2021.zero-gradient-zero-loss stays.",
        sentences=SENTENCES,
    ),
    domain=domain(
        "two classes in orthogonal subspaces; finite data or densities where a W is given, densities in two "
        "dimensions or more where none exists",
        WEIGHTS,
        CLASS,
        degenerate="v_ij = 1 already suffices. Points with h = 0 count as behind.",
    ),
    source=SOURCE,
    problems=PROBLEMS,
    proof=proof,
    trials=(
        Trial("stationary points", lambda: st.binary(min_size=16, max_size=48), realized),
        Trial("with a rival that is not silent", lambda: st.binary(min_size=12, max_size=32), rivals),
        Trial("one heavy neuron of several", lambda: st.binary(min_size=16, max_size=32), one_heavy),
        Trial("two heavy neurons", lambda: st.binary(min_size=16, max_size=32), two_heavy),
    ),
    planted=(
        resentenced(
            "from ½ on", AHEAD, variables=(Variable(value, sp.S.Half), AHEAD.variables[1]), caught_by=WitnessKind.PROOF
        ),
        resentenced("two levels ahead", AHEAD, right=sp.Integer(2), caught_by=WitnessKind.PROPERTIES),
        resentenced("no loss behind", BEHIND, left=rival, caught_by=WitnessKind.PROPERTIES),
        resentenced(
            "rivals as heavy",
            WEAKER,
            variables=(WEAKER.variables[0], Variable(value, sp.Max(1, other)), *WEAKER.variables[2:]),
            caught_by=WitnessKind.PROOF,
        ),
        resentenced(
            "rivals as long as they like",
            WEAKER,
            variables=(*WEAKER.variables[:3], Variable(lower, sp.S.Zero)),
            caught_by=WitnessKind.PROOF,
        ),
        resentenced("two rivals", WEAKER, right=1 + 2 * other * lower, caught_by=WitnessKind.PROOF),
        resentenced("one of n suffices", EQUAL, left=value * level, caught_by=WitnessKind.PROPERTIES),
        resentenced(
            "beyond the two", COVERED, variables=(*anything(first), *COVERED.variables[1:]), caught_by=WitnessKind.PROOF
        ),
        resentenced(
            "active where the two are not",
            COVERED,
            left=COVERED.right,
            right=sp.S.One,
            caught_by=WitnessKind.PROPERTIES,
        ),
        resentenced("the facet of a heavy one", LIGHT, left=LIGHT.left - 1, caught_by=WitnessKind.PROPERTIES),
        resentenced(
            "any weight",
            LIGHT,
            variables=(*nonnegative(light), *LIGHT.variables[1:]),
            hypotheses=(),
            caught_by=WitnessKind.PROOF,
        ),
    ),
    statement_uses=("long2021.decomposition",),
    proof_uses=("long2021.zero-gradient-zero-loss",),
)
