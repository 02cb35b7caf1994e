"""``ste-theory``: the commands together, and what becomes of every error.

Exit codes: 0 every verdict is the documented one; 1 one is not, or is DISPUTED; 2 wrong usage or bad input; 3
inconclusive; 70 a defect of this program; 130 interrupted; 141 the reader of the output went away (as in ``ste-theory
claims | head -1``).
"""

import logging
import os
import sys
from collections.abc import Sequence

import click

import ste_theory
from ste_theory.cli.analyze import analyze
from ste_theory.cli.certify import certify
from ste_theory.cli.check_certificate import check_certificate
from ste_theory.cli.cite import cite
from ste_theory.cli.claims import claims
from ste_theory.cli.compare import compare
from ste_theory.cli.diff import diff
from ste_theory.cli.env import env
from ste_theory.cli.errors import DEFECT, INTERRUPTED, PIPE, USAGE, explain, explain_defect
from ste_theory.cli.estimate import estimate
from ste_theory.cli.experiment import experiment
from ste_theory.cli.export import export
from ste_theory.cli.graph import graph
from ste_theory.cli.new import new
from ste_theory.cli.plan import plan
from ste_theory.cli.quantizers import quantizers
from ste_theory.cli.replay import replay
from ste_theory.cli.report import report
from ste_theory.cli.show import show
from ste_theory.cli.simulate import simulate
from ste_theory.cli.surrogates import surrogates
from ste_theory.cli.sweep import sweep
from ste_theory.cli.verify import verify
from ste_theory.cli.why import why
from ste_theory.model.errors import SteTheoryError

TRACEBACK = "STE_THEORY_TRACEBACK"


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, invoke_without_command=True)
@click.version_option(ste_theory.__version__, "-V", "--version", prog_name="ste-theory")
@click.pass_context
def program(context: click.Context) -> None:
    """What is true about straight-through estimators, settled with evidence.

    Exit codes: 0 every verdict is the documented one; 1 one is not, or is DISPUTED; 2 wrong usage or bad input; 3
    inconclusive; 130 interrupted.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


for command in (
    verify,
    claims,
    show,
    why,
    plan,
    graph,
    replay,
    report,
    diff,
    analyze,
    compare,
    simulate,
    experiment,
    estimate,
    sweep,
    export,
    certify,
    check_certificate,
    new,
    env,
    cite,
    surrogates,
    quantizers,
):
    program.add_command(command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code. Every error is one line on standard error."""
    if "_STE_THEORY_COMPLETE" in os.environ:  # the shell asks for completions
        program.main(prog_name="ste-theory")
    loud = bool(os.environ.get(TRACEBACK))
    if loud:
        logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
    try:
        with program.make_context("ste-theory", list(sys.argv[1:] if arguments is None else arguments)) as context:
            code = program.invoke(context)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except BrokenPipeError:
        # Nobody reads any more; the interpreter must not try again when it ends.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
        return PIPE
    except (KeyboardInterrupt, click.Abort):
        print("ste-theory: interrupted", file=sys.stderr)  # noqa: T201
        return INTERRUPTED
    except (SteTheoryError, click.ClickException, OSError) as error:
        if loud:
            logging.exception("the traceback, because %s is set", TRACEBACK)
        print(explain(error), file=sys.stderr)  # noqa: T201
        return USAGE
    except Exception as error:
        # The last resort: no traceback reaches a user.
        if loud:
            logging.exception("the traceback, because %s is set", TRACEBACK)
        print(explain_defect(error, TRACEBACK), file=sys.stderr)  # noqa: T201
        return DEFECT
