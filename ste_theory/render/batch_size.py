"""The answer of ``experiment batch-size``."""

import textwrap
from typing import TYPE_CHECKING, Any

from ste_theory.render.table import columns

if TYPE_CHECKING:
    from ste_theory.experiments.batch_size import BatchExperiment


def summary(found: "BatchExperiment") -> str:
    """Moments, batch sizes, simulated fractions."""
    answer = found.answer
    head = (
        f"{found.problem.surrogate.name}, m = {found.point.rows}, n = {found.point.n}. For one sample the part of g "
        f"along û has mean {answer.mean:.6g} and variance {answer.variance:.6g}; a batch is downhill if its mean has "
        f"that sign. Asked: probability {answer.confidence:g}."
    )
    rows = [("samples", "which is", "downhill batches", "95 % interval (Wilson)")]
    for item in found.checked:
        of = item.downhill
        rows.append((str(item.size), item.what, f"{of.value:.4f}", f"[{of.low:.4f}, {of.high:.4f}]"))
    verdict = (
        f"{found.batches} batches each. The first fraction is "
        + ("not below what is guaranteed." if found.held else "BELOW what is guaranteed: a defect, report it.")
        + f" Seed {found.seed}."
    )
    parts = (textwrap.wrap(head, 80), [""], columns(rows, right=[0, 2], gap="  "), [""], textwrap.wrap(verdict, 80))
    return "\n".join(line for part in parts for line in part) + "\n"


def record(found: "BatchExperiment") -> dict[str, Any]:
    """Everything, for JSON."""
    point, answer = found.point, found.answer
    return {
        "schema": 1,
        "surrogate": found.problem.surrogate.name,
        "point": {name: [float(x) for x in getattr(point, name)] for name in ("v", "w", "v_star", "w_star")},
        "confidence": answer.confidence,
        "mean": answer.mean,
        "variance": answer.variance,
        "sufficient": answer.sufficient,
        "normal": answer.normal,
        "batches": found.batches,
        "seed": found.seed,
        "held": found.held,
        "checked": [
            {
                "samples": item.size,
                "which": item.what,
                "downhill": item.downhill.count,
                "low": item.downhill.low,
                "high": item.downhill.high,
            }
            for item in found.checked
        ],
    }
