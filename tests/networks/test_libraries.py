"""Every surrogate of snntorch, norse, spikingjelly and brevitas that runs on a vector, against the library itself."""

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import ste_theory as st
from ste_theory.model.catalogue.index import ENTRIES
from ste_theory.networks.backward import backward_of
from ste_theory.networks.reading import read

pytestmark = [pytest.mark.torch, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

Array = npt.NDArray[np.float64]
Library = Callable[[str], Any]
JELLY = "spikingjelly.activation_based.surrogate"
NORSE = "norse.torch.functional.threshold"
STE = "brevitas.function.ops_ste"
BINARY, TERNARY, SCALING = "brevitas.core.quant.binary", "brevitas.core.quant.ternary", "brevitas.core.scaling"


def _with(function: Callable[..., Any], *arguments: Any) -> Callable[[Any], Any]:
    return lambda x: function(x, *arguments)


def _scale(library: Library, value: float) -> Any:
    return library(SCALING).ConstScaling(value)


# Name of the test, how to get the code, the entry, its parameters.
Case = tuple[str, Callable[[Library], Any], str, dict[str, Fraction]]


def _snntorch(name: str, entry: str, *arguments: float, **parameters: Fraction) -> Case:
    return (
        f"snntorch.{name}{arguments}",
        lambda lib: getattr(lib("snntorch.surrogate"), name)(*arguments),
        entry,
        parameters,
    )


def _norse(name: str, entry: str, *arguments: float, **parameters: Fraction) -> Case:
    return (f"norse.{name}{arguments}", lambda lib: _with(getattr(lib(NORSE), name), *arguments), entry, parameters)


def _jelly(name: str, entry: str, *arguments: float, **parameters: Fraction) -> Case:
    return (f"spikingjelly.{name}{arguments}", lambda lib: getattr(lib(JELLY), name)(*arguments), entry, parameters)


def _brevitas(name: str, entry: str = "ste.identity", *arguments: float) -> Case:
    return (f"brevitas.{name}", lambda lib: _with(getattr(lib(STE), name), *arguments), entry, {})


F = Fraction
CASES: tuple[Case, ...] = (
    _snntorch("straight_through_estimator", "ste.identity"),
    _snntorch("triangular", "snntorch.triangular"),
    _snntorch("triangular", "snntorch.triangular", 2, threshold=F(2)),
    _snntorch("fast_sigmoid", "snntorch.fast_sigmoid"),
    _snntorch("fast_sigmoid", "snntorch.fast_sigmoid", 10, slope=F(10)),
    _snntorch("atan", "snntorch.atan"),
    _snntorch("atan", "snntorch.atan", 3, alpha=F(3)),
    _snntorch("heaviside", "snntorch.heaviside"),
    _snntorch("sigmoid", "snntorch.sigmoid"),
    _snntorch("spike_rate_escape", "snntorch.spike_rate_escape"),
    _snntorch("SFS", "snntorch.sfs"),
    _norse("superspike_fn", "norse.superspike", 100.0),
    _norse("heavi_tanh_fn", "norse.heavi_tanh", 2.0, k=F(2)),
    _norse("logistic_fn", "norse.heavi_tanh", 2.0, k=F(2)),
    _norse("heavi_circ_fn", "norse.heavi_circ", 0.5, alpha=F(1, 2)),
    _norse("circ_dist_fn", "norse.heavi_circ", 0.5, alpha=F(1, 2)),
    _norse("triangle_fn", "norse.triangle"),
    _jelly("PiecewiseQuadratic", "spikingjelly.PiecewiseQuadratic"),
    _jelly("PiecewiseQuadratic", "spikingjelly.PiecewiseQuadratic", 3.0, alpha=F(3)),
    _jelly("PiecewiseExp", "spikingjelly.PiecewiseExp"),
    _jelly("Sigmoid", "spikingjelly.Sigmoid"),
    _jelly("SoftSign", "spikingjelly.SoftSign"),
    _jelly("SuperSpike", "spikingjelly.SuperSpike"),
    _jelly("ATan", "spikingjelly.ATan"),
    _jelly("NonzeroSignLogAbs", "spikingjelly.NonzeroSignLogAbs"),
    _jelly("Erf", "spikingjelly.Erf"),
    _jelly("PiecewiseLeakyReLU", "spikingjelly.PiecewiseLeakyReLU"),
    _jelly("SquarewaveFourierSeries", "spikingjelly.SquarewaveFourierSeries"),
    _jelly("S2NN", "spikingjelly.S2NN"),
    _jelly("QPseudoSpike", "spikingjelly.QPseudoSpike"),
    _jelly("QPseudoSpike", "spikingjelly.QPseudoSpike", 3.0, alpha=F(3)),
    _jelly("LeakyKReLU", "spikingjelly.LeakyKReLU"),
    _jelly("FakeNumericalGradient", "spikingjelly.FakeNumericalGradient"),
    _jelly("LogTailedReLU", "spikingjelly.LogTailedReLU"),
    _jelly("DeterministicPass", "ste.identity"),
    _jelly("Rect", "spikingjelly.Rect"),
    _jelly("MultiLevelSpikeCount", "spikingjelly.MultiLevelSpikeCount", 3, max_spike_count=F(3)),
    *(
        _brevitas(name)
        for name in (
            "round_ste", "ceil_ste", "floor_ste", "binary_sign_ste", "ternary_sign_ste", "round_to_zero_ste",
            "dpu_round_ste",
        )
    ),
    _brevitas("scalar_clamp_ste", "ste.identity", -1.0, 1.0),
    _brevitas("scalar_clamp_min_ste", "ste.identity", -1.0),
    _brevitas("abs_binary_sign_grad", "brevitas.abs_binary_sign_grad"),
    (
        "brevitas.BinaryQuant",
        lambda lib: lib(BINARY).BinaryQuant(_scale(lib, 0.5)),
        "brevitas.binary",
        {"scale": F(1, 2)},
    ),
    (
        "brevitas.ClampedBinaryQuant",
        lambda lib: lib(BINARY).ClampedBinaryQuant(_scale(lib, 1.5)),
        "brevitas.clamped_binary",
        {"scale": F(3, 2)},
    ),
    (
        "brevitas.TernaryQuant",
        lambda lib: lib(TERNARY).TernaryQuant(_scale(lib, 2.0), 0.5),
        "brevitas.ternary",
        {"scale": F(2), "threshold": F(1, 2)},
    ),
)  # fmt: skip
each_case = pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])


