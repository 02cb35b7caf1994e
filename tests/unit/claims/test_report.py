"""The report: exit codes, its JSON form and back."""

import json
from dataclasses import replace

import pytest

from ste_theory.claims.report import SCHEMA, ClaimReport, Report
from ste_theory.claims.stored import from_json
from ste_theory.claims.verdict import Level, Verdict, WitnessKind
from ste_theory.claims.witness import Catch, Figure
from ste_theory.model.errors import InvalidInput, UnknownName
from tests.unit.claims.fakes import FAIL, PASS, result

C, N, U, D, R = (Verdict(word) for word in ("CONFIRMED", "NOT RUN", "INCONCLUSIVE", "DISPUTED", "REFUTED"))


def line(claim_id: str, own: Verdict, effective: Verdict | None = None, expected: Verdict = C) -> ClaimReport:
    """A claim without witnesses."""
    return ClaimReport(claim_id, "Title", "identity", "Source", "f = 1", expected, own, effective or own, (), None, ())


def report(*claims: ClaimReport, interrupted: bool = False) -> Report:
    return Report(Level.QUICK, 7, {"python": "3"}, claims, 1.5, interrupted)


@pytest.mark.parametrize(
    ("own", "effective", "expected", "code"),
    [
        (C, C, C, 0),
        (R, R, R, 0),
        (U, U, U, 0),  # documented as open
        (C, C, R, 1),
        (R, R, C, 1),
        (C, C, U, 1),  # settled, but documented as open
        (D, D, C, 1),
        (D, D, D, 1),  # nobody can document a dispute away
        (C, D, C, 1),
        (U, D, C, 1),
        (U, U, C, 3),
        (N, N, C, 3),
        (C, U, C, 3),
        (C, N, C, 3),
        (N, U, R, 3),
        (U, U, R, 3),
    ],
)
def test_exit_code_of_one_claim(own: Verdict, effective: Verdict, expected: Verdict, code: int) -> None:
    """Would have caught: any exit code that is not the design's."""
    assert report(line("a.b", own, effective, expected)).exit_code == code


def test_exit_codes_of_several_claims() -> None:
    """Would have caught: the last claim decides, 3 wins over 1, or an interruption looks like a result."""
    assert report(line("a.a", U), line("a.b", R), line("a.c", C)).exit_code == 1
    assert report(line("a.a", D), line("a.b", U)).exit_code == 1
    assert report(line("a.a", C), line("a.b", N)).exit_code == 3
    assert report(line("a.a", R), interrupted=True).exit_code == 130


FULL = replace(
    line("a.b", D),
    rests_on=("a.a",),
    weakest_foundation="a.a",
    requested=False,
    witnesses=(
        result(WitnessKind.DERIVATION, PASS, "3 steps"),
        result(
            WitnessKind.SAMPLING,
            FAIL,
            "too far",
            seconds=1.25,
            counterexample="ρ = 1/2",
            figures=(Figure("f", 0.25, 0.5, 0.01, -25.0, 0.02), Figure("g", 1.0, 1.0, 0.0)),
        ),
        result(
            WitnessKind.PLANTED,
            FAIL,
            "one slipped through",
            catches=(
                Catch("doubled", WitnessKind.SAMPLING, ((WitnessKind.SAMPLING, FAIL), (WitnessKind.PROPERTIES, PASS))),
                Catch("negated", WitnessKind.PROPERTIES, ((WitnessKind.PROPERTIES, PASS),)),
            ),
        ),
    ),
)


def test_json_has_the_documented_keys() -> None:
    """Would have caught: a key of the contract renamed or dropped."""
    content = report(FULL).to_json()
    assert content["schema"] == SCHEMA == "ste_theory.report/2"
    assert {"schema", "seed", "level", "environment", "claims"} <= set(content)
    (claim,) = content["claims"]
    assert {"id", "source", "statement", "expected", "verdict", "effective_verdict", "witnesses", "planted"} <= set(
        claim
    )
    assert claim["planted"] == {"tried": 2, "caught": 1}
    for witness in claim["witnesses"]:
        assert {"kind", "verdict", "detail", "seconds"} <= set(witness)
    assert claim["witnesses"][1]["verdict"] == "fail"


def test_json_goes_there_and_back() -> None:
    """Would have caught: anything lost or changed on the way through a file."""
    original = replace(report(FULL, line("a.c", C)), interrupted=True, missing=("z.z",))
    assert from_json(json.loads(json.dumps(original.to_json(), allow_nan=False))) == original


def test_numbers_that_are_not_finite_do_not_break_the_json() -> None:
    """Would have caught: NaN in the file, which most readers of JSON refuse."""
    broken = result(WitnessKind.SAMPLING, FAIL, figures=(Figure("f", float("nan"), 1.0, float("inf"), float("nan")),))
    content = report(replace(line("a.b", D), witnesses=(broken,))).to_json()
    text = json.dumps(content, allow_nan=False)
    figure = from_json(json.loads(text)).claims[0].witnesses[0].figures[0]
    assert str(figure.value) == str(figure.error) == "nan"
    assert (figure.claimed, figure.pull) == (1.0, None)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda c: [], "not a report"),
        (lambda c: {"schema": "ste_theory.report/999"}, "this version reads"),
        (lambda c: {**c, "schema": "ste_theory.report/1"}, "this version reads"),
        (lambda c: {**c, "claims": c["claims"][:-1]}, "changed or cut"),
        (lambda c: {**c, "seed": c["seed"] + 1}, "changed or cut"),
        (lambda c: {**c, "pages": {"a.b": {}}}, "pages.a.b: 'document' is missing"),
        (lambda c: {**c, "claims": None}, "damaged"),
        (lambda c: {**c, "claims": [{}]}, "'id' is missing"),
        (lambda c: {**c, "level": "quickest"}, "damaged"),
        (lambda c: {**c, "environment": []}, "damaged"),
        (lambda c: {key: value for key, value in c.items() if key != "seed"}, "'seed' is missing"),
    ],
)
def test_a_damaged_report_is_named(damage, message: str) -> None:  # type: ignore[no-untyped-def]
    """Would have caught: a KeyError or TypeError of ours in place of what is wrong with the file."""
    with pytest.raises(InvalidInput, match=message):
        from_json(damage(report(FULL).to_json()), "x.json")


def test_the_part_about_one_claim() -> None:
    """Would have caught: a foundation of a foundation missing, or the other claims kept."""
    claims = (
        line("a.base", U),
        replace(line("a.mid", C, U), rests_on=("a.base",)),
        replace(line("a.top", C, U), rests_on=("a.mid",)),
        line("b.other", D),
    )
    part = report(*claims).about("a.top")
    assert [(claim.id, claim.requested) for claim in part.claims] == [
        ("a.base", False),
        ("a.mid", False),
        ("a.top", True),
    ]
    assert part.exit_code == 3
    with pytest.raises(UnknownName, match=r"no claim 'a.typo'"):
        report(*claims).about("a.typo")
    with pytest.raises(UnknownName, match="interrupted"):
        replace(report(*claims), missing=("z.z",)).about("z.z")


def test_printing_a_report_gives_the_table() -> None:
    """Would have caught: a report that prints as a page of dataclass fields."""
    text = str(report(line("a.b", C)))
    assert "CONFIRMED" in text
    assert "seed 7" in text
    assert "ClaimReport(" not in text
