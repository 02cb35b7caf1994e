"""Certificates changed at random: each mutant is rejected, or what it then says is true for another reader.

The other reader shares nothing with the checker: the cover is compared by volumes and pairwise, and the statement is
evaluated in floats on a dense grid.
"""

import copy
import itertools
import math
import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ste_theory.checker import Rejected, check
from ste_theory.rigorous.inequality import Inequality, Variable
from ste_theory.rigorous.prove import Proved, prove

x, y, theta = sp.symbols("x y theta", real=True)
SLACK = 1 - 2 / sp.pi
PSI = 1 - 2 * theta / sp.pi - sp.cos(theta)
STATEMENTS = (
    Inequality(sp.sin(theta) - sp.sin(theta) ** 2 - 2 * PSI**2, (Variable(theta, 0, sp.pi),)),
    Inequality(sp.sin(theta) - sp.sin(theta) ** 2 - PSI**2 / (2 * SLACK**2), (Variable(theta, 0, sp.pi),)),
    Inequality(x + 1 / x - 2, (Variable(x, sp.Rational(1, 5), sp.oo),)),
    Inequality(sp.sqrt(1 + x**2) - x, (Variable(x, 0, sp.oo),), strict=True),
    Inequality(x - y, (Variable(x, 0, 1), Variable(y, 0, 1)), strict=True, hypotheses=(x - y - sp.Rational(1, 10),)),
    Inequality(x * (1 - y) + y * (1 - x), (Variable(x, 0, 1), Variable(y, 0, 1))),
)
Document = dict[str, Any]


def certificate(statement: Inequality) -> Document:
    """The document of a proof."""
    found = prove(statement)
    assert isinstance(found, Proved)
    return found.certificate.to_json()


ORIGINALS = [certificate(statement) for statement in STATEMENTS]


def _case(draw: st.DrawFn, document: Document) -> Document:
    return draw(st.sampled_from(document["cases"]))


def _ends(draw: st.DrawFn, document: Document) -> list[str]:
    box = draw(st.sampled_from(_case(draw, document)["boxes"]))
    return draw(st.sampled_from(box["box"]))


def drop_a_box(draw: st.DrawFn, document: Document) -> None:
    boxes = _case(draw, document)["boxes"]
    del boxes[draw(st.integers(0, len(boxes) - 1))]


def double_a_box(draw: st.DrawFn, document: Document) -> None:
    boxes = _case(draw, document)["boxes"]
    boxes.append(copy.deepcopy(draw(st.sampled_from(boxes))))


def shrink_a_box(draw: st.DrawFn, document: Document) -> None:
    ends = _ends(draw, document)
    lower, upper = map(Fraction, ends)
    side, share = draw(st.integers(0, 1)), Fraction(1, draw(st.sampled_from([2, 3, 10**6, 10**30])))
    ends[side] = str(lower + (upper - lower) * share if side == 0 else upper - (upper - lower) * share)


def grow_a_box(draw: st.DrawFn, document: Document) -> None:
    ends = _ends(draw, document)
    side = draw(st.integers(0, 1))
    ends[side] = str(Fraction(ends[side]) + (2 * side - 1) * Fraction(1, draw(st.sampled_from([7, 64, 10**30]))))


def move_the_domain(draw: st.DrawFn, document: Document) -> None:
    variable = draw(st.sampled_from(_case(draw, document)["variables"]))
    side = draw(st.integers(0, 1))
    by = draw(st.sampled_from([Fraction(-1, 8), Fraction(1, 8), Fraction(1, 10**20)]))
    variable["range"][side] = str(Fraction(variable["range"][side]) + by)


def change_the_expression(draw: st.DrawFn, document: Document) -> None:
    case = _case(draw, document)
    text = case["expression"]
    numbers = list(re.finditer(r"\d+", text))
    assume(numbers)
    place = draw(st.sampled_from(numbers))
    other = str(max(0, int(place[0]) + draw(st.sampled_from([-1, 1]))))
    case["expression"] = text[: place.start()] + other + text[place.end() :]


def change_an_operation(draw: st.DrawFn, document: Document) -> None:
    case = _case(draw, document)
    words = [w for w in (" + ", " - ", "sin_pi", "cos_pi", "sqrt", "*", "/") if w in case["expression"]]
    word = draw(st.sampled_from(words))
    other = {" + ": " - ", " - ": " + ", "sin_pi": "cos_pi", "cos_pi": "sin_pi", "sqrt": "", "*": " + ", "/": "*"}[word]
    case["expression"] = case["expression"].replace(word, other, 1)


def lower_the_expression(draw: st.DrawFn, document: Document) -> None:
    case = _case(draw, document)
    case["expression"] += f" - 1/{draw(st.sampled_from([10, 10**3, 10**6, 10**12, 10**24]))}"


def change_a_hypothesis(draw: st.DrawFn, document: Document) -> None:
    case = _case(draw, document)
    case["hypotheses"] = draw(st.sampled_from([[], [case["expression"]], [h + " + 1/5" for h in case["hypotheses"]]]))


