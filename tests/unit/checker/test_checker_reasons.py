"""The checker: each way in which a certificate can fail to be a proof, and each way in which a file can be hostile."""

import copy
from typing import Any

import pytest
from flint import ctx

from ste_theory.checker import Rejected, check
from ste_theory.checker.expression import Program, parse

SIGN = {"kind": "sign"}


def series(point: str, order: int, variable: str = "x") -> dict[str, Any]:
    """A reason."""
    return {"kind": "series", "variable": variable, "point": point, "order": order}


def document(
    expression: str,
    boxes: list[tuple[list[str], Any]],
    *,
    domain: list[str] | None = None,
    strict: bool = False,
    hypotheses: tuple[str, ...] = (),
    open_: tuple[str, ...] = (),
    name: str = "x",
) -> dict[str, Any]:
    """A certificate in one variable."""
    case = {
        "variables": [{"name": name, "range": domain or ["0", "1"], "open": list(open_)}],
        "expression": expression,
        "hypotheses": list(hypotheses),
        "strict": strict,
        "boxes": [{"box": [ends], "reason": reason} for ends, reason in boxes],
    }
    return {"schema": "ste-theory-certificate/1", "claim": "c", "substitution": [], "bits": 128, "cases": [case]}


UNIT = ["0", "1"]
LOW, HIGH = ["0", "1/2"], ["1/2", "1"]

VALID = {
    "a sign": document("1 + x", [(UNIT, SIGN)], strict=True),
    "two boxes": document("1 + x", [(HIGH, SIGN), (LOW, SIGN)]),
    "uneven boxes": document("1 + x", [(["1/3", "1"], SIGN), (["0", "1/7"], SIGN), (["1/7", "1/3"], SIGN)]),
    "outside": document(
        "x - 1/2", [(LOW, {"kind": "outside", "hypothesis": 0}), (HIGH, SIGN)], hypotheses=("x - 3/4",)
    ),
    "a tie below": document("x*(3 - x)", [(UNIT, series("0", 1))]),
    "a tie above": document("(1 - x)*(2 - x)", [(UNIT, series("1", 1))]),
    "a tie inside": document("(3*x - 1)^2", [(UNIT, series("1/3", 2))]),
    "a tie of the fourth order with pi": document(
        "cos_pi(x) - 1 + (pi*x)^2/2", [(["0", "1/4"], series("0", 4))], domain=["0", "1/4"]
    ),
    "a tie at an open end": document("x", [(UNIT, series("0", 1))], strict=True, open_=("lower",)),
    "a tie with the root of pi": document("erf(x)*sqrt(pi) - 2*x + x^3", [(LOW, series("0", 3))], domain=LOW),
    "a tie with √2": document(
        "(x*sqrt(2) - 1)*(x + sqrt(2)) - sqrt(2)*x^2 - x + sqrt(2) + x", [(UNIT, series("0", 1))]
    ),
    "a limit": document("1 + exp_ratio(1, x)", [(UNIT, SIGN)], strict=True),
}

