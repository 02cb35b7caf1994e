"""Write docs/catalogue.md: the analysis of every surrogate of the catalogue, from a real run."""

from pathlib import Path

from ste_theory.analysis import catalogue
from ste_theory.analysis.analyze import Analysis, analyze
from ste_theory.analysis.catalogue import analyze_all, names
from ste_theory.render.analysis import neat

TARGET = Path(__file__).with_name("catalogue.md")
HEAD = """# The catalogue, analyzed

Made by `python docs/catalogue_table.py`. M(x) = E μ′(xξ) for the binary quantizer: the surrogate is sound at a scale
x = ‖w‖ sin θ where M > 0. Every "proved" has a certificate, every "refuted" a counterexample:
`ste-theory analyze NAME --json FILE` writes it, and `ste-theory check-certificate FILE` decides it again.

| surrogate | sound | because | M(x) | M(0.1) | M(1) | M(10) | x → ∞ | spurious minimum |
|---|---|---|---|---|---|---|---|---|
"""
STAIRCASES = """
## Quantizers with several steps

There the correlation has a radial part too, and in general no surrogate is sound at every network: where vᵀv* = 0 it is
a product of two quadratic forms with different zeros. Each counterexample is certified; so is each region, in which
v = v*, ‖w‖ = ‖w*‖, with any number of rows.

| surrogate | quantizer | sound | counterexample | correlation | sound region |
|---|---|---|---|---|---|
"""
QUANTIZERS = ("ternary(1/2)", "uniform_relu(2)", "uniform_signed(2)")
SURROGATES = (
    "identity",
    "relu",
    "clipped_relu",
    "bnn.hard_tanh",
    "birealnet.approx_sign",
    "irnet.ede",
    "hwgq.log_tailed",
    "lsq",
    "gaussian",
)
PAIRS = [(surrogate, quantizer) for quantizer in QUANTIZERS for surrogate in SURROGATES]
SHORT = (
    ("≥ 0 everywhere", "even part ≥ 0"),
    ("changes sign once", "one sign change"),
    ("changes sign", "boxes of scales"),
    ("sum of positive terms", "sum of Gaussians"),
    ("odd", "odd"),
)


def row(analysis: Analysis) -> str:
    """One line of the table."""
    why = next((short for phrase, short in SHORT if phrase in analysis.reason), analysis.reason)
    form = analysis.response_form if len(analysis.response_form) <= 60 else "closed form of many terms"
    values = [neat(r.value, 6) for r in analysis.responses]
    end = "stays" if analysis.behaviour.stationary else "left"
    cells = [analysis.surrogate, analysis.sound, why, form, *values, neat(analysis.behaviour.large_scales, 6), end]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def staircase_row(surrogate: str, quantizer: str) -> str:
    """One line of the second table."""
    analysis = analyze(catalogue.surrogate(surrogate), catalogue.quantizer(quantizer))
    network, region = analysis.counterexample, analysis.region
    shown = "none found"
    if network is not None:
        v, v_star = ", ".join(network.v), ", ".join(network.v_star)
        shown = f"v = ({v}), v* = ({v_star}), ‖w‖ = {network.rho}, ‖w*‖ = {network.rho_star}, θ = {network.angle}"
    value = "" if network is None else network.correlation
    sound = "none certified" if region is None else f"‖w‖ in [{', '.join(region.scales)}], θ ≤ {region.angle}"
    cells = [surrogate, quantizer, analysis.sound, shown, value, sound]
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    """Analyze the catalogue and write the tables."""
    found = analyze_all(names(), "binary", None, jobs=2)
    counts = {kind: sum(a.sound == kind for a in found) for kind in ("proved", "refuted", "no signal", "undecided")}
    total = ", ".join(f"{count} {kind}" for kind, count in counts.items() if count)
    text = HEAD + "\n".join(row(analysis) for analysis in found) + f"\n\n{len(found)} names: {total}.\n"
    text += STAIRCASES + "\n".join(staircase_row(*pair) for pair in PAIRS) + "\n"
    TARGET.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
