"""Write docs/catalogue.md: the analysis of every surrogate of the catalogue, from a real run."""

from pathlib import Path

from ste_theory.analysis.analyze import Analysis
from ste_theory.analysis.catalogue import analyze_all, names

TARGET = Path(__file__).with_name("catalogue.md")
HEAD = """# The catalogue, analyzed

Made by `python docs/catalogue_table.py`. M(x) = E μ′(xξ) for the binary quantizer: the surrogate is sound at a scale
x = ‖w‖ sin θ where M > 0. Every "proved" has a certificate, every "refuted" a counterexample: see
`ste-theory analyze NAME`.

| surrogate | sound | because | M(x) | M(0.1) | M(1) | M(10) | x → ∞ | spurious minimum |
|---|---|---|---|---|---|---|---|---|
"""
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
    values = [f"{float(r.value):.6g}" if r.value != "not enclosed" else r.value for r in analysis.responses]
    end = "stays" if analysis.behaviour.stationary else "left"
    cells = [analysis.surrogate, analysis.sound, why, form, *values, analysis.behaviour.large_scales, end]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def main() -> None:
    """Analyze the catalogue and write the table."""
    found = analyze_all(names(), "binary", None, jobs=2)
    counts = {kind: sum(a.sound == kind for a in found) for kind in ("proved", "refuted", "no signal", "undecided")}
    total = ", ".join(f"{count} {kind}" for kind, count in counts.items() if count)
    text = HEAD + "\n".join(row(analysis) for analysis in found) + f"\n\n{len(found)} names: {total}.\n"
    TARGET.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
