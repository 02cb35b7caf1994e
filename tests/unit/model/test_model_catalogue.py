"""Every entry of the catalogue, against its formula, in floats, in balls and as text."""

from fractions import Fraction

import numpy as np
import pytest
from flint import acb

import ste_theory as st
from ste_theory.model.catalogue.index import ENTRIES, NAMES
from ste_theory.model.errors import InvalidInput, UnknownName
from ste_theory.rigorous.balls import ball
from ste_theory.rigorous.formulas import evaluate

GRID = np.linspace(-12, 12, 2401)
POINTS = [Fraction(k, 7) for k in (-40, -17, -9, -5, -2, -1, 1, 2, 5, 9, 17, 40)]


def in_balls(surrogate: st.surrogates.Surrogate, x: Fraction) -> float:
    """μ′(x) by the formula of the piece that x is in."""
    for piece in surrogate.pieces:
        if (piece.lower is None or x > piece.lower) and (piece.upper is None or x < piece.upper):
            value = evaluate(piece.formula, acb(ball(x)), analytic=False)
            assert value.imag.contains(0)
            return float(value.real.mid())
    raise AssertionError(f"{x} is in no piece")


@pytest.mark.parametrize("name", NAMES)
def test_an_entry_is_finite_and_one_function_everywhere(name: str) -> None:
    """Would have caught a formula with a typing error, an overflow, or a piece that floats and balls read apart."""
    entry = ENTRIES[name]
    surrogate = st.surrogates.get(name)
    assert np.isfinite(surrogate(GRID)).all()
    floats = surrogate(np.array([float(x) for x in POINTS]))
    for x, value in zip(POINTS, floats, strict=True):
        if x not in surrogate.breakpoints:
            # Both ends round: a few units in the last place of the largest term (1 or the value).
            assert abs(in_balls(surrogate, x) - value) <= 1e-13 * max(1.0, abs(value))
    again = st.surrogates.parse(surrogate.text)
    assert (again.pieces, again.at_breakpoints) == (surrogate.pieces, surrogate.at_breakpoints)
    assert entry.source


@pytest.mark.parametrize("name", NAMES)
def test_notes_are_true(name: str) -> None:
    """Would have caught a note on sign, symmetry or side that the function does not bear out."""
    note, surrogate = ENTRIES[name].note, st.surrogates.get(name)
    inside = np.setdiff1d(GRID, [float(end) for end in surrogate.breakpoints])
    inside = inside[np.isin(-inside, inside)]
    values = surrogate(inside)
    assert ("takes negative values" in note or "odd" in note) == bool((values < 0).any())
    assert note.startswith("odd") == bool(np.allclose(values, -values[::-1], atol=1e-12) and values.any())
    if note.startswith("one-sided"):
        assert not values[inside < 0].any()


@pytest.mark.parametrize("name", [name for name in NAMES if ENTRIES[name].same_as])
def test_what_is_called_the_same_is_the_same(name: str) -> None:
    """Would have caught two libraries said to agree that do not."""
    other = ENTRIES[name].same_as
    assert other is not None
    assert ENTRIES[other].same_as is None
    one, two = st.surrogates.get(name), st.surrogates.get(other)
    np.testing.assert_allclose(one(GRID), two(GRID), rtol=1e-14, atol=1e-300)
    assert one.breakpoints == two.breakpoints or np.allclose(one(GRID), two(GRID), rtol=1e-14)
    assert {p.name for p in ENTRIES[name].parameters} == {p.name for p in ENTRIES[other].parameters}


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_can_be_set(name: str) -> None:
    """Would have caught a formula that does not contain a parameter, or a breakpoint fixed at the default."""
    for parameter in ENTRIES[name].parameters:
        value = Fraction(parameter.default) * Fraction(23, 29) + (0 if parameter.positive else Fraction(1, 31))
        changed = st.surrogates.get(name, **{parameter.name: value})
        assert dict(changed.parameters)[parameter.name] == value
        assert (changed.pieces, changed.at_breakpoints) != (
            st.surrogates.get(name).pieces,
            st.surrogates.get(name).at_breakpoints,
        )


def test_the_constructors_are_in_the_catalogue() -> None:
    """Would have caught a catalogue that disagrees with the surrogates the claims are about."""
    for made, name in (
        (st.surrogates.identity(), "yin2019.identity"),
        (st.surrogates.relu(), "yin2019.relu"),
        (st.surrogates.clipped_relu(), "yin2019.clipped_relu"),
    ):
        found = st.surrogates.get(name)
        assert (found.pieces, found.at_breakpoints) == (made.pieces, made.at_breakpoints)


def test_the_catalogue_is_large_and_sorted() -> None:
    """Would have caught a family that is not registered, or a name given twice."""
    assert len(NAMES) >= 60
    assert len({name.lower() for name in NAMES}) == len(NAMES)
    for library in ("larq", "snntorch", "norse", "spikingjelly", "brevitas", "qkeras", "lava", "sinabs", "brainpy"):
        assert any(name.startswith(library + ".") for name in NAMES)


def test_wrong_names_and_parameters_get_near_matches() -> None:
    """Would have caught a KeyError, or a message that leaves one guessing."""
    with pytest.raises(UnknownName, match=r"did you mean larq\.swish_sign"):
        st.surrogates.get("larq.swish_sig")
    with pytest.raises(UnknownName, match=r"larq\.swish_sign"):
        st.surrogates.get("swish_sign")
    with pytest.raises(InvalidInput, match="it has beta; did you mean beta"):
        st.surrogates.get("larq.swish_sign", bta=3)
    with pytest.raises(InvalidInput, match="beta must be positive"):
        st.surrogates.get("larq.swish_sign", beta=-1)
    assert st.surrogates.get("spikingjelly.atan").pieces == st.surrogates.get("spikingjelly.ATan").pieces


@pytest.mark.parametrize(
    "name", ["brainpy.log_tailed_relu", "spikingjelly.LogTailedReLU", "ste.identity", "larq.swish_sign"]
)
def test_values_do_not_depend_on_the_order_in_memory(name: str) -> None:
    """Would have caught: entries written into a copy of an array that is not in C's order."""
    surrogate, x = st.surrogates.get(name), np.linspace(-2, 4, 60).reshape(3, 4, 5)
    expected = surrogate(x)
    for view in (np.asfortranarray(x), x.transpose(2, 0, 1), x[:, ::-1], x[..., ::2]):
        assert np.array_equal(surrogate(view), surrogate(np.ascontiguousarray(view)))
    assert np.array_equal(surrogate(np.asfortranarray(x)), expected)
