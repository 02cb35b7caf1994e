"""The answer of ``experiment covariance``."""

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ste_theory.render.number import with_error
from ste_theory.render.table import columns

if TYPE_CHECKING:
    from ste_theory.experiments.covariance import Correlations


def summary(found: "Sequence[Correlations]", samples: int, seed: int) -> str:
    """A table per example, then what it means."""
    lines = []
    for item in found:
        lines += textwrap.wrap(f"{item.title}: {item.surrogate}", 80)
        if len(item.covariance) <= 4:
            rows = "; ".join(", ".join(f"{x:.4g}" for x in row) for row in item.covariance)
            lines += textwrap.wrap(
                f"Σ = [{rows}], v = {_numbers(item.point.v)}, v* = {_numbers(item.point.v_star)}", 80
            )
            lines += textwrap.wrap(f"w = {_numbers(item.point.w)}, w* = {_numbers(item.point.w_star)}", 80)
        lines += columns(
            [
                ("  ⟨E g, ∂f/∂w⟩ with that input", f"{item.exact:+.6g}", "uphill" if item.exact < 0 else "downhill"),
                ("  the same, sampled", with_error(item.sampled, item.error), ""),
                ("  whitened input", f"{item.whitened:+.6g}", "uphill" if item.whitened < 0 else "downhill"),
                ("  ⟨Σ⁻¹E g, ∂f/∂w⟩", f"{item.preconditioned:+.6g}", "the same sign as whitened"),
            ],
            gap="  ",
        )
        lines.append("")
    note = (
        "Binary activation. For input N(0, I) the sign is that of the response M. With a covariance the radial part of "
        "the coarse gradient enters, and for every surrogate there is a Σ that turns the sign (proved with the exact "
        f"example: ste-theory verify general.non-isotropic). {samples} samples, seed {seed}."
    )
    return "\n".join([*lines, *textwrap.wrap(note, 80, break_on_hyphens=False)]) + "\n"


def _numbers(values: Any) -> str:
    return "(" + ", ".join(f"{x:.4g}" for x in values) + ")"


def record(found: "Sequence[Correlations]", samples: int, seed: int) -> dict[str, Any]:
    """Everything, for JSON."""
    return {
        "schema": 1,
        "samples": samples,
        "seed": seed,
        "examples": [
            {
                "title": item.title,
                "surrogate": item.surrogate,
                "covariance": item.covariance.tolist(),
                "point": {name: getattr(item.point, name).tolist() for name in ("v", "w", "v_star", "w_star")},
                "correlation": item.exact,
                "sampled": item.sampled,
                "standard_error": item.error,
                "whitened": item.whitened,
                "preconditioned": item.preconditioned,
            }
            for item in found
        ],
    }
