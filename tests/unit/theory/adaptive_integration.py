"""Formulas without their meshes, so that they are integrated adaptively."""

import pytest

from ste_theory.theory import moments, overlaps
from ste_theory.theory.pieces import HalfPiece


def without_meshes(monkeypatch: pytest.MonkeyPatch) -> None:
    """For the rest of the test."""

    def none(_: HalfPiece) -> None:
        return None

    monkeypatch.setattr(moments, "mesh", none)
    monkeypatch.setattr(overlaps, "meshed", lambda *_: None)
