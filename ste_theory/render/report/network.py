"""The picture of what rests on what, as SVG: every claim is a link to its page.

Fill and letter are the evidence, border colour the documented verdict, border style the origin, as in ``render.graph``,
from whose tables drawing and legend are made.
"""

from ste_theory.claims.graph import Diagram, Node, essential
from ste_theory.claims.origin import Origin
from ste_theory.claims.verdict import Verdict
from ste_theory.render.graph import EVIDENCE, ORIGINS, PROOF, STATEMENT, Line, described
from ste_theory.render.markup import Html, joined, tag
from ste_theory.render.report.layout import NODE_HEIGHT, NODE_WIDTH, placed

# Letters beside a box's own.
_SOURCE = 38
_DASHES = {Origin.GENERAL: "7 4", Origin.RECONSTRUCTED: "2 3"}
_STROKES = {PROOF: None, STATEMENT: "6 4"}


def network(drawn: Diagram) -> Html:
    """The picture and its legend."""
    groups = ((drawn.proof, PROOF), (drawn.statement, STATEMENT))
    # Of two lines between the same claims the stronger one is drawn.
    kinds = {edge: line for edges, line in reversed(groups) for edge in edges}
    kept = essential(kinds)
    kinds = {edge: line for edge, line in kinds.items() if edge in kept}
    where = placed([node.id for node in drawn.nodes], sorted(kinds))
    lines = [_edge(edge, where.edges[edge], kinds[edge]) for edge in sorted(kinds)]
    boxes = [_box(node, *where.nodes[node.id]) for node in drawn.nodes]
    picture = tag(
        "svg",
        _arrow(),
        lines,
        boxes,
        viewBox=f"0 0 {where.width:.0f} {where.height:.0f}",
        width=f"{where.width:.0f}",
        height=f"{where.height:.0f}",
        role="group",
        aria_label="What rests on what; every claim is a link, its page says the same in words",
    )
    return joined(
        tag("div", picture, id="network", class_="scroll network", tabindex="0", role="region", aria_label="Graph"),
        legend(),
    )


def legend() -> Html:
    """Every mark, from the tables that draw them."""
    looks = [tag("li", verdict_badge(verdict, letter_only=True), " ", str(verdict).lower()) for verdict in EVIDENCE]
    borders = [
        tag(
            "li",
            _sample(_borders(origin)),
            " ",
            look.words,
        )
        for origin, look in ORIGINS.items()
    ]
    # The same colours as fill and letter, on the border: it differs where a verdict is not the documented one.
    documented = [
        tag(
            "li",
            _sample(tag("rect", x="1", y="1", width="26", height="16", rx="2", class_=f"node inner b-{look.letter}")),
            f" documented as {str(verdict).lower()}",
        )
        for verdict, look in EVIDENCE.items()
    ]
    lines = [
        tag("li", _sample(tag("path", d="M2 9 H26", class_="edge", stroke_dasharray=_STROKES[line])), " ", line.words)
        for line in _STROKES
    ]
    return tag(
        "div",
        tag("ul", looks, aria_label="Fill and letter: evidence"),
        tag("ul", documented, aria_label="Border colour: documented verdict"),
        tag("ul", borders, aria_label="Border: origin"),
        tag("ul", lines, aria_label="Lines"),
        class_="legend",
    )


def verdict_badge(verdict: Verdict, *, letter_only: bool = False) -> Html:
    """A verdict in its colours, always with its letter or its word."""
    look = EVIDENCE[verdict]
    word = look.letter if letter_only else str(verdict)
    return tag("span", word, class_=f"badge v-{look.letter}")


def _borders(origin: Origin) -> Html:
    dashes = {"stroke_dasharray": _DASHES[origin]} if origin in _DASHES else {}
    outer = tag("rect", x="1", y="1", width="26", height="16", rx="2", class_="sample", **dashes)
    inner = tag("rect", x="5", y="5", width="18", height="8", rx="1", class_="sample")
    return joined(outer, inner) if origin is Origin.CORRECTED else outer


def _short(source: str) -> str:
    """As much as the box holds."""
    return source if len(source) <= _SOURCE else f"{source[: _SOURCE - 1].rstrip()}…"


def _sample(inside: Html) -> Html:
    return tag("svg", inside, viewBox="0 0 28 18", width="28", height="18", aria_hidden="true")


def _arrow() -> Html:
    head = tag("path", d="M0 0 L8 4 L0 8 z", class_="head")
    marker = tag(
        "marker",
        head,
        id="arrow",
        viewBox="0 0 8 8",
        refX="8",
        refY="4",
        markerWidth="7",
        markerHeight="7",
        markerUnits="userSpaceOnUse",
        orient="auto",
    )
    return tag("defs", marker)


def _edge(edge: tuple[str, str], points: tuple[tuple[float, float], ...], line: Line) -> Html:
    above, below = edge
    (x, y), path = points[0], []
    for to_x, to_y in points[1:]:
        bend = (x + to_x) / 2
        path.append(f"C{bend:.0f} {y:.0f} {bend:.0f} {to_y:.0f} {to_x:.0f} {to_y:.0f}")
        x, y = to_x, to_y
    return tag(
        "path",
        tag("title", f"{above}: {line.verb} {below}"),
        d=f"M{points[0][0]:.0f} {points[0][1]:.0f} {' '.join(path)}",
        class_="edge",
        stroke_dasharray=_STROKES[line],
        marker_end="url(#arrow)",
        data_above=above,
        data_below=below,
    )


def _box(node: Node, x: float, y: float) -> Html:
    verdict = node.verdict or Verdict.NOT_RUN
    look = EVIDENCE[verdict]
    attributes = {"x": f"{x:.1f}", "y": f"{y:.1f}", "width": f"{NODE_WIDTH:g}", "height": f"{NODE_HEIGHT:g}", "rx": "4"}
    inner = None
    if node.origin is Origin.CORRECTED:  # a double border
        inner = tag(
            "rect",
            x=f"{x + 3:.1f}",
            y=f"{y + 3:.1f}",
            width=f"{NODE_WIDTH - 6:g}",
            height=f"{NODE_HEIGHT - 6:g}",
            rx="2",
            class_=f"node inner b-{EVIDENCE[node.expected].letter}",
        )
    dashes = {"stroke_dasharray": _DASHES[node.origin]} if node.origin in _DASHES else {}
    return tag(
        "a",
        tag("title", described(node)),
        tag("rect", class_=f"node f-{look.letter} b-{EVIDENCE[node.expected].letter}", **attributes, **dashes),
        inner,
        tag("text", look.letter, x=f"{x + 12:.1f}", y=f"{y + 25:.1f}", class_="letter"),
        tag("text", node.id, x=f"{x + 32:.1f}", y=f"{y + 17:.1f}", class_="name"),
        tag(
            "text",
            _short(f"corrects {node.corrects}" if node.corrects else node.source),
            x=f"{x + 32:.1f}",
            y=f"{y + 32:.1f}",
            class_="source",
        ),
        href=f"#{node.id}",
        data_claim=node.id,
    )