INVALID: dict[str, tuple[dict[str, Any], str]] = {
    "no boxes": (document("1 + x", []), r"case 1: no box covers \[0, 1\]"),
    "a missing box": (document("1 + x", [(LOW, SIGN)]), r"no box covers \[1/2, 1\]"),
    "a gap": (document("1 + x", [(LOW, SIGN), (["501/1000", "1"], SIGN)]), r"no box covers \[1/2, 501/1000\]"),
    "an overlap": (document("1 + x", [(LOW, SIGN), (["1/3", "1"], SIGN)]), r"boxes 1 and 2 overlap on \[1/3, 1/2\]"),
    "a box twice": (document("1 + x", [(UNIT, SIGN), (UNIT, SIGN)]), "overlap"),
    "a box too wide": (document("1 + x", [(["0", "2"], SIGN)]), r"box 1, \[0, 2\], leaves the domain"),
    "a flat box": (document("1 + x", [(UNIT, SIGN), (["1", "1"], SIGN)]), "not a range"),
    "a wrong sign": (document("x - 1/3", [(UNIT, SIGN)]), "box 1.*'sign' does not hold"),
    "a wrong sign on a sliver": (document("x^2 - x + 2499/10000", [(UNIT, SIGN)]), "does not hold"),
    "a tie called a sign": (document("x*(1 - x)^2", [(UNIT, SIGN)], strict=True), "does not hold"),
    "a strict tie": (document("x", [(UNIT, series("0", 1))], strict=True), "refutes a strict"),
    "a strict tie at the closed end": (
        document("1 - x", [(UNIT, series("1", 1))], strict=True, open_=("lower",)),
        "strict",
    ),
    "a simple zero": (document("x - 1/3", [(UNIT, series("1/3", 1))]), "change of sign"),
    "an order too low": (document("x^2*(1 + x)", [(UNIT, series("0", 1))]), "does not hold"),
    "an order too high": (document("x*(1 + x)", [(UNIT, series("0", 2))]), "not shown to vanish at 0"),
    "an almost vanishing coefficient": (document("x^2 - x/10^60", [(UNIT, series("0", 2))]), "not shown to vanish"),
    "√2 taken for √3": (document("(sqrt(2)^2 - 3)*1/10^30 + x", [(UNIT, series("0", 1))]), "not shown to vanish"),
    "another tie": (document("(3*x - 1)^2", [(UNIT, series("1/4", 2))]), "not shown to vanish at 1/4"),
    "a tie elsewhere": (document("(3*x - 4)^2", [(UNIT, series("4/3", 2))]), "lies outside"),
    "a falling derivative": (document("x - 2*x^2", [(UNIT, series("0", 1))]), "does not hold"),
    "a rising odd derivative above": (document("(x - 1)*(2 - x)", [(UNIT, series("1", 1))]), "does not hold"),
    "a kink": (document("abs(x - 1/2) - x/4 + 1/8", [(UNIT, series("1/2", 2))]), "does not hold|not shown"),
    "inside called outside": (
        document("x - 1/2", [(UNIT, {"kind": "outside", "hypothesis": 0})], hypotheses=("x - 3/4",)),
        "'outside' does not hold",
    ),
    "no such hypothesis": (document("x", [(UNIT, {"kind": "outside", "hypothesis": 0})]), "not an integer"),
    "a pole": (document("1/x", [(UNIT, SIGN)]), "does not hold"),
    "nothing over nothing": (document("x/x", [(UNIT, SIGN)]), "does not hold"),
    "zero times a pole": (document("1 + 0*(1/x)", [(UNIT, SIGN)]), "does not hold"),
    "a logarithm of less than nothing": (document("1 + 0*log(x - 2)", [(UNIT, SIGN)]), "does not hold"),
    "an unknown reason": (document("1", [(UNIT, {"kind": "trust"})]), "not a reason"),
    "a reason with more": (document("1", [(UNIT, {**SIGN, "note": 1})]), "not a reason"),
    "a reason of another kind": (document("1", [(UNIT, "sign")]), "not an object"),
    "an unknown variable": (document("x + y", [(UNIT, SIGN)]), "'y' where"),
    "an unknown function": (document("__import__(x)", [(UNIT, SIGN)]), "'__import__' where"),
    "an attribute": (document("x.real", [(UNIT, SIGN)]), "not readable"),
    "a float": (document("0.5 + x", [(UNIT, SIGN)]), "not readable"),
    "a rounded end": (document("1 + x", [([0, 1], SIGN)]), "not a rational number"),  # type: ignore[list-item]
    "a huge exponent": (document("x^9999999", [(UNIT, SIGN)]), "exponent"),
    "a huge tower": (document("x^64^64^64", [(UNIT, SIGN)]), "goes on"),
    "a huge number": (document("9" * 5000, [(UNIT, SIGN)]), "not readable"),
    "deep nesting": (document("(" * 5000 + "x" + ")" * 5000, [(UNIT, SIGN)]), "nested"),
    "a long text": (document("x+" * 50_000 + "x", [(UNIT, SIGN)]), "at most"),
    "an open bracket": (document("(x", [(UNIT, SIGN)]), r"lacks '\)'"),
    "nothing": (document("", [(UNIT, SIGN)]), "'' where"),
    "a name like code": (document("x", [(UNIT, SIGN)], name="x y"), "names"),
    "an infinite end": (document("1", [(UNIT, SIGN)], domain=["0", "inf"]), "not a rational number"),
    "a division by zero": (document("1", [(UNIT, SIGN)], domain=["0", "1/0"]), "not a rational number"),
    "an end from afar": (document("1", [(UNIT, SIGN)], domain=["0", "1" * 400]), "not a rational number"),
    "an empty domain": (document("1", [(UNIT, SIGN)], domain=["1", "0"]), "not a range"),
}


