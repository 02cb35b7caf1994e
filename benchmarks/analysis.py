"""Time of ``analyze`` per surrogate of the catalogue, in one process: median, slowest, total."""

import sys
import time

from ste_theory.analysis.analyze import analyze
from ste_theory.analysis.catalogue import names, surrogate


def main() -> None:
    """Print the figures."""
    times = []
    for name in names():
        chosen = surrogate(name)
        start = time.perf_counter()
        verdict = analyze(chosen).sound
        times.append((time.perf_counter() - start, name, verdict))
    times.sort()
    total = sum(seconds for seconds, _, _ in times)
    sys.stdout.write(f"{len(times)} surrogates in {total:.1f} s, median {times[len(times) // 2][0]:.3f} s\n")
    for seconds, name, verdict in reversed(times[-5:]):
        sys.stdout.write(f"{seconds:8.3f} s  {name} ({verdict})\n")


if __name__ == "__main__":
    main()
