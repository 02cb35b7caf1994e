"""Fuzzing of the formula language as a command: what came of each kind of text, in what time, in how much memory.

``make fuzz ARGS="--count 100000 --seed 2"``. Exit code 1 if a text ends in anything but a result or one line.
"""

import argparse
import resource
import sys
import time
from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.properties.test_formula_fuzz import ATTACKS, TOKENS, outcome, texts

KINDS = ("bytes", "tokens", "mutations", "formulas")
SLOWEST = 1.0  # seconds of processor time for one text


def main() -> int:
    """Try the texts and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000, help="texts in all; a tenth of them from Hypothesis")
    parser.add_argument("--seed", type=int, default=2)
    given_ = parser.parse_args()
    counts: Counter[tuple[str, bool]] = Counter()
    slowest, begun = (0.0, ""), time.perf_counter()
    bad: list[str] = []

    def attempt(kind: str, text: str) -> None:
        nonlocal slowest
        started = time.process_time()
        try:
            counts[kind, outcome(text) == "parsed"] += 1
        except Exception as error:  # noqa: BLE001  any of them is what is looked for
            bad.append(f"{text!r}: {type(error).__name__}: {error}")
        slowest = max(slowest, (time.process_time() - started, text))

    from_bytes = given_.count - given_.count // 10
    for index, text in enumerate(texts(from_bytes, given_.seed)):
        attempt(KINDS[index % 4], text)
    for text in ATTACKS:
        attempt("attacks", text)

    @settings(max_examples=given_.count // 10, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.text(max_size=80) | st.lists(st.sampled_from(TOKENS), max_size=25).map("".join))
    def from_hypothesis(text: str) -> None:
        attempt("Hypothesis", text)

    from_hypothesis()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for kind in (*KINDS, "attacks", "Hypothesis"):
        sys.stdout.write(f"{kind:11} {counts[kind, True]:7} results {counts[kind, False]:7} one-line errors\n")
    total = sum(counts.values())
    seconds = time.perf_counter() - begun
    sys.stdout.write(f"{total} texts, {len(bad)} of another outcome, {seconds:.0f} s, {memory:.0f} MB at most\n")
    sys.stdout.write(f"slowest: {slowest[0]:.2f} s of processor time, {slowest[1][:60]!r}\n")
    sys.stdout.writelines(f"{line}\n" for line in bad[:20])
    return int(bool(bad) or slowest[0] > SLOWEST or total < given_.count)


if __name__ == "__main__":
    sys.exit(main())
