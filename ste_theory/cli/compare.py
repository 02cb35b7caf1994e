"""``ste-theory compare``."""

import sys
from fractions import Fraction
from typing import TYPE_CHECKING

import click

from ste_theory.cli.analyze import assignments, code, quantizer_option, scale_option

if TYPE_CHECKING:
    from ste_theory.analysis.analyze import Analysis
    from ste_theory.model.surrogates import Surrogate


@click.command()
@click.argument("surrogates", metavar="NAME|EXPR...", nargs=-1, required=True)
@quantizer_option
@scale_option
@click.option("--set", "settings", metavar="NAME=VALUE", multiple=True, help="A parameter, with --schedule.")
@click.option("--schedule", metavar="NAME=a..b", help="Follow one surrogate while this parameter goes from a to b.")
def compare(
    surrogates: tuple[str, ...], quantizer: str, max_scale: str | None, settings: tuple[str, ...], schedule: str | None
) -> int:
    """Compare surrogates side by side and say which to use; or follow one along a schedule.

    With several steps, where none is sound at every network, the one with the largest certified angle near the teacher.

    Exit codes: 0 one is recommended (the schedule is sound throughout), 1 none is, 2 bad input, 3 undecided.
    """
    from ste_theory.analysis import catalogue
    from ste_theory.analysis.analyze import analyze
    from ste_theory.analysis.comparison import follow, last_sound, recommend, warnings
    from ste_theory.analysis.comparison import schedule as stages_of
    from ste_theory.model.numbers import positive
    from ste_theory.render.analysis import scheduled, summary, wrapped

    top = None if max_scale is None else positive(max_scale, "max-scale")
    steps = catalogue.quantizer(quantizer)
    given = assignments(settings)
    if schedule is not None:
        if len(surrogates) != 1:
            raise click.UsageError("--schedule follows one surrogate")
        name, values = stages_of(schedule)

        def make(value: Fraction) -> tuple["Surrogate", "Analysis"]:
            found = catalogue.surrogate(surrogates[0], {**given, name: str(value)})
            return found, analyze(found, steps, top)

        stages = follow(values, make)
        rows = [(float(stage.value), stage.largest, stage.analysis) for stage in stages]
        ends = f"{stages[0].largest:.3g} to {stages[-1].largest:.3g}"
        said = warnings(stages, last_sound(stages, make)) or [
            f"sound from end to end; the largest derivative goes from {ends}"
        ]
        sys.stdout.write(
            "\n".join([*scheduled(name, rows), "", *(line for words in said for line in wrapped(words))]) + "\n"
        )
        return max(code(stage.analysis) for stage in stages)
    if given:
        raise click.UsageError("--set needs --schedule; to compare parameters give formulas")
    analyses = [analyze(catalogue.surrogate(text), steps, top) for text in surrogates]
    found = recommend(analyses)
    advice = f"Use {found.surrogate}: {found.reason}." if found.surrogate else f"No recommendation: {found.reason}."
    sys.stdout.write("\n".join([*summary(analyses), "", *wrapped(advice)]) + "\n")
    if found.surrogate:
        return 0
    return 3 if any(analysis.sound == "undecided" for analysis in analyses) else 1
