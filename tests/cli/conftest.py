"""The command line run in this process over hypothetical claims."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from ste_theory.claims import registry
from ste_theory.claims.claim import Claim
from ste_theory.cli.main import main
from tests.unit.claims.fakes import FakeWitness


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


Command = Callable[..., Ended]
Install = Callable[[Mapping[str, Claim], Sequence[FakeWitness]], None]


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Install:
    """Put claims and witnesses in place of ours."""

    def put(claims: Mapping[str, Claim], witnesses: Sequence[FakeWitness]) -> None:
        def available(corpus: Sequence[Path] = ()) -> Mapping[str, Claim]:
            return claims

        # Worker processes would read the real registry: on one core there are none.
        monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0}, raising=False)
        monkeypatch.setattr(registry, "claims", available)
        monkeypatch.setattr(registry, "witnesses", lambda: tuple(witnesses))

    return put


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    """``command("verify", "--level", "quick")``."""

    def run(*arguments: str) -> Ended:
        code = main(arguments)
        captured = capsys.readouterr()
        return Ended(code, captured.out, captured.err)

    return run
