"""``ste-theory analyze``."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ste_theory.cli import options
from ste_theory.cli.terminal import Progress
from ste_theory.model.errors import InvalidInput

if TYPE_CHECKING:
    from ste_theory.analysis.analyze import Analysis

CODES = {"proved": 0, "refuted": 1, "no signal": 1, "undecided": 3}


def code(analysis: "Analysis") -> int:
    """The exit code of a verdict; not 0 where it holds for a part of the scales asked for."""
    return 1 if analysis.sound == "proved" and not analysis.sound_as_asked else CODES[analysis.sound]


quantizer_option = click.option(
    "--quantizer", metavar="SPEC", default="binary", show_default=True, help="As in sign or uniform_relu(2)."
)
scale_option = click.option(
    "--max-scale", metavar="R", help="Largest ‖w‖ (standard deviation of the pre-activation); default: all."
)


def assignments(values: Sequence[str]) -> dict[str, str]:
    """``beta=5`` and the like as a dictionary. Raises ``InvalidInput``."""
    found = {}
    for text in values:
        name, equals, value = text.partition("=")
        if not equals or not name.strip().isidentifier():
            raise InvalidInput(f"--set: {text!r} is not of the form NAME=VALUE")
        found[name.strip()] = value.strip()
    return found


@click.command()
@click.argument("surrogate", metavar="[NAME|EXPR]", required=False)
@quantizer_option
@scale_option
@click.option("--set", "settings", metavar="NAME=VALUE", multiple=True, help="A parameter of the surrogate.")
@click.option(
    "--bound", metavar="B", default="10", show_default=True, help="Largest pre-activation, for δ of the paper's class."
)
@click.option("--json", "json_file", metavar="FILE", help="Write the analysis as JSON; - is standard output.")
@click.option("--plot", "plot_file", type=click.Path(path_type=Path), help="Draw μ′, M and the correlation.")
@click.option("--all", "everything", is_flag=True, help="The whole catalogue, one line each.")
@options.jobs
def analyze(
    surrogate: str | None,
    quantizer: str,
    max_scale: str | None,
    settings: tuple[str, ...],
    bound: str,
    json_file: str | None,
    plot_file: Path | None,
    everything: bool,
    jobs: int,
) -> int:
    """Say whether a surrogate is sound at your scale, and prove it.

    The row `class of Long` says whether it is in the class of the classification paper (Long, Yin, Xin 2021,
    reconstructed), with its δ on pre-activations up to B, or where it fails.

    NAME is one of `ste-theory surrogates`, EXPR a formula of μ′ in x such as "Piecewise((1, Abs(x) < 1), (0, True))".
    Exit codes: 0 sound, 1 unsound, no signal, or without an expected gradient at some of the scales, 2 bad input,
    3 undecided; with --all 0 every surrogate is settled, 3 one is not.
    """
    from ste_theory.analysis import catalogue
    from ste_theory.analysis.analyze import analyze as examine
    from ste_theory.model.numbers import positive
    from ste_theory.render.analysis import summary, text
    from ste_theory.render.files import check_writable

    for path in (json_file, plot_file):
        if path is not None and str(path) != "-":
            check_writable(Path(path))
    if everything == (surrogate is not None):
        raise click.UsageError("give one surrogate (a name or a formula), or --all")
    top = None if max_scale is None else positive(max_scale, "max-scale")
    steps = catalogue.quantizer(quantizer)
    if everything:
        if settings or plot_file:
            raise click.UsageError("--set and --plot are for one surrogate, not for --all")
        with Progress() as progress:
            found = catalogue.analyze_all(catalogue.names(), quantizer, top, jobs=jobs, progress=progress)
        _write(found, json_file, "\n".join(summary(found)) + "\n", many=True)
        return 3 if any(analysis.sound == "undecided" for analysis in found) else 0
    assert surrogate is not None
    chosen = catalogue.surrogate(surrogate, assignments(settings))
    analysis = examine(chosen, steps, top, bound=positive(bound, "bound"))
    _write([analysis], json_file, text(analysis) + "\n", many=False)
    if plot_file is not None:
        from ste_theory.analysis.plot import plot

        plot(chosen, plot_file, 10.0 if top is None else float(top), steps)
    return code(analysis)


def _write(found: Sequence["Analysis"], json_file: str | None, shown: str, *, many: bool) -> None:
    if json_file != "-":
        sys.stdout.write(shown)
    if json_file is not None:
        documents = [analysis.to_json() for analysis in found]
        with click.open_file(json_file, "w", encoding="utf-8") as file:
            file.write(json.dumps(documents if many else documents[0], ensure_ascii=False, indent=1) + "\n")
