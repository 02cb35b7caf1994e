"""The graph of claims in the language of Graphviz, and the picture made accessible.

One table per kind of mark gives the drawing and its legend: fill and letter are the evidence (``EVIDENCE``), the
colour of the border is the documented verdict, its style where the statement comes from (``ORIGINS``), and lines are
what rests on what (``LINES``).
"""

import html
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from ste_theory.claims.graph import Diagram, Node
from ste_theory.claims.origin import Origin
from ste_theory.claims.verdict import Verdict

TITLE = "Claims and what they rest on"
LEGEND = "legend"


@dataclass(frozen=True)
class Look:
    """How a verdict looks: a letter (colours alone are not seen by everyone), a light fill, a dark border."""

    letter: str
    fill: str
    border: str


EVIDENCE: Mapping[Verdict, Look] = {
    Verdict.CONFIRMED: Look("C", "#d3ecd3", "#1b7837"),
    Verdict.REFUTED: Look("R", "#cfdff2", "#2166ac"),
    Verdict.DISPUTED: Look("D", "#f6b8b0", "#b2182b"),
    Verdict.INCONCLUSIVE: Look("I", "#fdf0b3", "#8a6d00"),
    Verdict.NOT_RUN: Look("N", "#ffffff", "#555555"),
}


@dataclass(frozen=True)
class Border:
    """What the border of a statement says about its origin, and the attributes that draw it."""

    words: str
    style: str
    peripheries: int


ORIGINS: Mapping[Origin, Border] = {
    Origin.PUBLISHED: Border("published statement: solid border", "filled", 1),
    Origin.CORRECTED: Border("correction of a published statement: double border", "filled", 2),
    Origin.GENERAL: Border("statement of this project: dashed border", "filled,dashed", 1),
    Origin.RECONSTRUCTED: Border("reconstructed statement: dotted border", "filled,dotted", 1),
}


@dataclass(frozen=True)
class Line:
    """What an edge means, in the legend and in the title of each edge, and its attributes."""

    words: str
    verb: str
    attributes: str


PROOF = Line("solid line: the proof rests on", "the proof rests on", "style=solid")
STATEMENT = Line("dashed line: the statement uses", "the statement uses", "style=dashed")
CORRECTS = Line("dotted line, open arrow: corrects", "corrects", 'style=dotted, arrowhead=empty, label="corrects"')
LINES = (PROOF, STATEMENT, CORRECTS)


def dot(drawn: Diagram) -> str:
    """The graph in Graphviz's language; foundations at the bottom, the legend beside them. The same text every time."""
    lines = [
        f"digraph {_quoted(TITLE)} {{",
        '  graph [rankdir=TB, ranksep=0.6, nodesep=0.3, fontname="Helvetica"];',
        '  node [shape=box, fontname="Helvetica", fontsize=11, fontcolor="#000000", penwidth=2, margin="0.12,0.06"];',
        '  edge [fontname="Helvetica", fontsize=9, color="#333333"];',
    ]
    lines += [_node(node) for node in drawn.nodes]
    for edges, line in ((drawn.proof, PROOF), (drawn.statement, STATEMENT), (drawn.corrections, CORRECTS)):
        lines += [f"  {_quoted(above)} -> {_quoted(below)} [{line.attributes}];" for above, below in edges]
    return "\n".join([*lines, _legend(), "}"]) + "\n"


def accessible(svg: str, drawn: Diagram) -> str:
    """Graphviz's picture with a title of its own and one in words for every node and edge, which screen readers read
    and browsers show under the pointer.

    What Graphviz writes beside the picture (its version) is left out, so that equal pictures are equal files.
    """
    space = "http://www.w3.org/2000/svg"
    ElementTree.register_namespace("", space)
    ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    root = ElementTree.fromstring(svg)
    titles = {LEGEND: "Legend", TITLE: TITLE, **{node.id: described(node) for node in drawn.nodes}}
    for edges, line in ((drawn.proof, PROOF), (drawn.statement, STATEMENT), (drawn.corrections, CORRECTS)):
        titles.update({f"{above}->{below}": f"{above}: {line.verb} {below}" for above, below in edges})
    for title in root.iter(f"{{{space}}}title"):
        title.text = titles.get(title.text or "", title.text)
    heading = ElementTree.Element(f"{{{space}}}title", {"id": "title"})
    heading.text = TITLE
    root.insert(0, heading)
    root.set("aria-labelledby", "title")
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def _verdict(node: Node) -> Verdict:
    return node.verdict or Verdict.NOT_RUN


def _node(node: Node) -> str:
    look, border = EVIDENCE[_verdict(node)], ORIGINS[node.origin]
    label = f"{look.letter}  {node.id}\n{node.source}"
    attributes = {
        "id": node.id,
        "label": label,
        "tooltip": described(node),
        "fillcolor": look.fill,
        "color": EVIDENCE[node.expected].border,
        "style": border.style,
        "peripheries": str(border.peripheries),
    }
    return f"  {_quoted(node.id)} [{', '.join(f'{key}={_quoted(value)}' for key, value in attributes.items())}];"


def described(node: Node) -> str:
    """A claim in words, for a screen reader or under the pointer."""
    corrects = f", corrects {node.corrects}" if node.corrects else ""
    return f"{node.id}: {node.title} ({node.source}{corrects}). {_verdict(node)}, documented {node.expected}"


def _legend() -> str:
    """A table of every mark, from the tables that draw them."""
    rows = ['<TR><TD COLSPAN="2"><B>Evidence (fill and letter), documented verdict (border)</B></TD></TR>']
    for verdict, look in EVIDENCE.items():
        rows.append(
            f'<TR><TD BGCOLOR="{look.fill}" COLOR="{look.border}" BORDER="2">{look.letter}</TD>'
            f'<TD ALIGN="LEFT">{html.escape(str(verdict).lower())}</TD></TR>'
        )
    marks = [mark.words for mark in ORIGINS.values()] + [mark.words for mark in LINES]
    rows += [f'<TR><TD COLSPAN="2" ALIGN="LEFT">{html.escape(words)}</TD></TR>' for words in marks]
    table = "".join(rows)
    return f'  "{LEGEND}" [shape=plain, id="{LEGEND}", label=<<TABLE BORDER="1" CELLBORDER="0">{table}</TABLE>>];'


def _quoted(text: str) -> str:
    r"""A string of the language: quotes and backslashes escaped, line breaks as \n.

    >>> _quoted('a "b"\nc')
    '"a \\"b\\"\\nc"'
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
