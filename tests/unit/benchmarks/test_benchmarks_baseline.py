"""The comparison of a run of the benchmarks with the stored one, and the page that is made from it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
BASELINE = ROOT / "benchmarks" / "baseline.json"
PAGE = ROOT / "docs" / "explanation" / "benchmarks.md"


def run(*arguments: object) -> tuple[int, str]:
    """Exit code and output of ``benchmarks/run.py``."""
    command = [sys.executable, str(ROOT / "benchmarks" / "run.py"), *map(str, arguments)]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    return finished.returncode, finished.stdout + finished.stderr


def figures(median: float) -> dict[str, object]:
    """Figures of three runs."""
    return {"median": median, "low": 0.9 * median, "high": 1.1 * median, "runs": 3}


def results(ratio: float | None) -> dict[str, Any]:
    """One benchmark with one peer at this ratio."""
    ours = {"case": "a case", "contestant": "ste_theory", "unit": "s", "figures": figures(1.0), "ratios": None}
    peer = {**ours, "contestant": "a peer", "ratios": None if ratio is None else figures(ratio)}
    rows = [{**ours, "note": "", "reference": True}, {**peer, "note": "", "reference": False}]
    title = {"title": "A benchmark.", "seconds": 1.0, "quick": False, "rows": rows}
    return {"machine": {"processor": "one"}, "libraries": {}, "benchmarks": {"throughput": title}}


def compare(folder: Path, stored: float | None, now: float | None) -> tuple[int, str]:
    """Both as files, compared."""
    for name, ratio in (("stored", stored), ("now", now)):
        (folder / f"{name}.json").write_text(json.dumps(results(ratio)), encoding="utf-8")
    return run("--results", folder / "now.json", "--baseline", folder / "stored.json")


@pytest.mark.parametrize("now", [5.9, 4.01, 20.0])
def test_less_than_the_factor_is_no_finding(tmp_path: Path, now: float) -> None:
    """Would have caught: a comparison that flags noise, or a speed-up."""
    code, said = compare(tmp_path, 6.0, now)
    assert code == 0
    assert "SLOWER" not in said


def test_a_planted_slowdown_is_flagged(tmp_path: Path) -> None:
    """Would have caught: a comparison the wrong way round, a message without the place, exit code 0 all the same."""
    code, said = compare(tmp_path, 6.0, 3.9)
    assert code == 1
    assert "SLOWER throughput, a case, a peer: ratio 3.9, stored 6: 1.5 times" in said


def test_a_peer_that_is_not_measured_any_more_is_flagged(tmp_path: Path) -> None:
    """Would have caught: a contestant that stopped running, and a table that is green because it is shorter."""
    code, said = compare(tmp_path, 6.0, None)
    assert code == 1
    assert "GONE throughput, a case, a peer" in said


def test_who_is_ahead_of_us_is_said(tmp_path: Path) -> None:
    """Would have caught: a table that hides a ratio below 1."""
    code, said = compare(tmp_path, 0.8, 0.8)
    assert code == 0
    assert "BEHIND throughput, a case, a peer: 0.8" in said


def test_a_file_that_is_no_result_is_one_line(tmp_path: Path) -> None:
    """Would have caught: a traceback for a file that was cut off."""
    (tmp_path / "cut.json").write_text('{"machine": {}', encoding="utf-8")
    code, said = run("--results", tmp_path / "cut.json")
    assert code == 2
    assert "cut.json: not the results of a run of benchmarks" in said
    assert "Traceback" not in said


def test_the_page_is_that_of_the_stored_results(tmp_path: Path) -> None:
    """Would have caught: figures typed into the page, or a baseline rewritten without it."""
    code, _ = run("--results", BASELINE, "--page", tmp_path / "page.md")
    assert code == 0
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == PAGE.read_text(encoding="utf-8")


def written(folder: Path, found: dict[str, Any]) -> str:
    """The page of these results."""
    (folder / "found.json").write_text(json.dumps(found), encoding="utf-8")
    assert run("--results", folder / "found.json", "--page", folder / "page.md")[0] == 0
    return (folder / "page.md").read_text(encoding="utf-8")


def test_the_page_says_what_its_figures_are(tmp_path: Path) -> None:
    """Would have caught: a quick run that looks like another, "medians" of one run, "ahead" of a law or of nobody."""
    found = results(6.0)
    page, one = written(tmp_path, found), found["benchmarks"]["throughput"]
    assert "Medians with their whole range" in page
    assert "above 1 the package is ahead" in page
    assert "quick" not in page
    one["quick"] = True
    for row in one["rows"]:
        row["figures"]["runs"] = 1
    page = written(tmp_path, found)
    assert "A quick run, worth little." in page
    assert "One run of each." in page
    assert "Medians" not in page
    one["rows"][1] |= {"reference": True, "law": True}
    page = written(tmp_path, found)
    assert "law over measured" in page
    assert "ahead" not in page
    one["rows"] = one["rows"][:1]
    assert "times ours" not in written(tmp_path, found).lower()
    del one["quick"]
    (tmp_path / "old.json").write_text(json.dumps(found), encoding="utf-8")
    assert run("--results", tmp_path / "old.json")[0] == 2


def test_single_precision_is_compared_once(tmp_path: Path) -> None:
    """Would have caught: "three times", "twice" and 1.1 in three places: the page has it from the figures."""
    found = results(6.0)
    rows = found["benchmarks"]["throughput"]["rows"]
    double, single = ({**rows[0], "case": f"a, {kind} precision"} for kind in ("double", "single"))
    found["benchmarks"]["throughput"]["rows"] = [double, {**single, "figures": figures(1.7)}]
    assert "Single precision gives 1.7 times as many samples per second" in written(tmp_path, found)


def test_the_plan_is_arithmetic_on_the_rates(tmp_path: Path) -> None:
    """Would have caught: core-hours of another run than the page's, a plan for more blocks than there are."""
    found = results(6.0)
    rows = found["benchmarks"]["throughput"]["rows"]
    cases = [f"(m, n) = {shape}, double precision" for shape in ("(16, 64)", "(64, 256)")]
    found["benchmarks"]["throughput"]["rows"] = [
        {**rows[0], "contestant": "ste_theory", "case": case, "figures": figures(2e6)} for case in cases
    ]
    write = {**rows[0], "contestant": "one write", "case": "checkpoint: (m, n) = (16, 64)", "figures": figures(0.4)}
    found["benchmarks"]["growth"] = {**found["benchmarks"]["throughput"], "rows": [write]}
    page = written(tmp_path, found)
    # 10⁶ samples per second and core: 278 hours; 10¹²/512 blocks, a tree of 31 levels, 8·(81² + 81 + 3) bytes a node.
    assert "| (16, 64), double | 1 | 278 | 0.18 | 11 | 2e+09 of 512 | 3.3 MB | 5.1 GB | 4.0% |" in page
    assert "more than the 4.3e+09 possible: at most 5.5e+11 samples" in page
    assert "A plan for" not in written(tmp_path, results(6.0))


def test_every_benchmark_has_stored_ratios_and_every_peer_was_run() -> None:
    """Would have caught: a script that nobody ran; a peer whose library was not there when the table was made."""
    stored = json.loads(BASELINE.read_text(encoding="utf-8"))["benchmarks"]
    scripts = {path.stem for path in (ROOT / "benchmarks").glob("*.py")} - {"run", "coverage"}
    assert set(stored) == scripts
    peers = ("loop over samples", "whole-batch NumPy", "PyTorch", "JAX")
    for name, wanted in (("throughput", peers), ("accuracy", (*peers, "QMCPy", "vegas"))):
        said = " ".join(row["contestant"] for row in stored[name]["rows"] if row["figures"])
        assert all(peer in said for peer in wanted), name
