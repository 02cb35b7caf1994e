"""The experiments: one file each, found by its name."""

import json
import math
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Command

FOLDER = Path(__file__).parents[2] / "ste_theory" / "cli" / "experiment"
NAMES = sorted(file.stem.replace("_", "-") for file in FOLDER.glob("*.py") if file.stem != "__init__")


def test_every_file_of_the_folder_is_listed(command: Command) -> None:
    """Would have caught: an experiment that is written and that nobody can call."""
    ended = command("experiment")
    assert ended.code == 0
    listed = ended.out.partition("Commands:")[2].split()
    assert [name for name in NAMES if name not in listed] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_experiment_says_what_it_does(command: Command, name: str) -> None:
    """Would have caught: a file without the command of its name, or one that needs heavy imports for its help."""
    ended = command("experiment", name, "--help")
    assert (ended.code, ended.err) == (0, "")
    assert f"experiment {name}" in ended.out
    assert max(len(line) for line in ended.out.splitlines()) <= 80


def test_an_unknown_experiment_is_one_line(command: Command) -> None:
    """Would have caught: a traceback from looking for the file."""
    ended = command("experiment", "../main")
    assert ended.code == 2
    assert ended.err.count("\n") == 1
    assert "No such command '../main'" in ended.err


def wide(text: str) -> list[str]:
    """The lines that do not fit a terminal."""
    return [line for line in text.splitlines() if len(line) > 80]


def test_surrogates_leave_a_good_minimum(command: Command, tmp_path: Path) -> None:
    """The figures of general.misspecified: 0.3546 and 0; the identity takes the loss from 1/6 to 3/2.

    Would have caught: a minimum of another teacher, a sign, an order by the wrong number.
    """
    file = tmp_path / "found.json"
    ended = command(
        "experiment", "misspecified", "identity", "relu", "clipped_relu", "--steps", "320", "--json", str(file)
    )
    assert (ended.code, ended.err, wide(ended.out)) == (0, "", [])
    found = json.loads(file.read_text())
    assert found["loss"] == pytest.approx(1 / 6, rel=1e-12)
    assert found["minimum"]["v"] == pytest.approx([4 / 3, 4 / 3])
    by_name = {row["name"]: row for row in found["surrogates"]}
    # M₋ = −1/√(2π), V − D = 8/9.
    assert by_name["identity"]["drift"] == pytest.approx(8 / 9 / math.sqrt(2 * math.pi), rel=1e-12)
    assert by_name["identity"]["largest_loss"] == pytest.approx(1.5, abs=0.01)
    assert 270 <= by_name["identity"]["reached_zero"] <= 290
    for name in ("relu", "clipped_relu"):
        assert (by_name[name]["drift"], by_name[name]["meaning"]) == (0, "rests")
        assert by_name[name]["final_loss"] == pytest.approx(1 / 6, rel=1e-9)
    assert [row["name"] for row in found["surrogates"]][-1] == "identity"


def test_the_whole_catalogue_is_ranked(command: Command) -> None:
    """Would have caught: an entry whose name is taken for a formula, or one that cannot be integrated."""
    ended = command("experiment", "misspecified", "--all", "--steps", "0")
    assert (ended.code, ended.err, wide(ended.out)) == (0, "", [])
    rows = re.findall(r"^.{22} +([-+]?\d\S*) (?:rests|‖w‖ \w+) ", ended.out, re.MULTILINE)
    drifts = [float(drift) for drift in rows]
    assert len(drifts) >= 60
    assert [abs(x) for x in drifts] == sorted(abs(x) for x in drifts)


def test_several_levels_have_drifts_of_either_sign(command: Command, tmp_path: Path) -> None:
    """ρ* = 2 on thresholds 0, 1, 2: 0.764, 0.060, −0.011. Would have caught: a minimum that is none, the sign lost."""
    file = tmp_path / "found.json"
    words = ("identity", "relu", "clipped_relu(3)", "--quantizer", "uniform_relu(2)", "--steps", "5")
    ended = command("experiment", "misspecified", *words, "--json", str(file))
    assert (ended.code, wide(ended.out)) == (0, [])
    found = {row["name"]: row["drift"] for row in json.loads(file.read_text())["surrogates"]}
    assert found["identity"] == pytest.approx(0.764, abs=5e-4)
    assert found["relu"] == pytest.approx(0.060, abs=5e-4)
    assert found["clipped_relu(clip=3)"] == pytest.approx(-0.011, abs=5e-4)
    assert re.search(r"clipped_relu\(clip=3\) +-0.0105 ‖w‖ grows", ended.out)


