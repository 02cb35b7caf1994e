"""Analyses as documents: what the checker accepts is proved, and every way in which one can fail is named."""

import copy
import json
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import pytest

from ste_theory.analysis import catalogue
from ste_theory.analysis.analyze import analyze
from ste_theory.analysis.membership import class_membership
from ste_theory.analysis.soundness import soundness
from ste_theory.checker import Rejected, check

Document = dict[str, Any]
BINARY = ("binary", None)
CASES: dict[str, tuple[str, tuple[str, str | None]]] = {
    "even part": ("Max(0, 1 - Abs(x))", BINARY),
    "one change": ("larq.swish_sign", BINARY),
    "one change up to a scale": ("1 - x^2/10", ("binary", "2")),
    "a tie at infinity": ("mexican_hat", BINARY),
    "boxes": ("Piecewise((3, Abs(x) < 1), (-1, Abs(x) < 2), (1, Abs(x) < 3), (-1/10, Abs(x) < 4), (0, True))", BINARY),
    "cosines": ("1 + cos(2*x)", BINARY),
    "terms that cancel": ("Max(0, 2 - Abs(x)) + sin(x)*sin(sqrt(2)*Abs(x))", BINARY),
    "odd": ("tanh(x)", BINARY),
    "sign": ("Piecewise((1, Abs(x) < 1), (0, True))", ("sign", None)),
    "refuted": ("1 - x^2/10", BINARY),
    "refuted at once": ("x^2 - 1", BINARY),
    "steps": ("identity", ("uniform_relu(2)", None)),
    "ternary": ("bnn.hard_tanh", ("ternary(1/2)", None)),
}


def document(name: str) -> Document:
    """The document of a case, as JSON reads it back."""
    text, (quantizer, top) = CASES[name]
    scale = None if top is None else int(top)
    analysis = analyze(catalogue.surrogate(text), catalogue.quantizer(quantizer), scale)
    read: Document = json.loads(json.dumps(analysis.to_json()))
    return read


@pytest.fixture(scope="module")
def documents() -> dict[str, Document]:
    """Every case, made once."""
    return {name: document(name) for name in CASES}


@pytest.mark.parametrize("name", CASES)
def test_what_analyze_writes_is_valid(name: str, documents: dict[str, Document]) -> None:
    """Would have caught a certificate that only the program that wrote it can read."""
    checked = check(documents[name])
    assert checked.boxes > 0
    expected = "uphill" if documents[name]["sound"] == "refuted" else "M = 0" if name == "odd" else "M > 0"
    assert expected in checked.statement


def test_each_argument_is_among_the_cases(documents: dict[str, Document]) -> None:
    """Would have caught a test of one argument under five names."""
    found = {d["certificate"]["proof"] for d in documents.values() if d["certificate"]}
    assert found == {"even part", "one change", "boxes", "cosines", "odd"}
    assert documents["steps"]["region"]
    assert documents["boxes"]["certificate"]["boxes"]


def test_the_parts_stand_alone(documents: dict[str, Document]) -> None:
    """Would have caught a certificate that is one only inside its analysis."""
    for name, part in (("boxes", "certificate"), ("steps", "counterexample"), ("steps", "region")):
        assert check(documents[name][part]).boxes > 0


def test_the_whole_catalogue_is_valid() -> None:
    """Would have caught an entry whose certificate needs what the checker does not know."""
    for name in catalogue.names():
        certificate = soundness(catalogue.surrogate(name), None).certificate
        assert certificate is not None, name
        assert check(json.loads(json.dumps(certificate.to_json()))).boxes > 0, name


CLASS = {
    "in": ("relu", None),
    "bounded": ("long2021.log_tailed", None),
    "a minimum inside": ("Piecewise(((x - 1)^2 + 1/1000, 0 < x < 2), (0, x <= 0), (1, True))", None),
    "out on the left": ("identity", "at"),
    "out on the right": ("yin2019.clipped_relu", "at"),
}


def membership(name: str) -> Document:
    """The statement about the class of the classification paper, as JSON reads it back."""
    surrogate = catalogue.surrogate(CLASS[name][0])
    read: Document = json.loads(json.dumps(class_membership(surrogate).to_json(surrogate)))
    return read


