"""Prose in the report, with its formulas in MathML."""

from ste_theory.render.report.mathematics import prose


def test_a_definition_has_one_sign() -> None:
    """Would have caught: ":" at the end of one part of a long formula and "=" at the beginning of the next."""
    found = str(prose("∂f/∂v = 0 iff v = v_θ := B⁻¹((1 − 2θ/π)I + 11ᵀ)v*"))
    assert ">:=</mo>" in found
    assert "<mo>:</mo>" not in found