@each_case
def test_the_code_is_recognised(case: Case, library: Library) -> None:
    """Would have caught a formula of the table that is not what the library runs, a parameter or an end misread."""
    _, code, name, parameters = case
    reading = read(code(library))
    documented = ENTRIES[name].surrogate(**parameters)
    assert reading.surrogate is not None, reading.reason
    found = {match.entry.name: match for match in reading.matches}
    assert name in found, str(reading)
    match = found[name]
    assert match.exact
    assert match.at_breakpoints == ()
    defaults = {parameter.name: F(parameter.default) for parameter in ENTRIES[name].parameters}
    assert dict(match.parameters) == defaults | parameters
    assert [point.place for point in reading.breakpoints] == list(documented.breakpoints)
    assert reading.surrogate.at_breakpoints == documented.at_breakpoints


def _integrated(code: Any, cuts: tuple[Fraction, ...], scale: float, reach: float) -> tuple[float, float]:
    """∫ φ(t) μ′(scale·t) dt and ∫ φ|μ′| over |x| < reach by 24 Gauss–Legendre nodes on panels, the code run at them."""
    nodes, weights = np.polynomial.legendre.leggauss(24)
    near = 2.0 ** np.arange(-12, 9, 0.5)
    centres = np.array([0.0, *map(float, cuts)])
    edges = np.concatenate(
        [(centres[:, None] + np.concatenate([-near, [0.0], near])).ravel(), scale * np.linspace(-20, 20, 81)]
    )
    edges = np.unique(edges[np.abs(edges) <= reach])
    half = np.diff(edges)[:, None] / 2
    x = edges[:-1, None] + half * (1 + nodes)
    mass = half * weights * np.exp(-((x / scale) ** 2) / 2) / (scale * math.sqrt(2 * math.pi))
    slopes = backward_of(code)(x)
    return float(np.sum(mass * slopes)), float(np.sum(mass * np.abs(slopes)))


@each_case
@pytest.mark.parametrize("scale", [0.1, 1.0, 10.0])
def test_the_response_of_the_entry_is_what_the_library_integrates_to(
    case: Case, scale: float, library: Library
) -> None:
    """Would have caught a wrong constant, window or parameter: M(x) of the formula against the library's own backward.

    Tolerance: both sides sum values that are right to a few float64 roundings, and ``response`` promises 1e-13; 1e-12
    of E|μ′| covers them and is below every difference between two entries. Beyond 20 standard deviations the normal
    has no mass next to that beyond the farthest breakpoint, at 10.
    """
    _, code, name, parameters = case
    # Beyond 28, where snntorch's sigmoid is not a number (test_overflow), its formula is below 1e-300.
    reach = min(20 * scale, 28.0) if name == "snntorch.sigmoid" else 20 * scale
    surrogate = ENTRIES[name].surrogate(**parameters)
    value, size = _integrated(code(library), surrogate.breakpoints, scale, reach)
    assert abs(float(st.response(surrogate, scale)) - value) <= 1e-12 * size


