"""The answer of ``experiment misspecified``: surrogates ranked by their drift at the good minimum."""

import textwrap
from typing import TYPE_CHECKING, Any

from ste_theory.render.table import columns

if TYPE_CHECKING:
    from ste_theory.experiments.misspecified import Misspecified


def summary(found: "Misspecified") -> str:
    """A line per surrogate, those that stay nearest first."""
    at = found.minimum
    norm = sum(float(x) ** 2 for x in at.w) ** 0.5
    head = (
        f"{found.quantizer} activation: a student of {at.m} rows, a teacher of {at.rows}. The population loss is "
        f"least, {found.loss:.6g}, at v = ({', '.join(f'{x:.5g}' for x in at.v)}), w parallel to w*, ‖w‖ = {norm:.4g}."
    )
    rows = [("surrogate", "⟨E g, ŵ⟩", "so", "largest f", "final f", "final ‖w‖", "w at 0")]
    for drift in found.drifts:
        step = "never" if drift.reached_zero is None else f"step {drift.reached_zero}"
        numbers = (f"{drift.largest_loss:.4g}", f"{drift.final_loss:.4g}", f"{drift.final_norm:.4g}")
        name = drift.surrogate if len(drift.surrogate) <= 22 else drift.surrogate[:21] + "…"
        rows.append((name, f"{drift.drift:+.4f}" if drift.drift else "0", drift.meaning, *numbers, step))
    note = (
        f"Last four columns: {found.steps} steps of the expected dynamics from there, step size {found.step_size:g}. "
        "A positive drift takes ‖w‖ to 0, where w flips and the loss jumps; a negative one lets ‖w‖ grow, which the "
        "loss of a binary activation does not feel. In the realizable setting every surrogate rests at the minimum."
    )
    parts = (
        textwrap.wrap(head, 80),
        [""],
        columns(rows, right=[1, 3, 4, 5, 6]),
        [""],
        textwrap.wrap(note, 80),
    )
    return "\n".join(line for part in parts for line in part) + "\n"


def record(found: "Misspecified") -> dict[str, Any]:
    """Everything, for JSON."""
    at = found.minimum
    return {
        "schema": 1,
        "quantizer": found.quantizer,
        "minimum": {name: [float(x) for x in getattr(at, name)] for name in ("v", "w", "v_star", "w_star")},
        "loss": found.loss,
        "steps": found.steps,
        "step_size": found.step_size,
        "surrogates": [
            {
                "name": drift.surrogate,
                "drift": drift.drift,
                "meaning": drift.meaning,
                "largest_loss": drift.largest_loss,
                "final_loss": drift.final_loss,
                "final_norm": drift.final_norm,
                "reached_zero": drift.reached_zero,
            }
            for drift in found.drifts
        ],
    }
