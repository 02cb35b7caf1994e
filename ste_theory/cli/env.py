"""``ste-theory env``."""

import os
import sys

import click


@click.command()
def env() -> None:
    """Print versions and machine, for a report of a defect. Names no path, user or host."""
    import numpy

    from ste_theory.claims.runner import environment

    blas = numpy.show_config(mode="dicts")["Build Dependencies"]["blas"]
    found = {**environment(), "blas": f"{blas['name']} {blas['version']}", "processors": str(os.cpu_count())}
    width = max(map(len, found))
    for name, value in found.items():
        sys.stdout.write(f"{name:{width}}  {value}\n")
