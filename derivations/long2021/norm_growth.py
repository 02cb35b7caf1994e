"""The norms of the right class never decrease: w_{j,i} for v_ij > 0 is pushed outwards only. Below 90° it can fall."""

from collections.abc import Sequence
from fractions import Fraction

import sympy as sp
from hypothesis import strategies as st

from ste_theory.claims.claim import Claim, Statement
from ste_theory.claims.planted import resentenced
from ste_theory.claims.proof import Assumed, Decomposition, Identity, InRange, Proof, Sign, Square
from ste_theory.claims.sentence import Hypothesis, Relation, Sentence, Variable
from ste_theory.claims.trial import Contradiction, Exact, Trial
from ste_theory.claims.verdict import Kind, WitnessKind
from ste_theory.classification.exact import Network, Point, derivative, dot, square
from ste_theory.derivations.long2021.cases import ANGLES, Case, cases
from ste_theory.derivations.long2021.setting import (
    PROBLEMS,
    SOURCE,
    SURROGATES,
    WEIGHTS,
    anything,
    domain,
    eta,
    height,
    least,
    most,
    nonnegative,
    own,
    positive,
    slope,
    weight,
)
from ste_theory.model.surrogates import relu

norm, inward, length = (
    sp.Symbol("N", nonnegative=True),
    sp.Symbol("a", nonnegative=True),
    sp.Symbol("b", nonnegative=True),
)
first, second, down, side = sp.symbols("w_1 w_2 s_1 s_2", real=True)
radius, cosine = sp.Symbol("r", positive=True), sp.Symbol("c", positive=True)

OUTWARDS = Sentence(
    name="a point pushes outwards",
    left=weight * slope * height,
    relation=Relation.AT_LEAST,
    right=least * weight * height,
    words="⟨w_j, v_ij g′(h)x⟩ = v_ij g′(h)h ≥ δ v_ij h for h = ⟨w_j, x⟩ > 0; for h ≤ 0 the point does not enter",
    variables=(
        Variable(least, sp.S.Zero),
        Variable(most, least),
        Variable(slope, least, most),
        Variable(weight, sp.S.Zero),
        Variable(height, sp.S.Zero),
    ),
    hypotheses=positive(least, most),
)
STEP = Sentence(
    name="the norm after a step",
    left=(first + eta * down) ** 2 + (second + eta * side) ** 2,
    relation=Relation.EQUAL,
    right=(first**2 + second**2) + 2 * eta * (first * down + second * side) + eta**2 * (down**2 + side**2),
    words="‖w + ηs‖² = ‖w‖² + 2η⟨w, s⟩ + η²‖s‖²",
    variables=(*nonnegative(eta), *anything(first, second, down, side)),
)
NEVER = Sentence(
    name="never shorter",
    left=norm + 2 * eta * inward + eta**2 * length,
    relation=Relation.AT_LEAST,
    right=norm,
    words="with N = ‖w_{j,i}‖², a = ⟨w_{j,i}, s⟩ ≥ 0, b = ‖s‖² for the step s of class i: the norm does not fall",
    variables=nonnegative(eta, norm, inward, length),
)
RIVAL = Sentence(
    name="a rival is pulled inwards",
    left=sp.S.Zero,
    relation=Relation.AT_LEAST,
    right=-weight * slope * height,
    words="data of class i that activate a neuron of the class ξ ≠ i enter its step with −v_ξj g′(h)x: ⟨w_j, ·⟩ ≤ 0",
    variables=nonnegative(weight, slope, height),
)
FALLS = Sentence(
    name="below 90° it can fall",
    left=radius**2,
    relation=Relation.ABOVE,
    right=(radius - eta * own * cosine) ** 2,
    words="at any angle with cosα = c > 0: w_{j,1} = r·f, class 1 without loss, one point e of class 2 with ⟨f, e⟩ = c "
    "that activates the neuron: its step −v_j e shortens w_{j,1} to r − ηv_j c",
    variables=(
        Variable(eta, sp.S.Zero),
        Variable(radius, sp.S.Zero),
        Variable(own, sp.S.Zero),
        Variable(cosine, sp.S.Zero, sp.S.One),
    ),
    hypotheses=(
        *positive(eta, radius, own, cosine),
        Hypothesis(2 * radius - eta * own * cosine, strict=True),
    ),
)
SENTENCES = (OUTWARDS, STEP, NEVER, RIVAL, FALLS)


def realized(case: Case) -> Sequence[tuple[str, Exact]]:
    """Every neuron against the data of every class, in a random network with orthogonal subspaces."""
    network, found = case.network, list[tuple[str, Exact]]()
    whole = network.moved(network.step(case.data, case.surrogate), case.eta)
    for j, owner in enumerate(network.owner):
        step = network.step(case.of_class(owner), case.surrogate)[j]
        component = case.component(network.w[j], owner)
        values = {norm: square(component), inward: dot(component, step), length: square(step), eta: case.eta}
        found.append((NEVER.name, values))
        if square(case.component(whole.w[j], owner)) != NEVER.left.subs(values):
            raise Contradiction("the norm after the step is not that of the expansion")
    for point in case.data:
        for h, pull, owner in zip(
            network.hidden(point.x), network.pulls(point, case.surrogate), network.owner, strict=True
        ):
            if not pull:
                continue
            size = abs(pull) / point.p
            g = derivative(case.surrogate, h)
            if (pull > 0) != (owner == point.y):
                raise Contradiction("data push outwards a neuron of another class, or inwards one of their own")
            if owner == point.y:
                found.append(
                    (OUTWARDS.name, {least: case.lower, most: case.upper, slope: g, weight: size / g, height: h})
                )
            else:
                found.append((RIVAL.name, {slope: g, weight: size / g, height: h}))
    return found


