"""What decides the bits of a simulation beside the run itself: versions, the sizes its work is cut into, BLAS, CPU."""

import hashlib
import platform
from functools import cache
from importlib.metadata import version

import numpy as np

import ste_theory
from ste_theory.montecarlo import blocks
from ste_theory.montecarlo.accuracy import bounded, known_variance, replicated, unseen
from ste_theory.montecarlo.samplers import nets, one_coordinate, sampler, strata


def _sizes() -> str:
    """A digest of the numbers that cut a run into blocks, replicates, looks, nets and cells."""
    numbers = (
        (blocks.SMALLEST, blocks.LARGEST, sorted(blocks.ROW_NUMBERS.items()), blocks.OUTPUT_NUMBERS, blocks.UNSPLIT),
        (sampler.GROUP, sampler.NET, sorted((name, one.per_block) for name, one in sampler.SAMPLERS.items())),
        (
            replicated.SCRAMBLES,
            replicated.LEAST_NET,
            replicated.LARGEST_NET,
            replicated.FIRST_LOOK,
            known_variance.GROUPS,
        ),
        (nets.BITS, nets.PIECE, strata.ROUNDS, one_coordinate.REACH, bounded.CELLS, unseen.CELLS),
    )
    return hashlib.sha256(repr(numbers).encode()).hexdigest()[:8]


@cache
def maker() -> dict[str, str]:
    """Name and value of each thing that is compared before a run goes on.

    BLAS is the one NumPy was built with, CPU features those that NumPy uses; which kernel a BLAS chooses for the
    processor it does not say.
    """
    found = np.show_config(mode="dicts")
    blas, features = found["Build Dependencies"]["blas"], found["SIMD Extensions"]
    return {
        "ste-theory": ste_theory.__version__,
        "sizes of blocks and looks": _sizes(),
        "NumPy": np.__version__,
        "SciPy": version("scipy"),
        "BLAS": f"{blas['name']} {blas['version']}",
        "machine": platform.machine(),
        "CPU features": " ".join([*features.get("baseline", []), *features.get("found", [])]),
    }