@pytest.mark.parametrize("name", CLASS)
def test_a_membership_is_valid_and_a_better_one_is_not(name: str) -> None:
    """δ and δ̃ are within 1e-9 of the best, so that a part in ten thousand more is false. Would have caught: bounds that
    are not looked at, a place where nothing fails."""
    found = membership(name)
    assert found["source"].endswith("reconstructed")
    assert check(found).boxes > 0
    if CLASS[name][1]:
        wrong = [{**found, "at": str(-Fraction(found["at"]))}, {**found, "at": "0"}, {**found, "place": "in"}]
    else:
        lower, upper = Fraction(found["lower"]), Fraction(found["upper"])
        more, less = Fraction(10_001, 10_000), Fraction(9_999, 10_000)
        wrong = [{**found, "lower": str(lower * more)}, {**found, "upper": str(upper * less)}, {**found, "lower": "0"}]
        if name == "bounded":
            wrong += [{**found, "bound": "11"}, {**found, "bound": "inf"}]
        silent = [{**found["pieces"][0], "formula": "1/1000"}, *found["pieces"][1:]]
        wrong.append({**found, "pieces": silent})
    for each in wrong:
        with pytest.raises(Rejected):
            check(each)


def test_every_surrogate_of_the_catalogue_has_a_membership_that_is_valid() -> None:
    """Would have caught: a place or a bound that the checker cannot decide, an entry without an answer."""
    places = set()
    for name in catalogue.names():
        surrogate = catalogue.surrogate(name)
        found = class_membership(surrogate)
        places.add(found.place)
        assert check(json.loads(json.dumps(found.to_json(surrogate)))).boxes > 0, name
    assert places == {"in", "in on bounded pre-activations", "out"}


def test_a_membership_that_is_wrong_spoils_its_analysis(documents: dict[str, Document]) -> None:
    """Would have caught: a membership beside the evidence that nobody reads, or of another surrogate."""
    found = copy.deepcopy(documents["steps"])
    assert "g' is not 0 at x" in check(found).statement
    for wrong in ({**found["membership"], "at": "2"}, membership("in")):
        with pytest.raises(Rejected):
            check({**found, "membership": wrong})


def _set(*path: Any) -> Callable[[Document], None]:
    def apply(changed: Document) -> None:
        *inner, last, value = path
        place: Any = changed
        for key in inner:
            place = place[key]
        place[last] = value

    return apply


def _drop(*path: Any) -> Callable[[Document], None]:
    def apply(changed: Document) -> None:
        place: Any = changed
        for key in path[:-1]:
            place = place[key]
        del place[path[-1]]

    return apply


BROKEN: list[tuple[str, Callable[[Document], None], str]] = [
    ("refuted", _set("sound", "proved"), "does not prove"),
    ("refuted", _set("counterexample", None), "no evidence"),
    ("refuted", _set("max_scale", "1"), "beyond max_scale"),
    ("refuted", _set("counterexample", "rho", "3"), "not shown to be negative"),
    ("refuted", _set("counterexample", "v_star", ["0"]), "not shown to be negative"),
    ("refuted", _set("counterexample", "angle", "22/7"), "between 0 and pi"),
    ("steps", _set("counterexample", "angle", "1"), "not shown to be negative"),
    ("steps", _set("steps", "thresholds", ["0", "1", "3"]), "another quantizer"),
    ("steps", _set("region", "angle", "7/5"), "angle"),
    ("steps", _drop("region", "strips", 0), "no box covers"),
    ("steps", _set("sound", "no signal"), "does not prove"),
    ("odd", _set("sound", "proved"), "does not prove the verdict"),
    ("odd", _set("certificate", "statement", "M > 0"), "does not prove"),
    ("even part", _set("certificate", "proof", "one change"), "exactly once"),
    ("even part", _set("certificate", "proof", "cosines"), "sum of cosines"),
    ("even part", _set("certificate", "proof", "faith"), "not an argument"),
    ("even part", _set("certificate", "regions", []), "do not cover"),
    ("even part", _drop("certificate", "regions", 0), "do not cover"),
    ("even part", _drop("certificate", "regions", -1), "do not cover"),
    ("even part", _set("certificate", "regions", 0, "sign", -1), "region 1: the sign is not shown"),
    ("even part", _set("certificate", "regions", 0, "sign", 0), "not shown to be zero"),
    ("even part", _set("certificate", "regions", 0, "upper", "2"), "do not follow"),
    ("even part", _set("pieces", 0, "formula", "1"), "another surrogate"),
    ("even part", _set("certificate", "schema", "ste-theory-response/2"), "schema"),
    ("even part", _set("steps", "thresholds", ["1"]), "not one step at 0"),
    ("even part", _set("certificate", "max_scale", "5"), "reaches to the scale 5"),
    ("one change", _set("certificate", "proof", "even part"), "negative"),
    ("one change", _set("certificate", "regions", 1, "lower", "2"), "more than one change"),
    ("one change up to a scale", _set("certificate", "max_scale", "inf"), "not shown"),
    ("one change up to a scale", _set("max_scale", "inf"), "reaches to the scale 2"),
    ("boxes", _drop("certificate", "boxes", 0), "do not follow"),
    ("boxes", _drop("certificate", "boxes", -1), "do not cover"),
    ("boxes", _set("certificate", "boxes", []), "do not cover"),
    ("cosines", _set("certificate", "pieces", 0, "formula", "1 - 2*cos(2*x)"), "another|cosines"),
    ("sign", _set("steps", "thresholds", ["0", "1"]), "do not fit"),
    ("even part", _set("sound", "proved at every scale"), "the verdict is none of"),
    ("even part", _set("sound", ["proved"]), "the verdict is none of"),
    ("even part", _set("sound", {}), "the verdict is none of"),
    ("even part", _set("surrogate", 1), "surrogate is not a text"),
    ("even part", _set("quantizer", None), "quantizer is not a text"),
    ("even part", _set("class", "place", "in"), "the class is not that of the membership"),
    ("even part", _set("class", "at", "-1/9"), "differ in at"),
    ("refuted", _set("counterexample", "correlation", "-0.0097"), "not the stated -0.0097"),
    ("refuted", _set("counterexample", "correlation", "little"), "not a decimal number"),
    ("refuted", _set("counterexample", "response", "-0.6100"), "not the stated -0.6100"),
    ("refuted", _set("counterexample", "scale", "100"), "not one of the network"),
    ("steps", _set("counterexample", "correlation", "-0.36855352"), "not the stated"),
]