@pytest.mark.parametrize("name", VALID)
def test_valid_certificates_are_accepted(name: str) -> None:
    """Would have caught a checker that rejects everything."""
    assert check(VALID[name]).boxes == len(VALID[name]["cases"][0]["boxes"])


@pytest.mark.parametrize("name", INVALID)
def test_what_proves_nothing_is_rejected_with_the_reason(name: str) -> None:
    """Would have caught a checker that overlooks this, or that raises something else than its one error."""
    content, reason = INVALID[name]
    before = ctx.prec
    with pytest.raises(Rejected, match=reason) as caught:
        check(content)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 600
    assert ctx.prec == before


@pytest.mark.parametrize(
    "change",
    [
        {"schema": "ste-theory-certificate/2"},
        {"bits": 10**9},
        {"bits": True},
        {"bits": "128"},
        {"cases": []},
        {"cases": {}},
        {"claim": 5},
        {"note": "more"},
        {"cases": [5]},
        {"cases": [{**VALID["a sign"]["cases"][0], "boxes": 5}]},
        {"cases": [{**VALID["a sign"]["cases"][0], "variables": []}]},
        {"substitution": [5]},
    ],
    ids=str,
)
def test_the_shape_is_part_of_the_schema(change: dict[str, Any]) -> None:
    """Would have caught a key that is ignored, or a precision that fills the memory."""
    with pytest.raises(Rejected):
        check({**VALID["a sign"], **change})
    value: object
    for value in (None, 5, [], "text", {}):
        with pytest.raises(Rejected):
            check(value)


def test_the_strictness_and_the_range_are_read() -> None:
    """Would have caught a checker that verifies ≥ 0 and says > 0, or that takes every end for open."""
    said = check(VALID["a tie at an open end"]).statement
    assert said == "x > 0 for x in (0, 1]"
    weak = copy.deepcopy(VALID["a tie at an open end"])
    weak["cases"][0]["variables"][0]["open"] = []
    with pytest.raises(Rejected):
        check(weak)


def test_work_is_bounded() -> None:
    """Would have caught a short file that keeps the checker busy for ever: the work is counted, not the seconds."""
    deep = "sin(" * 50 + "x" + ")" * 50
    expression = " + ".join(f"({deep})^{k}" for k in range(2, 60))
    boxes = [([f"{k}/4000", f"{k + 1}/4000"], series("0", 12) if k == 0 else SIGN) for k in range(4000)]
    with pytest.raises(Rejected):
        check(document(f"{expression} - 1", boxes))


def test_equal_parts_are_one_node() -> None:
    """Would have caught a tree that grows exponentially where a text repeats itself."""
    program = Program(("x",))
    parse("sin(x + 1)*sin(x + 1) + sin(x + 1)", program)
    assert [node.name for node in program.nodes] == ["variable", "constant", "add", "sin", "mul", "add"]


def test_the_checker_divides_a_box_a_little_itself() -> None:
    """Would have caught a check that depends on the last digit of the search: one box, a few parts."""
    assert check(document("x^2 - x + 26/100", [(UNIT, SIGN)], strict=True)).boxes == 1


def test_a_missing_box_among_many_is_named() -> None:
    """Would have caught a report of a part of it, or a comparison of every box with every other one."""
    thin = [([f"{k}/20000", f"{k + 1}/20000"], SIGN) for k in range(20_000)]
    del thin[777]
    with pytest.raises(Rejected, match=r"no box covers \[777/20000, 389/10000\]"):
        check(document("1 + x", thin))
