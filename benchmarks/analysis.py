"""Time of ``analyze`` per surrogate of the catalogue, in one process: median, slowest, total.

python benchmarks/analysis.py [--json FILE]
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from measurement.row import Row, write
from measurement.table import text
from measurement.turns import figures
from ste_theory.analysis.analyze import analyze
from ste_theory.analysis.catalogue import names, surrogate

SLOWEST = 5


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints one table; there are no peers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="the first three")
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args(arguments)
    times = []
    for name in names()[: 3 if chosen.quick else None]:
        one = surrogate(name)
        start = time.perf_counter()
        verdict = analyze(one).sound
        times.append((time.perf_counter() - start, name, verdict))
    times.sort(reverse=True)
    case = f"{len(times)} surrogates, {sum(seconds for seconds, _, _ in times):.1f} s in all"
    rows = [Row(case, "each of them", "s", figures([seconds for seconds, _, _ in times]), reference=True)]
    for seconds, name, verdict in times[:SLOWEST]:
        rows.append(Row(case, name, "s", figures([seconds]), None, verdict, reference=True))
    print(text(rows))
    write(chosen.json, rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