def test_the_batch_is_simulated(command: Command, tmp_path: Path) -> None:
    """Would have caught: a batch size that the simulation does not see, or a seed that changes nothing."""
    file = tmp_path / "found.json"
    words = ("experiment", "batch-size", "--confidence", "0.8", "--batches", "400", "--json", str(file))
    ended = command(*words, "--seed", "1")
    assert (ended.code, ended.err, wide(ended.out)) == (0, "", [])
    found = json.loads(file.read_text())
    enough, normal = found["checked"][:2]
    assert found["held"]
    assert enough["samples"] == found["sufficient"] > normal["samples"] == found["normal"]
    # The normal approximation is no bound, but at this size it is right to a few percent: 400 batches, 1e-6.
    assert abs(normal["downhill"] / 400 - 0.8) <= 0.02 + 4.9 * math.sqrt(0.2 * 0.8 / 400)
    assert command(*words, "--seed", "1").out == ended.out
    assert command(*words, "--seed", "2").out != ended.out
    ended = command("experiment", "batch-size", "--surrogate", "x", "--seed", "1")
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert "no batch gives its direction" in ended.err


def test_a_covariance_turns_the_sign(command: Command, tmp_path: Path) -> None:
    """Would have caught: an adverse covariance that is not, or a sample of isotropic input beside it."""
    file = tmp_path / "found.json"
    words = ("experiment", "covariance", "--seed", "3", "--samples", "200000", "--json", str(file))
    ended = command(*words)
    assert (ended.code, ended.err, wide(ended.out)) == (0, "", [])
    exact = 1 / (4 * math.pi * math.sqrt(2 * math.pi))
    integers, drawn = json.loads(file.read_text())["examples"]
    assert integers["correlation"] == pytest.approx(-exact, rel=1e-12)
    assert integers["whitened"] == pytest.approx(exact, rel=1e-12)
    overlap = sum(x * y for x, y in zip(drawn["point"]["v"], drawn["point"]["v_star"], strict=True))
    assert drawn["correlation"] == pytest.approx(-(overlap**2) / (2 * math.pi), rel=1e-9)
    for item in (integers, drawn):
        assert item["preconditioned"] == pytest.approx(item["whitened"], rel=1e-9)
        assert item["whitened"] > 0
        assert abs(item["sampled"] - item["correlation"]) <= 6 * item["standard_error"]


def test_the_empirical_loss_becomes_monotone(command: Command, tmp_path: Path) -> None:
    """Would have caught: a population curve of another line, samples that are not those of the smaller number."""
    file = tmp_path / "found.json"
    words = ("experiment", "figure1", "--seed", "1", "--samples", "10,20000", "--steps", "41", "--json", str(file))
    ended = command(*words)
    assert (ended.code, ended.err, wide(ended.out)) == (0, "", [])
    found = json.loads(file.read_text())
    few, many = found["curves"]
    assert few["rises"] > 0
    assert many["largest_rise"] < 0.01 < few["largest_rise"]
    fall = found["population"][0] - found["population"][-1]
    assert all(x > y for x, y in zip(found["population"], found["population"][1:], strict=False))
    # 20,000 samples: the loss is at most L = m(‖v‖² + ‖v*‖²), its standard deviation at most L/2; in fact about 4.
    assert max(abs(x - y) for x, y in zip(many["losses"], many["population"], strict=True)) < 0.15 * fall
    again = command(*words[:-2], "--json", str(tmp_path / "again.json"))
    assert again.out == ended.out
    alone = command("experiment", "figure1", "--seed", "1", "--samples", "10", "--steps", "41", "--json", str(file))
    assert alone.code == 0
    assert json.loads(file.read_text())["curves"][0]["losses"] == few["losses"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("figure1", "--samples", "10,many"), "whole numbers with commas"),
        (("figure1", "--angle", "4"), "angle must lie between 0 and π"),
        (("figure1", "--plot", "picture.txt"), "name a file that ends in"),
        (("batch-size", "--confidence", "1"), "confidence must lie between 0 and 1"),
        (("misspecified", "--teacher", "1,x,1"), "--teacher"),
        (("misspecified", "--rows", "3"), "rows must lie between 1 and 2"),
        (("misspecified", "--all", "relu"), "--all takes every surrogate"),
        (("covariance", "--surrogate", "nonsense"), "nonsense"),
    ],
)
def test_wrong_input_is_one_line(command: Command, words: tuple[str, ...], message: str) -> None:
    """Would have caught: a traceback, or work begun on input that cannot be used."""
    ended = command("experiment", *words)
    assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert message in ended.err
