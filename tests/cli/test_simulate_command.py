"""``ste-theory simulate``: what it prints, saves and draws, and what it refuses."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ste_theory.cli.terminal import Progress
from tests.cli.conftest import Command, Ended

NEAR = ("simulate", "--start", "near-spurious", "--seed", "1")


def row(ended: Ended, label: str) -> list[str]:
    """The cells of a line of the summary."""
    lines = [line for line in ended.out.splitlines() if line.startswith(label)]
    assert len(lines) == 1, ended.out
    return lines[0].removeprefix(label).split("  ")


def cells(ended: Ended, label: str) -> list[str]:
    """Those that are not empty."""
    return [cell.strip() for cell in row(ended, label) if cell.strip()]


def test_the_story_side_by_side(command: Command) -> None:
    """Would have caught: a rate that is off by more than 1 %, one surrogate's figures in another's column, a run that
    is said to converge while ‖w‖ shrinks."""
    ended = command(*NEAR, "--surrogate", "identity", "--surrogate", "relu", "--steps", "500")
    assert (ended.code, ended.err) == (0, "")
    start, end = ([float(x) for x in cells(ended, f"loss: {word}")] for word in ("start", "end"))
    assert start[0] == start[1]
    assert end[1] < start[1]
    measured, expected = (
        [float(x) for x in cells(ended, text)] for text in ("−d‖w‖/dt measured", "−d‖w‖/dt predicted")
    )
    assert measured[0] == pytest.approx(expected[0], rel=0.01)
    assert abs(measured[1]) < 1e-3 * measured[0]
    assert expected[1] == 0
    assert cells(ended, "converged to") == ["w at 0", "spurious minimum"]
    assert cells(ended, "w first reached 0")[1] == "never"
    assert "seed 1\n" in ended.out
    assert float(cells(ended, "measured off by")[0].removesuffix(" %")) < 1
    assert max(map(len, ended.out.splitlines())) <= 80
    # One surrogate alone is shown beside ReLU, unless it is asked for alone.
    assert command(*NEAR, "--steps", "500").out == ended.out
    alone = command(*NEAR, "--steps", "500", "--alone")
    assert cells(alone, "converged to") == ["w at 0"]


def test_three_surrogates_fit_the_page(command: Command) -> None:
    """Would have caught: a line of more than 80 columns, a surrogate left out of the blocks."""
    three = ("--surrogate", "identity", "--surrogate", "relu", "--surrogate", "clipped_relu")
    ended = command("simulate", *three, "--starts", "30", "--steps", "40", "--seed", "2")
    assert ended.code == 0
    assert max(map(len, ended.out.splitlines())) <= 80
    assert [ended.out.count(f" {name}\n") for name in ("relu", "clipped_relu")] == [1, 1]
    assert ended.out.count("undecided ") == 2, "a row in either block"
    assert "undecided: at no fixed point yet after 40 steps" in ended.out


def test_staircases_have_fixed_points_too(command: Command) -> None:
    """Would have caught: every start undecided for want of fixed points; here three of four end beside the minimum."""
    ended = command(
        "simulate", "--quantizer", "uniform_relu(2)", "--surrogate", "clipped_relu(3)", "--step-size", "0.2",
        "--steps", "1500", "--starts", "4", "--seed", "1",
    )  # fmt: skip
    assert ended.code == 0
    assert cells(ended, "stationary at 0 ")[0].startswith(("50", "75"))
    assert "both expected gradients vanish there, the loss is not the" in ended.out


def test_basins_are_printed_with_intervals(command: Command) -> None:
    """Would have caught: fractions that do not add up, or intervals that do not hold them."""
    ended = command(
        "simulate", "--surrogate", "relu", "--starts", "200", "--step-size", "0.25", "--steps", "300", "--seed", "2"
    )
    assert ended.code == 0
    shares = []
    for label in ("global minimum", "spurious minimum"):
        words = " ".join(cells(ended, label)).replace("[", "").replace("]", "").replace(",", "").split()
        share, low, high = float(words[0]), float(words[2]), float(words[3])
        assert low < share < high
        shares.append(share)
    assert sum(shares) == pytest.approx(100, abs=0.02)
    assert "95 % interval of Wilson" in ended.out


@pytest.mark.parametrize("batch", ["0", "30"])
def test_saved_and_resumed_is_uninterrupted(command: Command, tmp_path: Path, batch: str) -> None:
    """Would have caught: a resumed run of its own, another seed after resuming, a summary of the second part alone."""
    files = {name: tmp_path / f"{name}.npz" for name in ("part", "whole", "more")}
    options = (*NEAR, "--surrogate", "identity", "--surrogate", "x^2", "--batch", batch, "--starts", "2")
    assert command(*options, "--steps", "60", "--save", str(files["part"])).code == 0
    whole = command(*options, "--steps", "90", "--save", str(files["whole"]))
    more = command("simulate", "--resume", str(files["part"]), "--steps", "90", "--save", str(files["more"]))
    assert (whole.code, more.code) == (0, 0)
    assert more.out.replace("more.npz", "whole.npz") == whole.out
    with np.load(files["whole"]) as first, np.load(files["more"]) as second:
        assert sorted(first.files) == sorted(second.files)
        for name in first.files:
            assert first[name].tobytes() == second[name].tobytes(), name
        assert json.loads(first["metadata"].tobytes())["version"] == 1


def test_ctrl_c_saves_what_was_done(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Would have caught: an hour of steps lost, or a file that claims more than was done."""
    file = tmp_path / "run.npz"
    options = (*NEAR, "--surrogate", "identity", "--surrogate", "relu", "--steps", "40")
    whole = command(*options)

    def stop(_: Progress, text: str) -> None:
        if text == "relu: step 13 of 40":
            raise KeyboardInterrupt

    monkeypatch.setattr(Progress, "__call__", stop)
    ended = command(*options, "--save", str(file))
    assert (ended.code, ended.out) == (130, "")
    assert ended.err == (f"ste-theory: interrupted after step 40, 13 of 40; saved, go on with --resume {file}\n")
    lost = command(*options)
    assert (lost.code, lost.err) == (130, "ste-theory: interrupted\n")
    monkeypatch.undo()
    assert command("simulate", "--resume", str(file)).out == whole.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--surrogate", "rleu"], "'rleu'"),
        (["--surrogate", "clipped_relu(-1)"], "clip must be positive"),
        (["--surrogate", "__import__('os')"], "formula, column"),
        (["--quantizer", "binry"], "'binry'"),
        (["--quantizer", "ternary(0)"], "threshold must be positive"),
        (["--step-size", "0"], "step_size must be positive"),
        (["--step-size", "1e9", "--steps", "50"], "take a step size below 1e+09"),
        (["--start", "missing.json"], "missing.json: No such file"),
        (["--start", "x.json", "--rows", "3"], "--rows comes from x.json; leave it out"),
        (["--start", "near-spurious", "--rows", "1"], "no spurious minimum"),
        (["--steps", "0"], "0 is not in the range"),
        (["--starts", "many"], "'many' is not a valid int"),
        (["--plot", "run.txt"], "name a file that ends in .png"),
        (["--save", "no-such-folder/run.npz"], "there is no folder no-such-folder"),
        (["--resume", "missing.npz"], "missing.npz: No such file"),
        (["--resume", "missing.npz", "--batch", "3"], "--batch comes from the file of --resume; leave it out"),
        (["--resume", "missing.npz", "--seed", "3"], "--seed comes from the file of --resume; leave it out"),
    ],
)
def test_what_is_refused_is_one_line(
    command: Command, arguments: list[str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Would have caught: a traceback, or a run that ignores what it was told."""
    monkeypatch.chdir(tmp_path)
    ended = (
        command("simulate", "--seed", "1", *arguments)
        if "--resume" not in arguments
        else command("simulate", *arguments)
    )
    assert (ended.code, ended.out) == (2, "")
    assert words in ended.err
    assert ended.err.count("\n") == 1


def test_a_saved_run_is_not_overwritten(command: Command, tmp_path: Path) -> None:
    """Would have caught: a run of days replaced by a new one, for --save in place of --resume; a run that cannot go on
    in its own file."""
    file, other = tmp_path / "run.npz", tmp_path / "other.npz"
    other.write_text("something of the user's")
    assert command(*NEAR, "--steps", "10", "--save", str(file)).code == 0
    saved = file.read_bytes()
    for arguments in ((*NEAR, "--save", str(file)), ("simulate", "--resume", str(file), "--save", str(other))):
        ended = command(*arguments)
        assert (ended.code, ended.out) == (2, "")
        name = arguments[-1]
        assert ended.err == f"ste-theory: {name} exists; name another file, or go on with --resume {name}\n"
    assert (file.read_bytes(), other.read_text()) == (saved, "something of the user's")
    assert command("simulate", "--resume", str(file), "--steps", "20", "--save", str(file)).code == 0
    assert file.read_bytes() != saved


def test_files_that_are_no_runs(command: Command, tmp_path: Path) -> None:
    """Would have caught: a traceback from zipfile, a run taken back to fewer steps."""
    file = tmp_path / "run.npz"
    file.write_text("no zip")
    ended = command("simulate", "--resume", str(file))
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        f"ste-theory: {file}: not a simulation saved by ste-theory, or damaged; start again without --resume\n"
    )
    file.unlink()
    assert command(*NEAR, "--steps", "10", "--save", str(file)).code == 0
    ended = command("simulate", "--resume", str(file), "--steps", "5")
    assert ended.code == 2
    assert "is further already" in ended.err


def test_a_teacher_of_your_own(command: Command, tmp_path: Path) -> None:
    """Would have caught: the default teacher in place of the file's; S* ≥ … without a spurious minimum."""
    file = tmp_path / "starts.json"
    file.write_text(json.dumps({"v": [[1, 1]], "w": [[-1, 0.1]], "v_star": [1, 1], "w_star": [1, 0]}))
    ended = command("simulate", "--surrogate", "relu", "--start", str(file), "--steps", "2000", "--seed", "1")
    assert ended.code == 0
    assert cells(ended, "converged to") == ["global minimum"]
    assert f"1 start from {file}, m = 2, n = 2" in ended.out


def test_a_plot_needs_matplotlib(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Would have caught: the lack noticed after the run, or as a traceback."""
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    ended = command(*NEAR, "--plot", str(tmp_path / "out.png"))
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == "ste-theory: --plot needs matplotlib: install ste-theory[report]\n"


@pytest.mark.skipif(importlib.util.find_spec("matplotlib") is None, reason="no matplotlib")
@pytest.mark.parametrize("form", ["png", "svg"])
def test_the_plot_is_drawn(command: Command, tmp_path: Path, form: str) -> None:
    """Would have caught: a panel left out; fixed points that are not marked. The SVG carries its texts as texts."""
    file = tmp_path / f"out.{form}"
    ended = command(*NEAR, "--surrogate", "identity", "--surrogate", "relu", "--steps", "300", "--plot", str(file))
    assert ended.code == 0, ended.err
    assert ended.out.endswith(f"drawn to {file}\n")
    content = file.read_bytes()
    if form == "png":
        assert content.startswith(b"\x89PNG")
        return
    text = content.decode()
    panels = ("loss", "‖w‖", "D = vᵀv*", "where it ended", "loss before w passes 0", "predicted")
    panels = ("loss", "‖w‖", "D = vᵀv*", "where it ended", "loss before w passes 0", "predicted")
    for words in (*panels, "saddle", "spurious minimum", "identity", "relu"):
        assert words in text, words


def test_matplotlib_and_the_simulation_are_not_loaded_for_help() -> None:
    """Would have caught: half a second for --help."""
    script = (
        "import sys; from ste_theory.cli.main import main; main(['simulate', '--help'])\n"
        "print([name for name in ('matplotlib', 'scipy', 'sympy', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-P", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert "--normalize" in done.stdout


def test_dynamics_load_neither_sympy_nor_flint() -> None:
    """Would have caught: an import of the calculus or of balls on the way to a float simulation."""
    script = (
        "import importlib, pkgutil, sys; import ste_theory.dynamics as package\n"
        "[importlib.import_module(f'ste_theory.dynamics.' + m.name) for m in pkgutil.iter_modules(package.__path__)]\n"
        "print(len(list(pkgutil.iter_modules(package.__path__))) > 9,"
        " [n for n in ('sympy', 'flint', 'mpmath') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-P", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True []"
