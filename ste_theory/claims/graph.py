"""The graph of claims. Two kinds of edges, kept apart:

*proof edges* (``Claim.proof_uses``): what a proof rests on. Verdicts travel along these and no others, and a run
examines whatever can be reached along them.

*statement edges* (``Claim.statement_uses``): whose statement is needed to read this one. They are for the reader and
for the order; a claim whose words use a refuted statement may well be true, so no doubt travels along them.

Together they must have no circle.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ste_theory.claims.origin import Origin, origin
from ste_theory.claims.verdict import Verdict, doubt, weakest
from ste_theory.model.errors import InvalidInput, UnknownName

if TYPE_CHECKING:
    from ste_theory.claims.claim import Claim
    from ste_theory.claims.report import Report


def in_order(claims: "Mapping[str, Claim]", selected: Iterable[str]) -> tuple[str, ...]:
    """The selected claims and all their proofs rest on; what a claim uses, in either way, comes before it.

    Ties in alphabetical order. Raises ``UnknownName`` for a selected id that no claim has, ``InvalidInput`` for a
    foundation that no file defines and for a circle, naming the chain.
    """
    wanted = sorted(selected)
    order = _ordered(claims, wanted)
    needed = set(wanted)
    for claim_id in reversed(order):  # a claim comes before its foundations
        if claim_id in needed:
            needed.update(claims[claim_id].proof_uses)
    return tuple(claim_id for claim_id in order if claim_id in needed)


def _ordered(claims: "Mapping[str, Claim]", wanted: Iterable[str]) -> list[str]:
    """All that can be reached along edges of both kinds, foundations first."""
    order: list[str] = []
    path: list[str] = []

    def visit(claim_id: str) -> None:
        if claim_id in order:
            return
        if claim_id in path:
            raise InvalidInput(
                f"claims rest on each other in a circle: {' → '.join([*path[path.index(claim_id) :], claim_id])}"
            )
        if claim_id not in claims:
            if not path:
                raise UnknownName(f"no claim {claim_id!r}; `ste-theory claims` lists them")
            raise InvalidInput(f"{path[-1]} rests on {claim_id}, which no file defines")
        path.append(claim_id)
        claim = claims[claim_id]
        for foundation in sorted({*claim.proof_uses, *claim.statement_uses}):
            visit(foundation)
        path.pop()
        order.append(claim_id)

    for claim_id in wanted:
        visit(claim_id)
    return order


def effective_verdicts(claims: "Mapping[str, Claim]", verdicts: Mapping[str, Verdict]) -> dict[str, Verdict]:
    """The effective verdict of every claim that has a verdict; a foundation without one counts as NOT RUN."""
    result: dict[str, Verdict] = {}
    for claim_id in in_order(claims, verdicts):
        own = verdicts.get(claim_id, Verdict.NOT_RUN)
        result[claim_id] = weakest(own, (result[foundation] for foundation in claims[claim_id].proof_uses))
    return {claim_id: result[claim_id] for claim_id in verdicts}


def weakest_foundation(claims: "Mapping[str, Claim]", verdicts: Mapping[str, Verdict], claim_id: str) -> str | None:
    """The deepest claim below ``claim_id`` (or itself) that its effective verdict comes from; ``None`` if it is
    CONFIRMED.

    Follows only what the verdict travelled along: a refuted foundation ends the search, whatever it rests on itself.
    """
    effective = effective_verdicts(
        claims, {name: verdicts.get(name, Verdict.NOT_RUN) for name in in_order(claims, [claim_id])}
    )
    if effective[claim_id] is Verdict.CONFIRMED:
        return None
    current = claim_id
    while effective[current] is not Verdict.REFUTED:
        below = sorted(claims[current].proof_uses)
        worst = max((doubt(effective[name]) for name in below), default=0)
        # A refutation is weakened by any doubt below; everything else only by one at least as grave as its own.
        grave = worst > 0 if verdicts.get(current) is Verdict.REFUTED else worst >= doubt(effective[current])
        if not grave:
            break
        current = next(name for name in below if doubt(effective[name]) == worst)
    return current


@dataclass(frozen=True)
class Node:
    """A claim in a picture of the graph; ``verdict`` is the effective one, ``None`` where no report gives one."""

    id: str
    title: str
    source: str
    expected: Verdict
    origin: Origin
    corrects: str | None
    verdict: Verdict | None


@dataclass(frozen=True)
class Diagram:
    """Part of the graph, in alphabetical order. Edges lead from a claim to what it uses."""

    nodes: tuple[Node, ...]
    proof: tuple[tuple[str, str], ...]
    statement: tuple[tuple[str, str], ...]

    @property
    def corrections(self) -> tuple[tuple[str, str], ...]:
        """(correction, published statement) for every pair that is in the picture."""
        shown = {node.id for node in self.nodes}
        return tuple((node.id, node.corrects) for node in self.nodes if node.corrects in shown and node.corrects)


def corrections(claims: "Mapping[str, Claim]", of: "Iterable[Claim]") -> tuple[str, ...]:
    """The claims that correct these. Of statements that hold there are none, and no file is opened for them."""
    wrong = {claim.id for claim in of if claim.expected is Verdict.REFUTED}
    return tuple(claim.id for claim in claims.values() if claim.corrects in wrong) if wrong else ()


def diagram(
    claims: "Mapping[str, Claim]", selected: Iterable[str], verdicts: Mapping[str, Verdict] | None = None
) -> Diagram:
    """The selected claims, their corrections and what they correct, and all that these use in either way."""
    chosen = set(selected)
    chosen |= {*corrections(claims, [claims[name] for name in chosen if name in claims])}
    corrected = [claims[name].corrects for name in chosen if name in claims]
    chosen |= {name for name in corrected if name is not None and name in claims}
    shown = sorted(_ordered(claims, sorted(chosen)))
    nodes = tuple(_node(claims[name], (verdicts or {}).get(name)) for name in shown)
    proof = tuple((name, used) for name in shown for used in sorted(set(claims[name].proof_uses)))
    statement = tuple((name, used) for name in shown for used in sorted(set(claims[name].statement_uses)))
    return Diagram(nodes, proof, statement)


def essential(edges: Iterable[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """The edges that no way over other edges implies: what a picture needs to show what rests on what.

    >>> sorted(essential([("a", "b"), ("b", "c"), ("a", "c")]))
    [('a', 'b'), ('b', 'c')]
    """
    below: dict[str, set[str]] = {}
    for above, under in edges:
        below.setdefault(above, set()).add(under)

    def reached(start: str) -> set[str]:
        found = set(below.get(start, ()))
        waiting = list(found)
        while waiting:
            new = below.get(waiting.pop(), set()) - found
            found |= new
            waiting += new
        return found

    return frozenset(
        (above, under)
        for above, unders in below.items()
        for under in unders
        if not any(under in reached(other) for other in unders - {under})
    )


def reported(report: "Report") -> Diagram:
    """The claims of a report with their effective verdicts, and the edges between them."""
    claims = {claim.id: claim for claim in report.claims}
    nodes = tuple(
        Node(claim.id, claim.title, claim.source, claim.expected, claim.origin, claim.corrects, claim.effective_verdict)
        for claim in sorted(claims.values(), key=lambda claim: claim.id)
    )
    proof = tuple((n.id, used) for n in nodes for used in sorted({*claims[n.id].rests_on}) if used in claims)
    statement = tuple((n.id, used) for n in nodes for used in sorted({*claims[n.id].statement_uses}) if used in claims)
    return Diagram(nodes, proof, statement)


def _node(claim: "Claim", verdict: Verdict | None) -> Node:
    return Node(
        claim.id,
        claim.title,
        str(claim.source),
        claim.expected,
        origin(claim),
        claim.corrects,
        verdict,
    )
