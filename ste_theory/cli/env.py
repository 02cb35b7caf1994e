"""``ste-theory env``."""

import os
import sys

import click


@click.command()
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
def env(as_json: bool) -> None:
    """Print versions, commit and machine, for a report of a defect. Names no path, user or host."""
    import numpy

    from ste_theory.claims.environment import environment
    from ste_theory.render.json_text import dumps

    blas = numpy.show_config(mode="dicts")["Build Dependencies"]["blas"]
    found = {**environment(), "blas": f"{blas['name']} {blas['version']}", "processors": str(os.cpu_count())}
    if as_json:
        sys.stdout.write(dumps(found))
        return
    width = max(map(len, found))
    for name, value in found.items():
        sys.stdout.write(f"{name:{width}}  {value}\n")
