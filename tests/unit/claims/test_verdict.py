"""The rules from outcomes to verdicts, against a specification written down a second time, in letters."""

from itertools import product

import pytest

from ste_theory.claims.verdict import Kind, Level, Outcome, Verdict, WitnessKind, verdict, weakest
from ste_theory.claims.witness import WitnessResult
from ste_theory.model.errors import InvalidInput

KINDS = {
    "D": WitnessKind.DERIVATION,
    "E": WitnessKind.ENCLOSURE,
    "S": WitnessKind.SAMPLING,
    "P": WitnessKind.PROPERTIES,
    "R": WitnessKind.PROOF,
    "M": WitnessKind.PLANTED,
}
# p passes, f fails, c fails with a certified counterexample, i inconclusive, n not selected, - not in the list at all.
OUTCOMES = {
    "p": Outcome.PASS,
    "f": Outcome.FAIL,
    "c": Outcome.FAIL,
    "i": Outcome.INCONCLUSIVE,
    "n": Outcome.NOT_SELECTED,
}
NEEDED = {"identity": "DESPM", "inequality": "RPM", "existence": "RPM", "limit": "RPM", "algorithm": "DSPM"}


def results(said: dict[str, str]) -> list[WitnessResult]:
    return [
        WitnessResult(KINDS[letter], OUTCOMES[word], "", certified=word == "c")
        for letter, word in said.items()
        if word != "-"
    ]


def specified(kind: str, said: dict[str, str]) -> str:
    """The verdict by the words of the design, without the library's tables."""
    passes = {letter for letter in "DESPR" if said[letter] == "p"}
    refute = {letter for letter in "DER" if said[letter] == "c"}
    object_ = {letter for letter in "DESPR" if said[letter] in "fc"}
    if refute:
        universal = bool(passes & {"D", "R"})
        only_the_formula = "D" in refute and "E" in passes
        return "DISPUTED" if universal or only_the_formula else "REFUTED"
    if object_:
        return "DISPUTED" if passes else "INCONCLUSIVE"
    words = {said[letter] for letter in NEEDED[kind]}
    if words & set("ifc"):
        return "INCONCLUSIVE"
    return "NOT RUN" if words & set("n-") else "CONFIRMED"


@pytest.mark.parametrize("kind", list(Kind))
def test_every_combination_of_outcomes_has_the_specified_verdict(kind: Kind) -> None:
    """Would have caught: any rule that treats a witness, an outcome or a kind of claim unlike the design."""
    wrong = []
    for words in product("pfcin", repeat=5):
        for planted in "pfin":
            said = dict(zip("DESPRM", (*words, planted), strict=True))
            if verdict(kind, Level.QUICK, results(said)) != specified(kind, said):
                wrong.append("".join(words) + planted)
    assert wrong == []


@pytest.mark.parametrize(
    ("kind", "said", "expected"),
    [
        ("identity", "Dp Ep Sp Pp Mp", "CONFIRMED"),
        ("identity", "Dp Ep Sp Pp", "NOT RUN"),  # nobody tried planted errors
        ("identity", "Dp Ep Sp Pp Mf", "INCONCLUSIVE"),  # one slipped through
        ("identity", "Di Ep Sp Pp Mp", "INCONCLUSIVE"),  # a step is checked at points only
        ("identity", "Dp Ep Sf Pp Mp", "DISPUTED"),  # the formula is derived, the program disagrees
        ("identity", "Dp Ec Sp Pp Mp", "DISPUTED"),  # derived for all, refuted at a point
        ("identity", "Dc Ec Sp Pp Mp", "REFUTED"),  # sampling cannot see what balls see
        (
            "identity",
            "Dc Ep Sp Pp Mp",
            "DISPUTED",
        ),  # the derivation ends elsewhere, the definition agrees
        ("identity", "Di Ei Sf Pf Mp", "INCONCLUSIVE"),  # sampling and properties alone never refute
        ("identity", "Di Ei Sc Pc Mp", "INCONCLUSIVE"),  # not even if they call it certified
        ("identity", "", "NOT RUN"),
        ("inequality", "Di Rc Pp Mp", "REFUTED"),
        ("inequality", "Dp Rc Pp Mp", "DISPUTED"),
        ("inequality", "Dp Rp Pp Mp", "CONFIRMED"),
        ("inequality", "Dp Rp Pp Mp Si", "CONFIRMED"),  # not required
        ("existence", "Rp Pp Mp", "CONFIRMED"),
        ("existence", "Ri Mp", "INCONCLUSIVE"),
        ("limit", "Rp Pp Mp", "CONFIRMED"),
        ("algorithm", "Dp Sp Pp Mp", "CONFIRMED"),
        ("algorithm", "Dp Sn Pp Mp", "NOT RUN"),
    ],
)
def test_verdicts_people_will_ask_about(kind: str, said: str, expected: str) -> None:
    """Would have caught: the same mistake made in the rules and in the exhaustive specification above."""
    letters = {word[0]: word[1] for word in said.split()}
    for level in Level:
        assert verdict(Kind(kind), level, results(letters)) == expected


def test_two_results_of_one_kind_are_refused() -> None:
    """Would have caught: a failure hidden by a later pass of the same kind of witness."""
    both = [WitnessResult(WitnessKind.PROOF, outcome, "") for outcome in (Outcome.FAIL, Outcome.PASS)]
    with pytest.raises(InvalidInput, match="two results of the witness proof"):
        verdict(Kind.EXISTENCE, Level.QUICK, both)


C, N, U, D, R = (Verdict(word) for word in ("CONFIRMED", "NOT RUN", "INCONCLUSIVE", "DISPUTED", "REFUTED"))


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        # The foundation is            C  N  U  D  R
        (C, (C, N, U, D, U)),
        (N, (N, N, U, D, U)),
        (U, (U, U, U, D, U)),
        (D, (D, D, D, D, D)),
        (R, (R, U, U, D, U)),
    ],
)
def test_effective_verdict_of_a_claim_on_one_foundation(own: Verdict, expected: tuple[Verdict, ...]) -> None:
    """Would have caught: a refuted foundation refutes what rests on it, or a refutation stands on a certificate
    whose foundation is open."""
    assert tuple(weakest(own, [foundation]) for foundation in (C, N, U, D, R)) == expected


def test_effective_verdict_takes_the_weakest_of_many_in_any_order() -> None:
    """Would have caught: only the first or the last foundation counts."""
    assert weakest(C, [C, D, N]) is D
    assert weakest(C, [D, N, C]) is D
    assert weakest(C, [N, C, R]) is U
    assert weakest(C, []) is C
