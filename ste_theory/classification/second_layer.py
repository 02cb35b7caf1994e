"""The fixed second layer V = (v_ij), class i and neuron j, and what is assumed of it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ste_theory.classification.subspaces import Array
from ste_theory.model.errors import InvalidInput


@dataclass(frozen=True, eq=False)
class SecondLayer:
    """V (n, k): the output of class i is o_i = Σ_j v_ij σ(⟨w_j, x⟩).

    Any finite matrix with at least two classes; ``checked`` refuses one that violates an assumption.

    >>> SecondLayer([[1, 0], [0, 0.5]]).violations
    ("assumption 'v_ij < 1' fails: v_1,1 = 1",)
    """

    matrix: Array

    def __post_init__(self) -> None:
        matrix = np.array(self.matrix, dtype=np.float64)
        if matrix.ndim != 2 or not matrix.size or not np.all(np.isfinite(matrix)):
            raise InvalidInput(f"V must be a finite matrix (classes, neurons), got the shape {matrix.shape}")
        if len(matrix) < 2:
            raise InvalidInput(f"V: at least two classes are needed, got {len(matrix)}")
        matrix.setflags(write=False)
        object.__setattr__(self, "matrix", matrix)

    @property
    def classes(self) -> int:
        """The number n of classes."""
        return int(self.matrix.shape[0])

    @property
    def neurons(self) -> int:
        """The number k of neurons."""
        return int(self.matrix.shape[1])

    @property
    def owner(self) -> npt.NDArray[np.intp]:
        """The class of each neuron (k,): that of its positive entry, −1 where there is none."""
        return np.where(self.matrix.max(axis=0) > 0, self.matrix.argmax(axis=0), -1)

    @property
    def violations(self) -> tuple[str, ...]:
        """The assumptions that V violates, a line each, v_ij < 1 last."""
        found, matrix = [], self.matrix
        if self.neurons < self.classes:
            found.append(f"assumption 'every class has a neuron' fails: {self.neurons} neurons, {self.classes} classes")
        if np.any(matrix < 0):
            i, j = np.argwhere(matrix < 0)[0]
            found.append(f"assumption 'V ≥ 0' fails: v_{i + 1},{j + 1} = {matrix[i, j]:g}")
        if not np.all(matrix.max(axis=1) > 0):
            without = int(np.argmin(matrix.max(axis=1))) + 1
            found.append(f"assumption 'every class has some v_ij > 0' fails: class {without} has none")
        shared = (matrix > 0).any(axis=0) & ((matrix != 0).sum(axis=0) > 1)
        if np.any(shared):
            number = int(np.argmax(shared)) + 1
            found.append(f"assumption 'v_ij > 0 implies v_rj = 0' fails: neuron {number} serves two classes")
        if np.any(matrix >= 1):
            i, j = np.argwhere(matrix >= 1)[0]
            found.append(f"assumption 'v_ij < 1' fails: v_{i + 1},{j + 1} = {matrix[i, j]:g}")
        return tuple(found)

    def checked(self) -> "SecondLayer":
        """V itself; raises ``InvalidInput`` that names the first assumption it violates."""
        if self.violations:
            raise InvalidInput(self.violations[0])
        return self


def blocks(classes: int, neurons: int, value: float = 0.5) -> SecondLayer:
    """v_ij = value for the neurons j of class i: neurons are dealt out to the classes in turn.

    Raises ``InvalidInput`` for fewer neurons than classes and a value that is not positive; a value of 1 and more is
    taken: what it breaks is to be seen.

    >>> blocks(2, 4).matrix
    array([[0.5, 0. , 0.5, 0. ],
           [0. , 0.5, 0. , 0.5]])
    """
    if classes < 2 or neurons < classes:
        raise InvalidInput(f"assumption 'every class has a neuron' fails: {neurons} neurons for {classes} classes")
    if not value > 0:
        raise InvalidInput(f"assumption 'every class has some v_ij > 0' fails: v_ij = {value:g}")
    matrix = np.zeros((classes, neurons))
    matrix[np.arange(neurons) % classes, np.arange(neurons)] = value
    return SecondLayer(matrix)
