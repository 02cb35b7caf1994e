"""``plan``: the table, its options and what is refused."""

import pytest

from ste_theory.claims import registry
from ste_theory.claims.verdict import WitnessKind
from tests.cli.conftest import Command, Install
from tests.unit.claims.fakes import FakeWitness, by_id, claim


def test_plan_prints_a_line_per_quantity_and_case(command: Command) -> None:
    """Would have caught: a percent sign taken for a factor of one, another spelling that means another size, a seed
    without effect, or a table wider than a terminal."""
    texts = [
        command("plan", "yin2019.relu", "--detect", spelling, "--level", "quick", "--seed", "5").out
        for spelling in ("2%", "0.02", "2e-2", " 2 %")
    ]
    heads = [[line.split()[:4] for line in text.splitlines() if line.startswith("coarse")] for text in texts]
    assert len(heads[0]) == 3
    assert heads[0] == heads[1] == heads[2] == heads[3]
    text = texts[0]
    assert text.startswith("yin2019.relu: samples with which an error of 2 % is noticed\n")
    for part in ("case 1: binary/relu at m = 3", "rate of the pilot on this machine", "level quick, seed 5"):
        assert part in text
    assert max(map(len, text.splitlines())) <= 80
    # Noise is that of a pilot, so another seed changes it (in digits that may not show); half the error needs more.
    smaller = command("plan", "yin2019.relu", "--detect", "1%", "--level", "quick", "--seed", "5").out
    (before, after) = (float(t.splitlines()[3].split()[3]) for t in (text, smaller))
    assert after > before


@pytest.mark.parametrize("detect", ["0", "0%", "-1%", "100%", "1", "nan", "inf", "-inf%", "small", "", "%", "1%%"])
def test_an_error_that_is_none_is_refused(command: Command, detect: str) -> None:
    """Would have caught: a plan for an error of nothing or of the whole, or a traceback for a word."""
    ended = command("plan", "yin2019.loss", "--detect", detect)
    assert (ended.code, ended.out) == (2, "")
    assert "--detect" in ended.err
    assert ended.err.count("\n") == 1


def test_a_claim_that_is_not_simulated(install: Install, command: Command) -> None:
    """Would have caught: an empty plan that exits with 0, or an error that does not say what there is instead."""
    install(by_id(claim("a.a")), [FakeWitness(WitnessKind.DERIVATION)])
    ended = command("plan", "a.a", "--detect", "1%")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == "ste-theory: a.a states loss: nothing that is simulated; its witnesses are derivation\n"


def test_plan_needs_a_claim_and_an_error(command: Command) -> None:
    """Would have caught: a default size that nobody chose, or a prefix taken for a claim."""
    assert command("plan", "yin2019.loss").code == 2
    assert "prefix" in command("plan", "yin2019", "--detect", "1%").err
    assert "yin2019.loss" in registry.claims()


@pytest.mark.parametrize("seed", ["abc", "-1", "1.5", "", "18446744073709551616", "1e3", "²"])
@pytest.mark.parametrize("words", [["verify"], ["replay", "a.a"], ["why", "a.a"], ["plan", "a.a", "--detect", "1%"]])
def test_a_seed_that_is_none_is_one_clear_line(command: Command, words: list[str], seed: str) -> None:
    """Would have caught: "not a valid integer range", which says nothing to anybody."""
    ended = command(*words, "--seed", seed)
    assert (ended.code, ended.out) == (2, "")
    expected = f"{seed!r} is not a whole number from 0 to 18446744073709551615."
    assert ended.err == f"ste-theory: Invalid value for '--seed': {expected} See `ste-theory {words[0]} --help`.\n"