def test_the_catalogue_is_covered() -> None:
    """Would have caught an entry of one of these libraries that no test runs; what is left out says why."""
    libraries = ("snntorch", "norse", "spikingjelly", "brevitas")
    entries = {name for name, entry in ENTRIES.items() if name.partition(".")[0] in libraries and entry.same_as is None}
    untested = {
        "norse.heavi_erfc",  # not exact: test_a_constant_in_float32
        "norse.super",  # as documented, which the code is not: norse.superspike is the code
        "snntorch.lso",  # as documented; the code fails: test_what_cannot_be_read_is_refused
        "spikingjelly.SquarewaveFourierSeries4",  # test_an_entry_that_no_piece_describes
    }
    assert entries - {case[2] for case in CASES} == untested


def test_an_entry_that_no_piece_describes(library: Library) -> None:
    """Would have caught a sum of cosines refused although the catalogue has it."""
    reading = read(library(JELLY).SquarewaveFourierSeries(n=4))
    assert reading.entry is not None
    assert reading.entry.entry.name == "spikingjelly.SquarewaveFourierSeries4"
    assert reading.surrogate is not None


def test_every_surrogate_of_the_libraries_is_tested(library: Library) -> None:
    """Would have caught a function that a new release adds, or one that this table forgot."""
    snn = library("snntorch.surrogate")
    functions = {name for name, value in vars(snn).items() if callable(value) and not isinstance(value, type)}
    assert {f"snntorch.{name}" for name in functions - {"custom_surrogate", "LSO", "SSO"}} == {
        case[0].partition("(")[0] for case in CASES if case[0].startswith("snntorch")
    }
    jelly = library(JELLY)
    classes = {
        name
        for name, value in vars(jelly).items()
        if isinstance(value, type)
        and issubclass(value, jelly.SurrogateFunctionBase)
        and value is not jelly.SurrogateFunctionBase
    }
    assert {f"spikingjelly.{name}" for name in classes - {"PoissonPass"}} == {
        case[0].partition("(")[0] for case in CASES if case[0].startswith("spikingjelly")
    }


def test_overflow(library: Library) -> None:
    """Would have caught a reading that calls snntorch's sigmoid clean: slope·exp(−slope·x) overflows to inf/inf."""
    code = library("snntorch.surrogate").sigmoid()
    reading = read(code)
    assert [text.partition(":")[0] for text in reading.non_finite] == ["float64", "float32"]
    limit = -(math.log(np.finfo(np.float32).max) - math.log(25)) / 25
    reported = float(reading.non_finite[1].rpartition("≤")[2])
    assert reported == pytest.approx(limit, abs=1e-5)
    slopes = backward_of(code, "float32")(np.array([limit - 1e-3, limit + 1e-3]))
    assert np.isnan(slopes[0])
    assert np.isfinite(slopes[1])


def test_a_constant_in_float32(library: Library) -> None:
    """Would have caught a match that is called exact although norse's √π is rounded to float32."""
    code = _with(library(NORSE).heavi_erfc_fn, 2.0)
    reading = read(code)
    assert reading.entry is None
    assert "up to" in " ".join(reading.differences)
    match = next(match for match in reading.matches if match.entry.name == "norse.heavi_erfc")
    assert match.parameters == (("k", F(2)),)
    root = float(np.float32(math.sqrt(math.pi)))
    assert match.error == pytest.approx(abs(math.sqrt(math.pi) / root - 1), rel=1e-3)
    # What was read is the code, not the formula it is near.
    assert reading.surrogate is not None
    assert float(reading.surrogate(np.zeros(1))[0]) == pytest.approx(2 / root, rel=1e-14)


@pytest.mark.parametrize(
    ("name", "words"), [("SSO", "has a random backward pass"), ("LSO", "fails on a vector: TypeError")]
)
def test_what_cannot_be_read_is_refused(name: str, words: str, library: Library) -> None:
    """Would have caught one draw of a random derivative passed off as a surrogate."""
    with pytest.raises(st.InvalidInput, match=words):
        read(getattr(library("snntorch.surrogate"), name)())


def test_documentation_and_code_of_snntorch_atan_differ(library: Library) -> None:
    """Would have caught a reading that repeats the documentation: 1/π at 0 where the code has alpha/2."""
    reading = read(library("snntorch.surrogate").atan())
    assert ENTRIES["snntorch.atan"].note in reading.differences
    assert reading.surrogate is not None
    assert float(reading.surrogate(np.zeros(1))[0]) == 1.0
