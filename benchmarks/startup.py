"""Start-up of the command: help, and one claim verified, beside what Python and its libraries take to start.

    python benchmarks/startup.py [--rounds 7] [--json FILE]

Each is a process of its own, with warm files. The libraries are no rivals but the floor: a command that computes with
NumPy cannot start sooner than NumPy does.
"""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from measurement.row import Row, write
from measurement.table import text
from measurement.turns import figures, in_turns, ratios

STE_THEORY = ["-P", "-m", "ste_theory"]
CLAIM = "yin2019.identity"
CASES: dict[str, dict[str, list[str]]] = {
    "help": {
        "ste-theory --help": [*STE_THEORY, "--help"],
        "an empty program": ["-c", "pass"],
        "import numpy": ["-c", "import numpy"],
        "import sympy": ["-c", "import sympy"],
    },
    "one claim, level quick": {
        f"ste-theory verify {CLAIM}": [*STE_THEORY, "verify", CLAIM, "--level", "quick", "--seed", "1"],
        "import sympy, scipy.stats, flint": ["-c", "import sympy, scipy.stats, flint"],
    },
}


def process(arguments: Sequence[str]) -> None:
    """Run Python to its end. Raises if that fails: a command that stops early is fast."""
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--quick", action="store_true", help="one round of the first case")
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args(arguments)
    rows = []
    for case, commands in list(CASES.items())[: 1 if chosen.quick else None]:
        field = {name: partial(process, command) for name, command in commands.items()}
        for run in field.values():
            run()
        times = in_turns(field, 1 if chosen.quick else chosen.rounds)
        ours = times[next(iter(commands))]
        for name, found in times.items():
            against = None if found is ours else ratios(found, ours)
            rows.append(Row(case, name, "s", figures(found), against, reference=True))
    print(text(rows), flush=True)
    write(chosen.json, rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
