"""``st.verify``: settle claims by their independent witnesses."""

from collections.abc import Callable, Sequence
from pathlib import Path

from ste_theory.claims import registry
from ste_theory.claims.report import Report
from ste_theory.claims.runner import run
from ste_theory.claims.verdict import Level
from ste_theory.model.errors import InvalidInput


def level_named(name: Level | str) -> Level:
    """The level of this name. Raises ``InvalidInput`` for another word."""
    try:
        return Level(name)
    except ValueError:
        raise InvalidInput(f"level must be one of {', '.join(Level)}, got {name!r}") from None


def verify(
    claims: str | Sequence[str] | None = None,
    level: Level | str = Level.STANDARD,
    seed: int | None = None,
    *,
    threads: int = 1,
    jobs: int = 1,
    corpus: Sequence[Path] = (),
    progress: Callable[[str], None] = lambda _: None,
) -> Report:
    """Run every witness over the claims whose id equals or starts with one of ``claims`` (all by default), and over all
    they rest on.

    Guarantee: all random comparisons of the run together raise a false alarm with probability at most 1e-6. The same
    seed, level and number of samples give the same figures for any number of ``threads`` (of
    one simulation) and ``jobs`` (processes; a script that asks for more than one needs an ``if __name__ ==
    "__main__"`` guard).
    Fails when: an id is unknown (``UnknownName``), level, seed or threads are invalid (``InvalidInput``). A wrong claim
    is a result.
    """
    for name, count in (("threads", threads), ("jobs", jobs)):
        if isinstance(count, bool) or not isinstance(count, int) or count < 1:
            raise InvalidInput(f"{name} must be a positive integer, got {count!r}")
    available = registry.claims(corpus)
    selected = registry.select(available, [claims] if isinstance(claims, str) else list(claims or ()))
    return run(
        available,
        registry.witnesses(),
        selected=selected,
        level=level_named(level),
        seed=seed,
        threads=threads,
        jobs=jobs,
        corpus=tuple(corpus),
        progress=progress,
    )
