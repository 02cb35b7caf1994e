"""An analysis for people: a verdict in words for someone who trains networks, then the details."""

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from ste_theory.render.table import columns

if TYPE_CHECKING:
    from ste_theory.analysis.analyze import Analysis

_WIDTH = 100


def headline(analysis: "Analysis") -> str:
    """The verdict in one or two sentences."""
    scales = "at every scale" if analysis.max_scale == "inf" else f"for ‖w‖ up to {analysis.max_scale}"
    name = f"{analysis.surrogate} (quantizer {analysis.quantizer})"
    if analysis.sound == "proved":
        return (
            f"Sound {scales}: training with {name} follows, on average, a direction that lowers the loss "
            "(proved for Gaussian inputs)."
        )
    if analysis.sound == "no signal":
        return (
            f"No signal: with {name} the expected coarse gradient never turns w towards the teacher, because the "
            "surrogate is odd. Do not train with it."
        )
    if analysis.sound == "undecided":
        return f"Undecided: whether {name} is sound {scales} is not settled: {analysis.reason}."
    until = analysis.sound_until
    if until and until != "0":
        return (
            f"Unsound {scales}: {name} is sound exactly while pre-activations stay below the scale {until}, and "
            "points uphill beyond it. Keep them below, by normalisation or a wider window."
        )
    if until == "0":
        return f"Unsound: {name} points uphill already at small scales, because the surrogate is negative near 0."
    return f"Unsound: with {name} there are networks whose expected coarse gradient points uphill."


def text(analysis: "Analysis") -> str:
    """Verdict, then details, as plain text."""
    lines = [headline(analysis), ""]
    lines += columns(details(analysis), gap="  ")
    return "\n".join(lines)


def details(analysis: "Analysis") -> list[tuple[str, str]]:
    """(what, value) in the order of the questions people ask."""
    b, rows = analysis.behaviour, [("why", analysis.reason)]
    if analysis.certificate is not None:
        c = analysis.certificate
        rows.append(("certificate", f"{len(c.regions)} regions of sign, {len(c.boxes)} boxes of scales ({c.kind})"))
    if analysis.counterexample is not None:
        x = analysis.counterexample
        network = f"v = ({', '.join(x.v)}), v* = ({', '.join(x.v_star)}), ‖w‖ = {x.rho}, ‖w*‖ = {x.rho_star}"
        rows.append(("counterexample", f"{network}, angle {x.angle}: correlation {x.correlation}"))
    rows.append(("response M(x)", analysis.response_form))
    rows += [(f"M({response.scale})", response.value) for response in analysis.responses]
    rows.append(("x → 0, x → ∞", f"M → {b.small_scales}; M ~ {b.large_scales}"))
    rate = analysis.learning_rate
    rows.append(
        ("gain", f"{analysis.gain} at scale 1; learning rate × {rate} to turn w as fast as {analysis.reference}")
    )
    drift = ", ".join(b.drift)
    if b.stationary:
        rows.append(("spurious minimum", "stays put: μ′ = 0 for x < 0"))
    else:
        rows.append(("spurious minimum", f"left: ‖w‖ shrinks at −M₋ · 2(m−1)S*²/(m+1)², M₋ at 0.1, 1, 10: {drift}"))
    for label, parts in (("dead zones", b.dead), ("negative on", b.negative)):
        rows.append((label, ", ".join(f"({part.lower}, {part.upper})" for part in parts) or "none"))
    rows.append(("jumps", "; ".join(b.jumps) or "none"))
    rows.append(("unbounded", ", ".join(b.unbounded) or "no"))
    rows.append(("window", window(analysis)))
    if analysis.step is not None:
        where = f"‖w‖ = {analysis.step.rho}, v = v* = ({', '.join(analysis.step.v_star)}), angle π/2"
        rows.append(("stable step", f"η ≤ {analysis.step.size:.4g} at {where} ({analysis.step.binds})"))
    rows += [("remark", remark) for remark in b.remarks]
    return rows


def window(analysis: "Analysis") -> str:
    """How the support lies to the thresholds, in words."""
    f = analysis.fit
    said = [f"μ′ lives on {f.support}"]
    if f.uncovered:
        said.append(f"no gradient at the steps at {_some(f.uncovered)}")
    if f.half_covered:
        said.append(f"gradient on one side only at {_some(f.half_covered)}")
    return "; ".join(said)


def _some(places: Sequence[str]) -> str:
    return ", ".join(places[:6]) + (f" and {len(places) - 6} more" if len(places) > 6 else "")


def html(analysis: "Analysis") -> str:
    """The same as a table for notebooks."""
    rows = "".join(
        f"<tr><th style='text-align:left'>{escape(label)}</th><td style='text-align:left'>{escape(value)}</td></tr>"
        for label, value in details(analysis)
    )
    return f"<div><p><b>{escape(headline(analysis))}</b></p><table>{rows}</table></div>"


def summary(analyses: Sequence["Analysis"]) -> list[str]:
    """One line per surrogate."""
    rows: list[tuple[str, ...]] = [("surrogate", "sound", "M(0.1)", "M(1)", "M(10)", "x → ∞", "spurious minimum")]
    for analysis in analyses:
        values = [_short(response.value) for response in analysis.responses] or ["", "", ""]
        until = f"{analysis.sound} beyond {_short(analysis.sound_until)}" if analysis.sound_until else analysis.sound
        end = "stays" if analysis.behaviour.stationary else "left"
        rows.append((analysis.surrogate, until, *values, _short(analysis.behaviour.large_scales), end))
    return columns(rows, gap="  ")


def _short(number: str) -> str:
    head, slash, rest = number.partition("/")
    try:
        return f"{float(head):.4g}{slash}{rest}"
    except ValueError:
        return number


def scheduled(parameter: str, stages: Sequence[tuple[float, float, "Analysis"]]) -> list[str]:
    """One line per stage of a schedule: the value, the largest |μ′|, the verdict and the gain."""
    rows = [(parameter, "largest |μ′|", "sound", "gain")]
    rows += [(f"{value:.6g}", f"{size:.4g}", a.sound, _short(a.gain)) for value, size, a in stages]
    return columns(rows, gap="  ")
