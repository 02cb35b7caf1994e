"""``ste-theory verify``: exit codes, what is shown first, JSON, interruption."""

import json
import shlex
from pathlib import Path

import pytest

from ste_theory.claims.stored import from_json
from ste_theory.claims.verdict import Verdict, WitnessKind
from ste_theory.claims.witness import Figure
from tests.cli.conftest import Command, Install
from tests.unit.claims.fakes import FAIL, INCONCLUSIVE, all_witnesses, by_id, claim, result

CLAIMS = by_id(claim("a.top", rests_on=["b.base"]), claim("b.base"), claim("b.false", expected=Verdict.REFUTED))
REFUTATION = result(WitnessKind.ENCLOSURE, FAIL, "apart", certified=True, counterexample="ρ = 1/2")
DERIVED_OTHERWISE = result(WitnessKind.DERIVATION, FAIL, "ends in V/4")
AS_DOCUMENTED = {
    "enclosure": {"b.false": REFUTATION},
    "derivation": {"b.false": DERIVED_OTHERWISE},
    "proof": {"b.false": result(WitnessKind.PROOF, INCONCLUSIVE, "not searched")},
}


def test_0_if_every_verdict_is_the_documented_one(install: Install, command: Command) -> None:
    """Would have caught: a refutation that is documented counted as a failure, or a run that asks for its own seed."""
    install(CLAIMS, all_witnesses(**AS_DOCUMENTED))
    ended = command("verify", "--seed", "5", "--level", "quick")
    assert (ended.code, ended.err) == (0, "")
    assert "3 claims: 2 CONFIRMED, 1 REFUTED; every verdict is the documented one" in ended.out
    assert "again: ste-theory verify --level quick --seed 5" in ended.out


def test_1_if_a_verdict_is_not_the_documented_one(install: Install, command: Command) -> None:
    """Would have caught: a false claim that passes as documented because it is merely settled."""
    install(CLAIMS, all_witnesses())
    ended = command("verify")
    assert ended.code == 1
    assert "CONFIRMED b.false (documented: REFUTED)" in ended.out


def test_1_wins_over_3_and_disputes_come_first(install: Install, command: Command) -> None:
    """Would have caught: a dispute below a screen of harmless lines, or without both of its sides."""
    answers = {
        "sampling": {"b.base": result(WitnessKind.SAMPLING, FAIL, "9 standard errors\noff", counterexample="θ = 1")},
        "proof": {"b.false": result(WitnessKind.PROOF, INCONCLUSIVE)},
        "properties": {"b.false": result(WitnessKind.PROPERTIES, INCONCLUSIVE, "undecided")},
    }
    install(CLAIMS, all_witnesses(**answers))
    ended = command("verify", "--seed", "5", "--level", "full")
    assert ended.code == 1
    lines = ended.out.splitlines()
    assert lines[0].startswith("DISPUTED b.base (documented: CONFIRMED)")
    assert lines[1] == "    FAIL sampling: 9 standard errors off"
    assert lines[2] == "        counterexample: θ = 1"
    assert any(line.startswith("    PASS derivation") for line in lines[:7])
    assert "    again: ste-theory replay b.base --seed 5 --level full" in lines
    assert "DISPUTED a.top (documented: CONFIRMED): rests on b.base, which is DISPUTED" in lines
    assert lines.index("    again: ste-theory replay b.base --seed 5 --level full") < ended.out.index("INCONCLUSIVE")


def test_3_if_undecided(install: Install, command: Command) -> None:
    """Would have caught: an undecided claim that exits with 0."""
    install(CLAIMS, all_witnesses(enclosure={"b.base": result(WitnessKind.ENCLOSURE, INCONCLUSIVE, "balls overlap")}))
    ended = command("verify", "a.top")
    assert ended.code == 3
    assert "INCONCLUSIVE b.base" in ended.out
    assert "balls overlap" in ended.out


def test_130_if_interrupted_and_what_is_finished_is_kept(install: Install, command: Command, tmp_path: Path) -> None:
    """Would have caught: Ctrl-C that loses the table, the JSON or the exit code."""
    file = tmp_path / "report.json"
    install(CLAIMS, all_witnesses(properties={"a.top": KeyboardInterrupt()}))
    ended = command("verify", "--json", str(file))
    assert ended.code == 130
    assert "INTERRUPTED: 1 of 3 claims finished; missing: a.top, b.false" in ended.out
    stored = from_json(json.loads(file.read_text()))
    assert (stored.interrupted, [c.id for c in stored.claims], stored.missing) == (
        True,
        ["b.base"],
        ("a.top", "b.false"),
    )


