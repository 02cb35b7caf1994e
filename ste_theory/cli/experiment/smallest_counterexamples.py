"""``ste-theory experiment smallest-counterexamples``."""

import sys
from pathlib import Path

import click

from ste_theory.cli.terminal import Progress


@click.command("smallest-counterexamples")
@click.option("--json", "json_file", type=click.Path(path_type=Path), metavar="FILE", help="Everything, as JSON.")
def smallest_counterexamples(json_file: Path | None) -> int:
    """What breaks the classification claims when a hypothesis is dropped.

    For each claim of the reconstructed paper (Long, Yin, Xin 2021) and each hypothesis: the counterexample with the
    fewest neurons and the smallest integers, decided in rational arithmetic. Exit code 1 if one is not found.
    """
    from ste_theory.classification.questions import QUESTIONS
    from ste_theory.classification.smallest import Example, Question
    from ste_theory.cli.experiment import writing
    from ste_theory.render.smallest import record, summary

    write = writing(json_file)
    found: list[Example | Question] = []
    with Progress() as progress:
        for question in QUESTIONS:
            progress(f"{question.claim} without: {question.dropped}")
            found.append(question.smallest() or question)
    write(lambda: record(found))
    sys.stdout.write(summary(found))
    return 0 if all(isinstance(item, Example) for item in found) else 1
