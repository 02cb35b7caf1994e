"""An analysis for people: a verdict in words for someone who trains networks, then the details."""

import textwrap
from collections.abc import Sequence
from decimal import Context, Decimal, InvalidOperation
from fractions import Fraction
from html import escape
from typing import TYPE_CHECKING

from ste_theory.render.table import columns

if TYPE_CHECKING:
    from ste_theory.analysis.analyze import Analysis

WIDTH, DIGITS = 80, 10


def headline(analysis: "Analysis") -> str:
    """The verdict in a few sentences."""
    return f"{_verdict(analysis)} {_without_mean(analysis)}".strip()


def _without_mean(analysis: "Analysis") -> str:
    """Where the expected coarse gradient does not exist, in words; empty if that is nowhere asked."""
    if analysis.exists_until in ("", "0"):
        return ""
    sure = "does not exist" if "is infinite" in analysis.reason else "is not shown to exist"
    return (
        f"From ‖w‖ = {neat(analysis.exists_until)} on the expected coarse gradient {sure}, because the surrogate grows "
        "as fast as the Gaussian density falls."
    )


def _verdict(analysis: "Analysis") -> str:
    top = neat_fraction(analysis.max_scale) if analysis.exists_until else analysis.max_scale
    scales = "at every scale" if analysis.max_scale == "inf" else f"for ‖w‖ up to {top}"
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
        said = f"Undecided: whether {name} is sound {scales} is not settled: {analysis.reason}."
        return f"{said} {near_the_teacher(analysis)}".strip()
    until = analysis.sound_until
    if until and until != "0":
        return (
            f"Unsound beyond the scale {until}: {name} is sound exactly while ‖w‖ (the standard deviation of the "
            "pre-activations) stays below it, and points uphill at networks beyond. Keep the scale below, by "
            "normalisation or a wider window."
        )
    if until == "0":
        return f"Unsound: {name} points uphill already at small scales, because the surrogate is negative near 0."
    said = f"Unsound: with {name} there are networks whose expected coarse gradient points uphill."
    return f"{said} {near_the_teacher(analysis)}".strip()


def near_the_teacher(analysis: "Analysis") -> str:
    """The certified sound region in words; empty if there is none."""
    if analysis.region is None:
        return ""
    low, high = analysis.region.scales
    return (
        f"Sound near the solution: where v = v* and ‖w‖ = ‖w*‖ is between {low} and {high}, it never points uphill at "
        f"angles up to {analysis.region.angle} (proved)."
    )


def text(analysis: "Analysis") -> str:
    """Verdict, then details, as plain text."""
    lines = [*wrapped(headline(analysis), 0), ""]
    rows = details(analysis)
    indent = max(len(label) for label, _ in rows) + 2
    for label, value in rows:
        first, *rest = wrapped(value, indent) or [""]
        lines += [f"{label.ljust(indent)}{first.strip()}".rstrip(), *rest]
    return "\n".join(lines)


def wrapped(words: str, indent: int = 0) -> list[str]:
    """Lines of at most 80 columns; a formula without blanks is broken where it must be."""
    blank = " " * indent
    return textwrap.wrap(words, WIDTH, initial_indent=blank, subsequent_indent=blank, break_on_hyphens=False)


def neat(number: str, count: int = DIGITS) -> str:
    """A number of many proven digits, rounded to ten and without zeros at its end; any other text as it is.

    >>> neat("1.000000000000000000000000"), neat("0.06826894921370859"), neat("0.7978845608/x"), neat("not enclosed")
    ('1', '0.06826894921', '0.7978845608/x', 'not enclosed')
    """
    head, slash, rest = number.partition("/")
    try:
        value = Context(prec=count).create_decimal(head)
    except InvalidOperation:
        return number
    if not value.is_finite():
        return number
    exponent = value.adjusted()
    shown = format(value.normalize(), "f") if value == Decimal(0) or -6 < exponent < count else str(value.normalize())
    return f"{shown.replace('E', 'e')}{slash}{rest}"