def falling(chosen: tuple[int, Fraction]) -> Sequence[tuple[str, Exact]]:
    """A network in the plane, class 1 along f = (s, c), class 2 along e = (0, 1), whose step shortens w_{1,1}."""
    (c, s), step = ANGLES[1 + chosen[0]], chosen[1]
    f = (s, c)
    across = Fraction(1, 2)  # ⟨w₁, e⟩
    r = Fraction(1)
    w = ((r - across * c) / s, across)  # ⟨w₁, f⟩ = r, ⟨w₁, e⟩ = ½
    network = Network(
        (w, (Fraction(-1), Fraction(-1))), ((Fraction(1, 2), Fraction(0)), (Fraction(0), Fraction(1, 2))), 2
    )
    data = (Point(tuple(3 * x for x in f), 0, Fraction(1, 2)), Point((Fraction(0), Fraction(1)), 1, Fraction(1, 2)))
    if network.loss(data[0]) or not network.loss(data[1]):
        raise Contradiction("the example does not have the losses it is made for")
    after = network.moved(network.step(data, relu()), step)
    now = dot(after.w[0], f)
    if now != r - step * Fraction(1, 4) * c or not abs(now) < r:
        raise Contradiction(f"w₁ has the component {now} after the step")
    return [(FALLS.name, {eta: step, own: Fraction(1, 4), cosine: c, radius: r})]


def proof() -> Proof:
    """Each point that enters pushes outwards; the other classes do not touch the component."""
    return Proof(
        justifications={
            OUTWARDS.name: Decomposition(((Sign(weight), InRange(height), InRange(slope)),), "v_ij h (g′ − δ)"),
            STEP.name: Identity("multiplied out"),
            NEVER.name: Decomposition(((Sign(2 * eta * inward),), (Sign(length), Square(eta))), "2ηa + η²b"),
            RIVAL.name: Decomposition(((Sign(weight * slope), InRange(height)),), "v g′ h"),
            FALLS.name: Decomposition(((Assumed(0), Assumed(2), Assumed(3), Assumed(4)),), "ηvc(2r − ηvc)"),
        },
        conclusion="v_ij > 0 gives v_rj = 0 for r ≠ i, so v_yj − v_ξj = v_ij on class i whatever ξ is, and s = π_i "
        "v_ij E_i[1{ℓ > 0} g′(h) x]; by long2021.decoupling P_i of the whole step is ηs for orthogonal subspaces. h "
        "> 0 needs w_{j,i} ≠ 0: a component that is 0 stays 0.",
    )


CLAIM = Claim(
    id="long2021.norm-growth",
    title="Norms of the right class never decrease",
    kind=Kind.INEQUALITY,
    statement=Statement(
        equations=(),
        words="Let the V_i be orthogonal. For every neuron j of class i (v_ij > 0) a step of coarse gradient "
        "descent does not shorten w_{j,i} = P_i w_j, for any step size: every point of class i with ℓ > 0 and h > 0 "
        "pushes it outwards, by ⟨w_j, ·⟩ ≥ δ v_ij h; no other point moves it. Neurons of rivals are pulled inwards. "
        "At every angle below 90° there are networks whose right-class norm falls.",
        sentences=SENTENCES,
    ),
    domain=domain(
        "class i lives in V_i, the V_i orthogonal; any distribution, finite data included",
        WEIGHTS,
        SURROGATES,
        degenerate="w_{j,i} = 0 stays 0. η = 0: nothing moves. For c = 0 (90°) the last sentence says nothing.",
    ),
    source=SOURCE,
    problems=PROBLEMS,
    proof=proof,
    trials=(
        Trial("a step of random networks", cases, realized),
        Trial(
            "networks whose norm falls",
            lambda: st.tuples(st.integers(0, 3), st.sampled_from([Fraction(1, 4), Fraction(1), Fraction(3, 2)])),
            falling,
        ),
    ),
    planted=(
        resentenced(
            "the upper bound of g′ for the lower",
            OUTWARDS,
            right=most * weight * height,
            caught_by=WitnessKind.PROPERTIES,
        ),
        resentenced(
            "also for h < 0",
            OUTWARDS,
            variables=(*OUTWARDS.variables[:4], Variable(height, -sp.oo)),
            caught_by=WitnessKind.PROOF,
        ),
        resentenced(
            "without the cross term",
            STEP,
            right=STEP.right - 2 * eta * (first * down + second * side),
            caught_by=WitnessKind.PROOF,
        ),
        resentenced(
            "η for η²", STEP, right=STEP.right + (eta - eta**2) * (down**2 + side**2), caught_by=WitnessKind.PROOF
        ),
        resentenced("always longer by η‖s‖²", NEVER, right=norm + eta * length, caught_by=WitnessKind.PROOF),
        resentenced(
            "as if a had no sign",
            NEVER,
            left=norm - 2 * eta * inward + eta**2 * length,
            caught_by=WitnessKind.PROPERTIES,
        ),
        resentenced(
            "a rival is pushed outwards", RIVAL, right=weight * slope * height, caught_by=WitnessKind.PROPERTIES
        ),
        resentenced("at 90° too", FALLS, right=FALLS.right.subs(cosine, 0), caught_by=WitnessKind.PROOF),
        resentenced("for steps of any size", FALLS, hypotheses=FALLS.hypotheses[:4], caught_by=WitnessKind.PROOF),
    ),
    statement_uses=("long2021.decomposition",),
    proof_uses=("long2021.decomposition", "long2021.decoupling"),
)
