"""All benchmarks in one run: results, a table and a picture in build/bench; comparison with the stored baseline.

    make bench                                  (or ARGS="throughput accuracy", ARGS="--rewrite")

Exit code 1 if a ratio fell by more than 1.5 against benchmarks/baseline.json, or is not measured any more.
``--rewrite`` stores the run there and writes its page of the documentation; only an idle machine's run is worth it.
"""

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from measurement.baseline import FACTOR, Benchmark, Stored, behind, flagged, load, save
from measurement.machine import differences, libraries, machine
from measurement.picture import draw
from measurement.row import from_json
from measurement.table import page, text

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "explanation" / "benchmarks.md"
# Scripts that print rows, in the order of the table; the first two in the environment of the peers.
PEERS = ("throughput", "accuracy")
OWN = (
    "growth",
    "startup",
    "closed_forms",
    "enclosures",
    "staircases",
    "proofs",
    "dynamics",
    "classification",
    "analysis",
)
_FACTS = "import json; from measurement.machine import libraries; print(json.dumps(libraries()))"


def environment() -> dict[str, str]:
    """Where the scripts find the installed package (also in an interpreter that has not got it) and each other."""
    found = importlib.util.find_spec("ste_theory")
    if found is None or found.origin is None:
        raise SystemExit("ste_theory is not installed here: run `make bench`")
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(found.origin).parents[1]), str(HERE)])}


def measured(names: Sequence[str], peers: str, out: Path, quick: bool) -> Stored:
    """Run the scripts; each prints its table as it goes."""
    where, benchmarks = environment(), {}
    facts, versions = machine(), libraries()
    if peers != sys.executable:
        answer = subprocess.run([peers, "-P", "-c", _FACTS], env=where, check=True, capture_output=True, text=True)
        versions = {**json.loads(answer.stdout), **versions}
    for name in names:
        script, rows = HERE / f"{name}.py", out / f"{name}.json"
        title = script.read_text(encoding="utf-8").split('"""')[1].split("\n")[0]
        print(f"== {name}: {title}", flush=True)
        command = [peers if name in PEERS else sys.executable, str(script), "--json", str(rows)]
        start = time.perf_counter()
        subprocess.run(command + ["--quick"] * quick, env=where, check=True)
        found = from_json(json.loads(rows.read_text(encoding="utf-8")))
        benchmarks[name] = Benchmark(title, time.perf_counter() - start, found, quick)
    return Stored(facts, versions, benchmarks)


def compared(now: Stored, path: Path) -> int:
    """Print what is behind a peer and what is slower than stored; 1 if anything is slower."""
    for line in behind(now):
        print(line)
    if not path.exists():
        print(f"no baseline at {path}: `--rewrite` stores this run")
        return 0
    then = load(path)
    lines = flagged(now, then)
    for line in lines:
        print(line)
    for line in differences(now.machine, then.machine) + differences(now.libraries, then.libraries):
        print(f"not as in the baseline: {line}")
    print(f"{len(lines)} ratios below the stored ones by more than {FACTOR:g}, or gone")
    return 1 if lines else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, write, compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(PEERS + OWN)} (default all)")
    parser.add_argument("--peers", default=sys.executable, help="interpreter that has PyTorch, JAX, QMCPy and vegas")
    parser.add_argument("--out", type=Path, default=Path("build/bench"), help="folder of the results")
    parser.add_argument("--baseline", type=Path, default=HERE / "baseline.json")
    parser.add_argument("--rewrite", action="store_true", help="store this run as the baseline")
    parser.add_argument("--quick", action="store_true", help="as few rounds as possible; the figures are worth little")
    parser.add_argument("--results", type=Path, help="take the results of this file; run nothing")
    parser.add_argument("--page", type=Path, help="with --results: write them as a page of the documentation")
    chosen = parser.parse_args(arguments)
    if unknown := sorted(set(chosen.names) - {*PEERS, *OWN}):
        parser.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(PEERS + OWN)}")
    try:
        if chosen.results is not None:
            if chosen.page is not None:
                chosen.page.write_text(page(load(chosen.results)), encoding="utf-8")
                return 0
            return compared(load(chosen.results), chosen.baseline)
        names = [name for name in PEERS + OWN if name in chosen.names or not chosen.names]
        now = measured(names, chosen.peers, chosen.out, chosen.quick)
        save(chosen.out / "results.json", now)
        tables = [f"{name}\n\n{text(one.rows)}" for name, one in now.benchmarks.items()]
        (chosen.out / "table.txt").write_text("\n\n".join(tables) + "\n", encoding="utf-8")
        (chosen.out / "table.md").write_text(page(now), encoding="utf-8")
        draw(now, chosen.out / "ratios.svg")
        print(f"{chosen.out}/results.json, table.txt, table.md, ratios.svg")
        failed = compared(now, chosen.baseline)
        if chosen.rewrite:
            then = load(chosen.baseline) if chosen.baseline.exists() else Stored()
            stored = then.updated(now, PEERS + OWN)
            save(chosen.baseline, stored)
            PAGE.write_text(page(stored), encoding="utf-8")
            draw(stored, PAGE.with_suffix(".svg"))
            return 0
        return failed
    except (OSError, ValueError) as error:
        parser.error(str(error))
    except subprocess.CalledProcessError as error:
        print(f"{Path(error.cmd[1]).name} failed with exit code {error.returncode}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