def details(analysis: "Analysis") -> list[tuple[str, str]]:
    """(what, value) in the order of the questions people ask."""
    b, rows = analysis.behaviour, [("why", analysis.reason)]
    if analysis.certificate is not None:
        c = analysis.certificate
        counts = [_count(len(c.regions), "region", "of sign")] if c.regions else []
        counts += [_count(len(c.boxes), "box", "of scales")] if c.boxes else []
        rows.append(("certificate", ", ".join([f"argument: {c.proof}", *counts])))
    if analysis.counterexample is not None:
        x = analysis.counterexample
        network = f"v = ({', '.join(x.v)}), v* = ({', '.join(x.v_star)}), ‖w‖ = {x.rho}, ‖w*‖ = {x.rho_star}"
        at = f", M({x.scale}) = {neat(x.response)}" if x.scale else ""
        rows.append(("counterexample", f"{network}, angle {x.angle}: correlation {neat(x.correlation)}{at}"))
    if analysis.region is not None:
        r = analysis.region
        rows.append(
            (
                "sound region",
                f"v = v*, any number of rows, ‖w‖ = ‖w*‖ in [{r.scales[0]}, {r.scales[1]}], angle in (0, {r.angle}]: "
                f"{_count(len(r.strips), 'strip', 'of scales')}",
            )
        )
    rows.append(("response M(x)", analysis.response_form))
    rows += [(f"M({response.scale})", neat(response.value)) for response in analysis.responses]
    rows.append(("x → 0, x → ∞", f"M → {neat(b.small_scales)}; M ~ {neat(b.large_scales)}"))
    rate = neat(analysis.learning_rate, 6)
    words = f"learning rate × {rate} to turn w as fast as {analysis.reference}"
    if rate.startswith("n"):
        words = f"learning rate against {analysis.reference}: {rate}"
    rows.append(("gain", f"{neat(analysis.gain)} at scale 1; {words}"))
    drift = ", ".join(neat(number, 6) for number in b.drift)
    if not analysis.staircase.is_binary:
        # The spurious minimum and its drift are those of σ(x) = 1{x > 0}.
        said = (
            "yes: μ′ = 0 for x < 0"
            if b.stationary
            else f"no: μ′ ≠ 0 for x < 0; E[a μ′(ρa) 1{{a<0}}] at 0.1, 1, 10: {drift}"
        )
        rows.append(("one-sided", said))
    elif b.stationary:
        rows.append(("spurious minimum", "stays put: μ′ = 0 for x < 0"))
    else:
        rows.append(("spurious minimum", f"left: ‖w‖ drifts at {_drift(b.drift)}M₋ at 0.1, 1, 10: {drift}"))
    for label, parts in (("dead zones", b.dead), ("negative on", b.negative)):
        rows.append((label, ", ".join(f"({part.lower}, {part.upper})" for part in parts) or "none"))
    rows.append(("jumps", "; ".join(map(_jump, b.jumps)) or "none"))
    rows.append(("unbounded", ", ".join(b.unbounded) or "no"))
    rows.append(("window", window(analysis)))
    if analysis.step is not None:
        where = f"‖w‖ = {analysis.step.rho}, v = v* = ({', '.join(analysis.step.v_star)}), angle π/2"
        rows.append(("stable step", f"η ≤ {analysis.step.size:.4g} at {where} ({analysis.step.binds})"))
    rows.append(("class of Long", membership(analysis)))
    rows += [("remark", remark) for remark in b.remarks]
    return rows


def membership(analysis: "Analysis") -> str:
    """Where the surrogate stands with respect to the class of the classification paper, with its proof."""
    m = analysis.membership
    said = [f"{m.place}: {m.reason}"]
    if m.lower:
        until = "all x > 0" if m.bound == "inf" else f"0 < x ≤ {m.bound}"
        said.append(f"{neat_fraction(m.lower)} ≤ g′ ≤ {neat_fraction(m.upper)} for {until} (proved in balls)")
    elif m.at:
        said.append(f"x = {m.at} shows it")
    return f"{'; '.join(said)} (g = 0 on x ≤ 0, 0 < δ ≤ g′ ≤ δ̃ on x > 0; {m.source})"