@pytest.mark.parametrize(("name", "change", "words"), BROKEN, ids=range(len(BROKEN)))
def test_what_is_broken_is_rejected_with_its_reason(
    name: str, change: Callable[[Document], None], words: str, documents: dict[str, Document]
) -> None:
    """Would have caught a step of an argument that is read and not verified."""
    changed = copy.deepcopy(documents[name])
    change(changed)
    with pytest.raises(Rejected, match=words) as error:
        check(changed)
    assert "\n" not in str(error.value)


def test_a_verdict_without_evidence_does_not_pass_for_its_membership(documents: dict[str, Document]) -> None:
    """Would have caught any word as the verdict of a document that proves a membership alone."""
    silent = documents["even part"] | {"certificate": None}
    for verdict in ("proved", "proved at every scale", "no signal", "refuted"):
        with pytest.raises(Rejected, match="verdict"):
            check(silent | {"sound": verdict})
    assert not check(silent | {"sound": "undecided"}).decided
    assert check(documents["even part"]).decided
    with pytest.raises(Rejected, match="in the class"):
        check(documents["even part"] | {"membership": None, "class": documents["even part"]["class"] | {"place": "in"}})


JUNK: tuple[Any, ...] = (None, 1, -1, "x", "0", "-1", "inf", [], {}, ["a"], {"a": 1}, True, 1.5, "1/0", "9" * 310)


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from _paths(inner, (*path, key))


@pytest.mark.parametrize("name", ["even part", "odd", "refuted", "cosines"])
def test_junk_in_any_place_is_rejected_or_harmless(name: str, documents: dict[str, Document]) -> None:
    """Would have caught a TypeError for a list where a text should stand."""
    reasons = []
    for number, path in enumerate(_paths(documents[name])):
        for junk in JUNK[number % 3 :: 3]:
            changed = copy.deepcopy(documents[name])
            _set(*path, junk)(changed)
            try:
                check(changed)
            except Rejected as reason:
                reasons.append(str(reason))
    assert len(reasons) > 100
    assert not [reason for reason in reasons if "\n" in reason]


@pytest.mark.parametrize(
    ("pieces", "regions"),
    [
        # A dip of depth 1 and width 1/10⁶ at an irrational place, and one at 10⁴.
        (["1 - 2*exp(-(1000000*(x - sqrt(2)/3))^2)"], [("0", "inf", 1)]),
        (["1 - 2*exp(-(x^2 - 100000000)^2)"], [("0", "inf", 1)]),
        # Negative by 10⁻³⁰ on [2, 3].
        (["1 - x", "-1/1000000000000000000000000000000", "1/x^2"], [("0", "inf", 1)]),
        # A tie of odd order inside is a change of sign.
        (["(1/3 - x)^3 + exp(-(x + 5)^2)*0"], [("0", "1/3", 1), ("1/3", "inf", 1)]),
    ],
)
def test_dips_are_not_overlooked(pieces: list[str], regions: list[tuple[str, str, int]]) -> None:
    """Would have caught a sign that was looked at in places."""
    ends = ["-inf", "0", *["1", "2"][: len(pieces) - 1], "inf"]
    texts = ["0", *pieces]
    stated = {
        "schema": "ste-theory-response/1",
        "surrogate": "",
        "pieces": [{"lower": ends[k], "upper": ends[k + 1], "formula": texts[k]} for k in range(len(texts))],
        "statement": "M > 0",
        "max_scale": "inf",
        "proof": "even part",
        "argument": "",
        "regions": [{"lower": a, "upper": b, "sign": sign, "method": ""} for a, b, sign in regions],
        "boxes": [],
    }
    with pytest.raises(Rejected):
        check(stated)
