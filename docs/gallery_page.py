"""Write the gallery of the catalogue: a plot of μ′ and of the response M of every surrogate, and its verdict."""

import re
import sys
from pathlib import Path

import numpy as np

import ste_theory as st

CATALOGUE = Path(__file__).with_name("catalogue.md")
POINTS = 241
HEAD = """# Gallery of the catalogue

Made by `python docs/gallery_page.py` when these pages are built. Left the surrogate derivative μ′, right its response
M(x) = E μ′(xξ) for the binary activation; a surrogate is sound at a scale x where M(x) > 0. The verdicts are those of
[the catalogue](../catalogue.md), which says why.
"""


def verdicts() -> dict[str, tuple[str, str]]:
    """(verdict, reason) by name, from the analyzed table."""
    rows = re.findall(r"^\| (\S+) \| ([^|]+) \| ([^|]+) \|", CATALOGUE.read_text(encoding="utf-8"), re.MULTILINE)
    known = set(st.surrogates.names())
    found: dict[str, tuple[str, str]] = {}
    for name, sound, why in rows:
        if name in known:
            found.setdefault(name, (sound.strip(), why.strip()))  # the first table is that of the binary activation
    if found.keys() != known:
        raise SystemExit(f"{CATALOGUE.name} lacks {sorted(known - found.keys())}: run docs/catalogue_table.py")
    return found


def plot(name: str, file: Path) -> None:
    """μ′ on [−3, 3] and M on (0, 3]."""
    import matplotlib as mpl
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    surrogate = st.surrogates.get(name)
    x, scales = np.linspace(-3.0, 3.0, POINTS), np.linspace(0.02, 3.0, 61)
    figure = Figure(figsize=(6.4, 1.9), layout="constrained")
    FigureCanvasSVG(figure)
    left, right = figure.subplots(1, 2)
    left.plot(x, surrogate(x), color="#0a4fb5")
    left.set_title("μ′(x)", fontsize=9)
    right.plot(scales, st.response(surrogate, scales), color="#a01020")
    right.set_title("M(x)", fontsize=9)
    for axes in (left, right):
        axes.axhline(0.0, color="#888888", linewidth=0.6)
        axes.tick_params(labelsize=7)
    with mpl.rc_context({"svg.hashsalt": name}):
        figure.savefig(file, format="svg", metadata={"Date": None})


def write(folder: Path) -> str:
    """The page; the plots beside it in ``gallery/``."""
    plots = folder / "gallery"
    plots.mkdir(parents=True, exist_ok=True)
    blocks = [HEAD.rstrip()]
    for name, (sound, why) in verdicts().items():
        file = re.sub(r"\W+", "-", name.replace("'", "-prime")) + ".svg"
        plot(name, plots / file)
        plain = re.sub(r"([\\`*_\[\]<>|])", r"\\\1", name)
        blocks.append(f"## {plain}\n\n**{sound}**: {why}\n\n![μ′ and M of {plain}](gallery/{file})")
    return "\n\n".join(blocks) + "\n"


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.write_text(write(target.parent), encoding="utf-8")
