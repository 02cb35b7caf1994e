"""Put the result of a real run into README.md and docs/explanation/verdicts.md: ``make readme``, so that nobody types a
verdict. ``--results FILE`` takes a report of ``verify --json`` in place of a new run.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import textwrap
from collections import Counter
from pathlib import Path

from ste_theory.claims import registry
from ste_theory.claims.origin import Origin
from ste_theory.claims.report import ClaimReport, Report
from ste_theory.claims.stored import check_claims, from_json
from ste_theory.claims.verdict import Outcome, Verdict
from ste_theory.render.number import duration, percent, with_error
from ste_theory.render.verification import render, strongest_pull
from ste_theory.render.witnesses import LETTERS, MARKS

ROOT = Path(__file__).parents[1]
README, PAGE = ROOT / "README.md", ROOT / "docs" / "explanation" / "verdicts.md"
START, END = "<!-- table: made by `make readme` -->", "<!-- end of table -->"
# Of the confirmed claims README shows these: an equation, an inequality, a reconstructed statement.
SHOWN = ("yin2019.relu-correlation", "general.descent", "long2021.convergence")
WHENCE = {
    Origin.PUBLISHED: "as published",
    Origin.CORRECTED: "corrected forms",
    Origin.GENERAL: "results of this project",
    Origin.RECONSTRUCTED: "reconstructed from an abstract",
}
HEAD = """# Every verdict

Made by `make readme` from a real run: what `ste-theory verify` prints. What the letters see and what they do not is
said in [How evidence works](evidence.md), what is false as printed in [the errata](errata.md).
"""


def main(arguments: list[str]) -> None:
    """Read or run the main job, then write the table between the marks of README, and the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", type=Path, metavar="FILE", help="a report of `verify --json` or `--report`")
    results = parser.parse_args(arguments).results
    report = run() if results is None else read(results)
    if report.exit_code:
        sys.exit(f"not every verdict is the documented one (exit {report.exit_code})\n{report}")
    text = README.read_text(encoding="utf-8")
    before, rest = text.split(START)
    _, after = rest.split(END)
    README.write_text(f"{before}{START}\n{short(report)}{END}{after}", encoding="utf-8")
    PAGE.write_text(page(report), encoding="utf-8")
    if left := registry.claims().keys() - {claim.id for claim in report.claims}:
        sys.stderr.write(f"not in this run: {', '.join(sorted(left))}\n")


def run() -> Report:
    """The main job with a fixed seed."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "results.json"
        command = [sys.executable, "-P", "-m", "ste_theory", "verify", "--level", "standard", "--seed", "1"]
        subprocess.run([*command, "--json", str(file)], check=False)
        return read(file)


def read(file: Path) -> Report:
    """The report in a file, if it is about the claims as they stand here."""
    report = from_json(json.loads(file.read_text(encoding="utf-8")), str(file))
    check_claims(report, registry.claims(), str(file))
    return report


def page(report: Report) -> str:
    """The whole table, as the command prints it."""
    whole = registry.claims().keys() == {claim.id for claim in report.claims}
    printed = render(report, command=["ste-theory", "verify"] if whole else None)
    return f"{HEAD}\n```text\n{printed.rstrip()}\n```\n"


def short(report: Report) -> str:
    """Counts in words; a row for every refuted claim and for a few confirmed ones."""
    refuted = [claim for claim in report.claims if claim.effective_verdict is Verdict.REFUTED]
    shown = [claim for claim in report.claims if claim.id in SHOWN]
    lines = [*_counts(report), "", "| statement | verdict | witnesses | planted errors noticed |", "|---|---|---|---|"]
    lines += [_row(claim) for claim in (*shown, *refuted)]
    return "\n".join(lines) + "\n"


def _counts(report: Report) -> list[str]:
    verdicts = Counter(claim.effective_verdict for claim in report.claims)
    origins = Counter(claim.origin for claim in report.claims)
    equations = sum(claim.kind == "identity" for claim in report.claims)
    tried, caught = (sum(column) for column in zip(*(claim.planted for claim in report.claims), strict=True))
    said = ", ".join(f"{verdicts[verdict]} {verdict}" for verdict in Verdict if verdicts[verdict])
    whence = ", ".join(f"{origins[origin]} {words}" for origin, words in WHENCE.items() if origins[origin])
    words = (
        f"**{len(report.claims)} claims: {said}; every verdict is the documented one.** By origin: {whence}. "
        f"{equations} are equations, the others inequalities, existence statements or limits. {caught} of {tried} "
        f"planted errors were noticed (for a false statement: repaired versions that stand). Level {report.level}, "
        f"seed {report.seed}, {duration(report.seconds)}."
    )
    return textwrap.wrap(words, 130, break_long_words=False, break_on_hyphens=False)


def _row(claim: ClaimReport) -> str:
    marks = " ".join(
        f"{letter} {MARKS[result.outcome]}"
        for kind, letter in LETTERS.items()
        if (result := claim.witness(kind)) is not None and result.outcome is not Outcome.NOT_SELECTED
    )
    said = [marks]
    if (figure := strongest_pull(claim)) is not None:
        said.append(f"sampled {with_error(figure.value, figure.error)}, would see {percent(figure.detectable)}")
    if any(result.certified for result in claim.witnesses):
        said.append("a certified counterexample")
    tried, caught = claim.planted
    planted = f"{caught}/{tried}" + (" repaired versions stand" if claim.effective_verdict is Verdict.REFUTED else "")
    cells = (f"{claim.title} (`{claim.id}`)", str(claim.effective_verdict), "; ".join(said), planted)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    main(sys.argv[1:])
