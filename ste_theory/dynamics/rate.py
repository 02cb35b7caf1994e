"""How fast ‖w‖ changes along a run, against the rate at the spurious minimum.

−dρ/dt = −M₋(ρ)·2(m − 1)S*²/(m + 1)²      at θ = π, v = v_sp (general.stationarity)
"""

from dataclasses import dataclass

import numpy as np

from ste_theory.dynamics.plane import radial_rate
from ste_theory.dynamics.run import Run


@dataclass(frozen=True)
class Rate:
    """−dρ/dt per unit of time t = η·steps: ``measured`` by least squares over ``first`` to ``last`` step, and the rate
    that holds at the spurious minimum at the mean ρ of these steps."""

    measured: float
    predicted: float
    first: int
    last: int


def shrinking(run: Run, start: int = 0) -> Rate | None:
    """The rate of one recorded start over the last third of the way to the first crossing of 0, or of the run.

    By then v has come to rest: it approaches at least like e^(−t/4). ``None`` with fewer than three records, for a
    normalized w, or for another quantizer than the binary one.
    """
    if run.settings.normalize or not run.problem.is_binary:
        return None
    history, crossing = run.history, run.state.crossings.first[start]
    end = run.state.step if np.isnan(crossing) else int(crossing)
    inside = (history.steps >= 2 * end / 3) & (history.steps <= end)
    steps, rho = history.steps[inside], history.values["rho"][inside, start]
    if len(steps) < 3:
        return None
    slope = np.polyfit(run.settings.step_size * (steps - steps[0]), rho, 1)[0]
    predicted = radial_rate(run.problem.surrogate, run.teacher, float(np.mean(rho)))
    return Rate(-float(slope), predicted, int(steps[0]), int(steps[-1]))
