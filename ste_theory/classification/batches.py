"""What the right class feels, estimated: masses, radial speeds and parts of the coarse gradient in full dimension."""

from dataclasses import dataclass

import numpy as np

from ste_theory.classification.activation import QuantizedReLU
from ste_theory.classification.data import Annulus, Population
from ste_theory.classification.network import hinge, outputs, preactivations
from ste_theory.classification.second_layer import SecondLayer
from ste_theory.classification.subspaces import Array, rotated
from ste_theory.model.surrogates import relu

DIMENSIONS, AMBIENT = (2, 2, 3), 7
BATCHES, PER_CLASS = 40, 4000
# The network is always the same one; only the samples depend on the seed of a run.
NETWORK_SEED = 20210102


@dataclass(frozen=True)
class Felt:
    """One neuron j of class i under ReLU, per batch: estimates of q = P_i(ℓ > 0, h_j > 0), U = ⟨ŵ_{j,i}, s⟩
    and G = ‖s‖ for s = π_i v_ij E_i[1{ℓ > 0} g′(h_j) x]; and the exact numbers K, π_i, v_ij, M."""

    mass: Array
    speed: Array
    part: Array
    slab: float
    share: float
    own: float
    outer: float


def right_class_batches(seed: int) -> tuple[Felt, ...]:
    """The first neuron of each of three classes in random orthogonal subspaces of R⁷, two neurons per class, b = 2."""
    spaces, density = rotated(DIMENSIONS, ambient=AMBIENT, seed=NETWORK_SEED), Annulus(0.5, 1.0)
    v = np.asarray(np.kron(np.eye(3), [[0.5, 0.75]]), dtype=np.float64)
    second, quantizer, surrogate = SecondLayer(v).checked(), QuantizedReLU(2), relu()
    w = np.random.default_rng(NETWORK_SEED).normal(scale=2.0, size=(6, AMBIENT))
    streams = np.random.SeedSequence(seed).generate_state(BATCHES)
    batches = [Population(spaces, density).sample(PER_CLASS, seed=int(stream)) for stream in streams]
    found = []
    for label, dimension in enumerate(DIMENSIONS):
        j, component = 2 * label, spaces.projected(label, w[2 * label])
        unit = component / np.linalg.norm(component)
        share, own = 1 / 3, float(v[label, j])
        masses, speeds, parts = [], [], []
        for data in batches:
            x = data.x[data.y == label]
            hidden = preactivations(w, x)
            losses = hinge(outputs(hidden, second, quantizer), np.full(len(x), label))
            active = (losses > 0) * surrogate(hidden[:, j])
            step = share * own * (active @ spaces.projected(label, x)) / len(x)
            masses.append(float(active.mean()))
            speeds.append(float(step @ unit))
            parts.append(float(np.linalg.norm(step)))
        mass, speed, part = (np.array(values) for values in (masses, speeds, parts))
        found.append(Felt(mass, speed, part, density.slab(dimension), share, own, density.outer))
    return tuple(found)
