"""The dependency graph of claims: what rests on what."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from ste_theory.claims.verdict import Verdict, weakest
from ste_theory.model.errors import InvalidInput, UnknownName

if TYPE_CHECKING:
    from ste_theory.claims.claim import Claim


def in_order(claims: "Mapping[str, Claim]", selected: Iterable[str]) -> tuple[str, ...]:
    """The selected claims and all they rest on, foundations first; ties in alphabetical order.

    Raises ``UnknownName`` for a selected id that no claim has, ``InvalidInput`` for a foundation that no file defines
    and for a cycle, naming the chain.
    """
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
        for foundation in sorted(claims[claim_id].rests_on):
            visit(foundation)
        path.pop()
        order.append(claim_id)

    for claim_id in sorted(selected):
        visit(claim_id)
    return tuple(order)


def effective_verdicts(claims: "Mapping[str, Claim]", verdicts: Mapping[str, Verdict]) -> dict[str, Verdict]:
    """The effective verdict of every claim that has a verdict; a foundation without one counts as NOT RUN."""
    result: dict[str, Verdict] = {}
    for claim_id in in_order(claims, verdicts):
        own = verdicts.get(claim_id, Verdict.NOT_RUN)
        result[claim_id] = weakest(own, (result[foundation] for foundation in claims[claim_id].rests_on))
    return {claim_id: result[claim_id] for claim_id in verdicts}


def weakest_foundation(claims: "Mapping[str, Claim]", verdicts: Mapping[str, Verdict], claim_id: str) -> str | None:
    """The deepest claim below ``claim_id`` (or itself) that its effective verdict comes from; ``None`` if it is
    CONFIRMED.

    Follows only what the verdict travelled along: a refuted foundation ends the search, whatever it rests on itself.
    """
    effective = effective_verdicts(
        claims, {name: verdicts.get(name, Verdict.NOT_RUN) for name in in_order(claims, [claim_id])}
    )
    target = effective[claim_id]
    if target is Verdict.CONFIRMED:
        return None
    current = claim_id
    while effective[current] is not Verdict.REFUTED:
        below = [
            name for name in sorted(claims[current].rests_on) if weakest(Verdict.CONFIRMED, [effective[name]]) is target
        ]
        if not below:
            break
        current = below[0]
    return current
