"""A picture of all ratios: one panel per benchmark, one bar per row, logarithmic, with the range over the rounds."""

from pathlib import Path

from measurement.baseline import Stored


def draw(results: Stored, path: Path) -> None:
    """The picture, as SVG or PNG by the ending of ``path``, where anybody is compared; needs Matplotlib."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    panels = {}
    for name, one in results.benchmarks.items():
        rows = [row for row in one.rows if row.ratios is not None and not row.reference]
        if rows:
            panels[name] = rows
    if not panels:
        return
    heights = [len(rows) + 1.5 for rows in panels.values()]
    figure, axes = pyplot.subplots(
        len(panels),
        1,
        figsize=(9, 0.19 * sum(heights) + 0.6 * len(panels)),
        squeeze=False,
        sharex=True,
        gridspec_kw={"height_ratios": heights},
        layout="constrained",
    )
    for axis, (name, rows) in zip(axes[:, 0], panels.items(), strict=True):
        for place, row in enumerate(rows):
            found = row.ratios
            assert found is not None
            axis.plot([found.low, found.high], [place, place], color="0.6", linewidth=3, solid_capstyle="butt")
            axis.plot(found.median, place, "o", color="#0b5394" if found.median >= 1 else "#b45f06", markersize=4)
        axis.axvline(1, color="0.3", linewidth=0.8)
        axis.set_xscale("log")
        axis.set_yticks(range(len(rows)), [f"{row.case}: {row.contestant}" for row in rows], fontsize=6)
        axis.set_ylim(len(rows) - 0.5, -0.5)
        axis.tick_params(axis="x", labelsize=7)
        axis.set_title(f"{name}: times ours (above 1 this package is ahead)", fontsize=8, loc="left")
    path.parent.mkdir(parents=True, exist_ok=True)
    # No date and fixed ids: the same results give the same file.
    with matplotlib.rc_context({"svg.hashsalt": "ste_theory", "svg.fonttype": "none"}):
        figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)
    pyplot.close(figure)
