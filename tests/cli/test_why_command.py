"""``why`` over both kinds of edges."""

from ste_theory.claims.verdict import Outcome, Verdict, WitnessKind
from tests.cli.conftest import Command, Install
from tests.unit.claims.fakes import FAIL, INCONCLUSIVE, Answer, all_witnesses, by_id, claim, result

CLAIMS = by_id(
    claim("a.top", rests_on=["b.base", "b.other"], statement_uses=["c.words"]),
    claim("b.base"),
    claim("b.other"),
    claim("c.words"),
    claim("d.false", rests_on=["b.base"], expected=Verdict.REFUTED),
)


def open_(*names: str) -> dict[str, Answer]:
    """The enclosures of these claims cannot decide."""
    return {name: result(WitnessKind.ENCLOSURE, INCONCLUSIVE, "balls overlap") for name in names}


def test_a_statement_that_is_used_is_named_and_decides_nothing(install: Install, command: Command) -> None:
    """Would have caught: a doubt inherited from a statement, a run that examines it, or an answer that hides it."""
    witnesses = all_witnesses(enclosure=open_("c.words"))
    install(CLAIMS, witnesses)
    ended = command("why", "a.top", "--seed", "3")
    assert ended.code == 0
    assert "    CONFIRMED as well, all that its proof rests on: b.base, b.other\n" in ended.out
    assert "    its statement uses c.words; no verdict travels from there\n" in ended.out
    assert set(witnesses[0].examined) == {"a.top", "b.base", "b.other"}


def test_every_weak_claim_below_is_named_in_full(install: Install, command: Command) -> None:
    """Would have caught: a second open foundation that shows only when the first is settled."""
    install(CLAIMS, all_witnesses(enclosure=open_("b.base", "b.other")))
    ended = command("why", "a.top", "--seed", "3")
    assert ended.code == 3
    assert ended.out.splitlines()[:3] == [
        "INCONCLUSIVE a.top (documented: CONFIRMED): rests on b.base, which is INCONCLUSIVE",
        "    the proof of a.top (own verdict CONFIRMED) rests on b.base",
        "INCONCLUSIVE b.base, the weakest: Hypothetical b.base",
    ]
    assert "    also below: b.other (own verdict INCONCLUSIVE)\n" in ended.out


def test_a_refutation_on_an_open_foundation(install: Install, command: Command) -> None:
    """Would have caught: a false statement reported as settled while its certificate rests on an open formula, or the
    exit code of a surprise."""
    against: dict[str, dict[str, Answer]] = {
        kind: {"d.false": result(kind, Outcome.NOT_SELECTED)} for kind in (WitnessKind.DERIVATION, WitnessKind.PROOF)
    }
    certified = result(WitnessKind.ENCLOSURE, FAIL, "the residual excludes 0", certified=True)
    install(CLAIMS, all_witnesses(**against, enclosure={"d.false": certified}))
    assert command("why", "d.false", "--seed", "3").out.startswith("REFUTED as documented d.false: a certified ")
    install(CLAIMS, all_witnesses(**against, enclosure={"d.false": certified, **open_("b.base")}))
    ended = command("why", "d.false", "--seed", "3")
    assert ended.code == 3
    assert ended.out.splitlines()[:2] == [
        "INCONCLUSIVE d.false (documented: REFUTED): rests on b.base, which is INCONCLUSIVE",
        "    the proof of d.false (own verdict REFUTED) rests on b.base",
    ]


def test_a_long_detail_fits_the_terminal(install: Install, command: Command) -> None:
    """Would have caught: a line of a witness that runs over the edge, or is cut there."""
    words = "correlation: π − θ in place of θ; " * 6
    for outcome in (Outcome.PASS, INCONCLUSIVE):
        install(CLAIMS, all_witnesses(enclosure={"b.base": result(WitnessKind.ENCLOSURE, outcome, words)}))
        for arguments in (("why", "b.base"), ("verify", "b.base", "--full")):
            ended = command(*arguments, "--seed", "3")
            assert " ".join(words.split()) in " ".join(ended.out.split())
            assert all(len(line) <= 80 for line in ended.out.splitlines())