def neat_fraction(text: str) -> str:
    """A fraction of twelve decimals as a decimal number."""
    if text == "inf":
        return text
    value = Fraction(text)
    return neat(str(Decimal(value.numerator) / Decimal(value.denominator)), 12)


def _count(number: int, noun: str, of: str) -> str:
    plural = "es" if noun.endswith("x") else "s"
    return f"{number} {noun}{plural if number != 1 else ''} {of}"


def _drift(numbers: Sequence[str]) -> str:
    """The rate of ‖w‖ under gradient flow, and its direction where it is the same at the three scales."""
    signs = {number.startswith("-") for number in numbers if neat(number) != "0" and number[-1:].isdigit()}
    way = {True: " (it shrinks)", False: " (it grows)"}[signs.pop()] if len(signs) == 1 else ""
    return f"M₋ · 2(m−1)S*²/(m+1)²{way}; "


def _jump(jump: str) -> str:
    place, colon, ends = jump.partition(": ")
    left, to, right = ends.partition(" to ")
    return f"{place}{colon}{neat(left)}{to}{neat(right)}"


def window(analysis: "Analysis") -> str:
    """How the support lies to the thresholds, in words."""
    f = analysis.fit
    said = [f"μ′ lives on {f.support.replace('inf', '∞')}"]
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
    """One line per surrogate, in 80 columns."""
    rows: list[tuple[str, ...]] = [("surrogate", "sound", "M(0.1)", "M(1)", "M(10)", "drift")]
    for analysis in analyses:
        values = [_short(response.value) for response in analysis.responses] or ["", "", ""]
        drift = "no" if analysis.behaviour.stationary else "yes"
        until = f"to {_short(analysis.sound_until)}" if analysis.sound_until else analysis.sound
        rows.append((_name(analysis.surrogate), until, *values, drift))
    binary = all(analysis.staircase.is_binary for analysis in analyses)
    drift = "‖w‖ shrinks at the spurious minimum" if binary else "μ′ ≠ 0 for x < 0"
    notes = f"sound: proved; to R: exactly at scales below R. M: response; drift: {drift}."
    return [*columns(rows), "", *wrapped(notes, 0), *wrapped(_members(analyses), 0)]


def _members(analyses: Sequence["Analysis"]) -> str:
    """Which of them are in the class of the classification paper."""
    places: dict[str, list[str]] = {}
    for analysis in analyses:
        places.setdefault(analysis.membership.place, []).append(_name(analysis.surrogate))
    said = [f"{place}: {', '.join(names)}" for place, names in sorted(places.items()) if place != "out"]
    return (
        "Class of Long, Yin, Xin 2021, reconstructed (g′ = 0 on x < 0, 0 < δ ≤ g′ ≤ δ̃ on x > 0): "
        f"{'; '.join(said) or 'none of them'}. The others are out."
    )


def _name(text: str) -> str:
    return text if len(text) <= 38 else f"{text[:37]}…"


def _short(number: str) -> str:
    head, slash, rest = number.partition("/")
    try:
        return f"{float(head):.3g}{slash}{rest}"
    except ValueError:
        return "?" if number.startswith("not ") else number


def scheduled(parameter: str, stages: Sequence[tuple[float, float, "Analysis"]]) -> list[str]:
    """One line per stage of a schedule: the value, the largest |μ′|, the verdict and the gain."""
    rows = [(parameter, "largest |μ′|", "sound", "gain")]
    rows += [(f"{value:.6g}", f"{size:.4g}", a.sound, _short(a.gain)) for value, size, a in stages]
    return columns(rows, gap="  ")