def relabel(draw: st.DrawFn, document: Document) -> None:
    case = _case(draw, document)
    box = draw(st.sampled_from(case["boxes"]))
    name = draw(st.sampled_from(case["variables"]))["name"]
    point = draw(st.sampled_from([end for ends in box["box"] for end in ends] + ["1/2", "1/3"]))
    box["reason"] = draw(
        st.sampled_from(
            [
                {"kind": "sign"},
                {"kind": "outside", "hypothesis": 0},
                *({"kind": "series", "variable": name, "point": point, "order": order} for order in (1, 2, 3, 4)),
            ]
        )
    )


def swap_the_strictness(draw: st.DrawFn, document: Document) -> None:
    case = _case(draw, document)
    case["strict"] = not case["strict"]


def close_or_open(draw: st.DrawFn, document: Document) -> None:
    variable = draw(st.sampled_from(_case(draw, document)["variables"]))
    variable["open"] = draw(st.sampled_from([[], ["lower"], ["upper"], ["lower", "upper"]]))


MUTATIONS: tuple[Callable[[st.DrawFn, Document], None], ...] = (
    drop_a_box,
    double_a_box,
    shrink_a_box,
    grow_a_box,
    move_the_domain,
    change_the_expression,
    change_an_operation,
    lower_the_expression,
    change_a_hypothesis,
    relabel,
    swap_the_strictness,
    close_or_open,
)
NEVER_VALID = {drop_a_box, double_a_box, shrink_a_box, grow_a_box}


@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda mutate: mutate.__name__)
@settings(max_examples=25)
@given(data=st.data())
def test_no_mutant_is_accepted_that_is_not_true(mutate: Callable[..., None], data: st.DataObject) -> None:
    """Would have caught a checker that does not read the part of the certificate that is changed here."""
    mutant = copy.deepcopy(data.draw(st.sampled_from(ORIGINALS)))
    mutate(data.draw, mutant)
    try:
        check(mutant)
    except Rejected as reason:
        rejection = str(reason)
    else:
        rejection = ""
    if rejection:
        assert mutate is not drop_a_box or "no box covers [" in rejection
        return
    assert mutate not in NEVER_VALID or mutant in ORIGINALS
    for case in mutant["cases"]:
        assert covers(case)
        assert true_on_a_grid(case)


@pytest.mark.parametrize("document", ORIGINALS, ids=lambda document: document["claim"])
def test_the_originals_are_valid_for_both_readers(document: Document) -> None:
    """Would have caught mutants that are all rejected because the original is."""
    assert check(document).boxes == sum(len(case["boxes"]) for case in document["cases"])
    for case in document["cases"]:
        assert covers(case)
        assert true_on_a_grid(case)
        assert not true_on_a_grid({**case, "expression": f"{case['expression']} - 3", "hypotheses": []})


def covers(case: Document) -> bool:
    """Whether the boxes are disjoint and their volumes add up to that of the domain."""
    boxes = [[tuple(map(Fraction, ends)) for ends in box["box"]] for box in case["boxes"]]
    domain = [tuple(map(Fraction, variable["range"])) for variable in case["variables"]]
    inside = all(low <= a < b <= high for box in boxes for (a, b), (low, high) in zip(box, domain, strict=True))
    disjoint = all(
        any(b <= c or d <= a for (a, b), (c, d) in zip(first, second, strict=True))
        for first, second in itertools.combinations(boxes, 2)
    )
    volume = sum(math.prod(b - a for a, b in box) for box in boxes)
    return inside and disjoint and volume == math.prod(high - low for low, high in domain)


def true_on_a_grid(case: Document) -> bool:
    """Whether the statement holds, up to rounding, at all points of a grid that includes the ends."""
    names = [variable["name"] for variable in case["variables"]]
    axes = []
    for variable in case["variables"]:
        lower, upper = map(float, map(Fraction, variable["range"]))
        ends = set(variable["open"])
        grid = [lower + (upper - lower) * k / 240 for k in range("lower" in ends, 241 - ("upper" in ends))]
        axes.append(grid if len(names) == 1 else grid[::8])
    functions = {
        "sin_pi": lambda u: math.sin(math.pi * u),
        "cos_pi": lambda u: math.cos(math.pi * u),
        "sqrt": lambda u: math.sqrt(max(u, 0.0)),
        "pi": math.pi,
    }
    texts = [re.sub(r"\^", "**", text) for text in (case["expression"], *case["hypotheses"])]
    codes = [compile(text, "statement", "eval") for text in texts]
    for point in itertools.product(*axes):
        here = {**functions, **dict(zip(names, point, strict=True))}
        try:
            value, *hypotheses = (eval(code, {"__builtins__": {}}, here) for code in codes)
        except ZeroDivisionError:
            return False
        if all(h > 1e-12 for h in hypotheses) and (value < -1e-12 or (case["strict"] and value == 0)):
            return False
    return True