def test_interruption_before_the_first_claim(install: Install, command: Command) -> None:
    """Would have caught: a table without rows that breaks, or exit code 0 because no claim failed."""
    install(CLAIMS, all_witnesses(derivation={"b.base": KeyboardInterrupt()}))
    ended = command("verify")
    assert ended.code == 130
    assert "INTERRUPTED: 0 of 3" in ended.out


def test_the_printed_command_repeats_the_run(install: Install, command: Command, tmp_path: Path) -> None:
    """Would have caught: a replay line that cannot be pasted, or leaves out seed, level, selection or corpus."""
    install(CLAIMS, all_witnesses(**AS_DOCUMENTED))
    folder = tmp_path / "my claims"
    first = command("verify", "b", "--level", "quick", "--corpus", str(folder))
    (again,) = [line.removeprefix("again: ") for line in first.out.splitlines() if line.startswith("again: ")]
    words = shlex.split(again)
    assert words[:5] == ["ste-theory", "verify", "b", "--corpus", str(folder)]
    second = command(*words[1:])
    assert again in second.out


def test_json_on_standard_output_is_nothing_but_json(install: Install, command: Command) -> None:
    """Would have caught: a table or progress in front of the JSON that a pipe reads."""
    install(CLAIMS, all_witnesses(**AS_DOCUMENTED))
    ended = command("verify", "--json", "-", "--seed", "5")
    content = json.loads(ended.out)
    assert (content["schema"], content["seed"], len(content["claims"])) == ("ste_theory.report/2", 5, 3)
    assert "every verdict is the documented one" in ended.err


def test_json_file_replaces_an_older_one_as_a_whole(install: Install, command: Command, tmp_path: Path) -> None:
    """Would have caught: the rest of a longer old file after the new content, or a draft left beside it."""
    file = tmp_path / "report.json"
    file.write_text("x" * 1_000_000)
    install(CLAIMS, all_witnesses(**AS_DOCUMENTED))
    assert command("verify", "--json", str(file)).code == 0
    assert len(json.loads(file.read_text())["claims"]) == 3
    assert [entry.name for entry in tmp_path.iterdir()] == ["report.json"]


@pytest.mark.parametrize("place", ["missing/report.json", ".", "file/report.json"])
def test_a_path_that_cannot_be_written_is_found_before_the_run(
    install: Install, command: Command, tmp_path: Path, place: str
) -> None:
    """Would have caught: an hour's work lost to a misspelt folder."""
    (tmp_path / "file").write_text("")
    witnesses = all_witnesses()
    install(CLAIMS, witnesses)
    ended = command("verify", "--json", str(tmp_path / place))
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("ste-theory: ")
    assert str(tmp_path) in ended.err
    assert ended.err.count("\n") == 1
    assert not any(witness.examined for witness in witnesses)


def test_jobs_reach_the_witnesses(install: Install, command: Command) -> None:
    """Would have caught: an option that is parsed and forgotten."""
    seen = []

    def note(_: object, context: object) -> object:
        seen.append(context.threads)  # type: ignore[attr-defined]
        return result(WitnessKind.SAMPLING)

    install(CLAIMS, all_witnesses(sampling={"b.base": note}))  # type: ignore[dict-item]
    command("replay", "b.base", "--seed", "1", "--jobs", "3")
    assert seen == [3]


def test_the_largest_pull_is_shown(install: Install, command: Command) -> None:
    """Would have caught: the first figure shown in place of the most suspicious one."""
    figures = (Figure("f", 1.0, 1.0, 0.01, 0.1, 0.01), Figure("g", 0.25, 0.27, 0.0049, -4.2, 0.021))
    install(CLAIMS, all_witnesses(sampling={"b.base": result(WitnessKind.SAMPLING, figures=figures)}))
    ended = command("verify", "b.base")
    assert "0.2500(49) -4.2   2%" in ended.out


def test_nothing_is_coloured_or_overwritten_in_a_pipe(install: Install, command: Command) -> None:
    """Would have caught: escape sequences in log files."""
    install(CLAIMS, all_witnesses())
    ended = command("verify")
    assert "\x1b" not in ended.out + ended.err
    assert "\r" not in ended.out + ended.err
