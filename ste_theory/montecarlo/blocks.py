"""The block: a fixed number of samples, the unit of seeding, of arithmetic and of reduction.

Block number q of a stream draws from SeedSequence(seed, spawn_key=(*stream, q)); its size depends on (m, n) and the
precision only. All arithmetic on samples happens inside one block in arrays of fixed shape, so a block's bits do not
depend on which chunk, thread or machine of the same kind computes it. (Matrix products of different shapes differ in
the last bits; so do the products of a BLAS that splits them over its own threads. Every product here has at most 2¹⁸
multiplications, which OpenBLAS never splits.)

Inside a block the samples are the last, contiguous axis, and row i of all inputs is drawn, used and forgotten before
row i + 1: g_μ = (y − y*) Σ_i μ′(h_i) v_i Z_i needs the residual only at the end. So a block holds n·B numbers of input
rather than m·n·B and stays in cache (the second level, up to twice its size), where reading Z again costs little beside
drawing it.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ste_theory.model.problem import Point, Problem
from ste_theory.montecarlo.frame import Frame, plane_frame
from ste_theory.montecarlo.normals import Single, fill_single
from ste_theory.montecarlo.program import Baseline, Layout, Matrix

Precision = Literal["double", "single"]
SMALLEST, LARGEST = 64, 16384
# 256 KiB of one input row, half of a usual second-level cache; half a MiB in single precision, whose vectorized normals
# leave the calls of Python as the larger cost; at most 2 MiB of output columns. Fixed, not read from the machine: the
# size of a block decides the bits of a result.
ROW_NUMBERS: dict[Precision, int] = {"double": 2**15, "single": 2**17}
OUTPUT_NUMBERS = 2**18
UNSPLIT = 2**18  # multiplications in one matrix product; OpenBLAS uses its threads above this
PILOT = 2**32 - 1  # the block number reserved for the baseline, one 32-bit word like every other


def block_size(m: int, n: int, precision: Precision = "double") -> int:
    """Samples per block: the largest power of two in [64, 16384] that keeps a block's arrays in cache.

    >>> block_size(4, 8), block_size(16, 64), block_size(64, 256)
    (4096, 512, 128)
    >>> block_size(4, 8, "single"), block_size(16, 64, "single"), block_size(64, 256, "single")
    (16384, 2048, 512)
    """
    fitting = min(ROW_NUMBERS[precision] // n, OUTPUT_NUMBERS // (m + n + 3))
    return min(LARGEST, max(SMALLEST, 1 << max(fitting, 1).bit_length() - 1))


def block_generator(seed: int, stream: tuple[int, ...], index: int) -> np.random.Generator:
    """The generator of one block: SFC64, the fastest of NumPy's, seeded from the root seed, stream and index alone."""
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence(seed, spawn_key=(*stream, index))))


def block_inputs(m: int, n: int, seed: int, stream: tuple[int, ...], index: int, *, size: int | None = None) -> Matrix:
    """The N(0, 1) inputs of one block, shape (B, m, n), in the order in which ``fill_columns`` draws them."""
    drawn = block_generator(seed, stream, index).standard_normal((m, n, size or block_size(m, n)))
    return np.ascontiguousarray(drawn.transpose(2, 0, 1))


@dataclass(frozen=True, eq=False)
class Workspace:
    """The arrays of a block, made once per chunk and used again for every block of it; never shared between threads.

    ``directions`` (2 or 3, n) holds w, w* and, for the score, û; ``row`` (n, B) one row of all inputs; ``projections``
    their products; ``columns`` (k, B) the result, one sample per column of the array.
    """

    layout: Layout
    frame: Frame | None
    directions: Matrix
    row: Matrix
    projections: Matrix
    columns: Matrix
    lone_scores: Matrix
    scratch: Single | None = None

    def draw_row(self, draw: np.random.Generator) -> None:
        """One row of all inputs, into ``row``."""
        if self.scratch is None:
            draw.standard_normal(out=self.row)
        else:
            fill_single(draw, self.row, self.scratch)  # type: ignore[arg-type]


def workspace(point: Point, *, score: bool, precision: Precision = "double") -> Workspace:
    """Arrays for blocks at this point, in single precision with normals of its own (``normals``) if asked for.

    Raises ``UndefinedQuantity`` for ``score=True`` at w = 0, θ = 0 or θ = π.
    """
    layout, size = Layout(point.m, point.n, score), block_size(point.m, point.n, precision)
    frame = plane_frame(point) if score else None
    # Annotated as double: what is done with the arrays is the same in both.
    kind: type[np.float64] = np.float32 if precision == "single" else np.float64  # type: ignore[assignment]
    directions = np.stack([point.w, point.w_star] + ([frame.u_hat] if frame else [])).astype(kind)
    return Workspace(
        layout,
        frame,
        directions,
        np.empty((point.n, size), kind),
        np.empty((len(directions), size), kind),
        np.empty((layout.width, size), kind),
        np.empty((2 if score else 0, size), kind),
        np.empty((point.n, size), np.float32) if precision == "single" else None,
    )


def fill_columns(
    problem: Problem, point: Point, draw: np.random.Generator, work: Workspace, baseline: Baseline = 0.0
) -> Matrix:
    """``program.columns`` on one block drawn from ``draw``, transposed: shape (k, B), overwritten by the next call.

    Guarantee: equal to the definition on ``block_inputs`` up to the rounding of sums of at most m and n terms.
    """
    groups, columns, row = work.layout.groups, work.columns, work.row
    columns.fill(0.0)
    v_gradient, coarse_gradient = columns[groups["v_gradient"]], columns[groups["coarse_gradient"]]
    residual = np.zeros(columns.shape[1], columns.dtype)
    # Python's numbers take the precision of the arrays; NumPy's would raise it.
    v, v_star = point.padded.v.tolist(), point.v_star.tolist()
    work.lone_scores.fill(0.0)
    constants = np.broadcast_to(np.asarray(baseline, dtype=np.float64), (point.rows,))
    root = problem.input_root
    for i in range(point.rows):
        work.draw_row(draw)
        if root is not None:
            _correlate(root, row)
        _project(work.directions, row, work.projections)
        activation = problem.quantizer(work.projections[:2])
        if problem.teacher is not problem.quantizer:
            activation[1] = problem.teacher(work.projections[1])
        if i < point.m:
            v_gradient[i] = activation[0]
        activation[0] *= v[i]
        activation[1] *= v_star[i]
        own = activation[0] - activation[1]
        residual += own
        if work.frame:
            _add_scores(work, own, float(constants[i]))
        if i < point.m:
            row *= problem.surrogate(work.projections[0]) * v[i]
            coarse_gradient += row
    v_gradient *= residual
    coarse_gradient *= residual
    np.multiply(0.5 * residual, residual, out=columns[groups["loss"]][0])
    if work.frame:
        scores = columns[groups["score"]]
        scores *= residual
        scores -= work.lone_scores
        scores /= work.frame.rho
    return columns


def _correlate(root: Matrix, row: Matrix) -> None:
    """Rx in place of x, in products that no BLAS splits."""
    step = max(1, UNSPLIT // root.size)
    for start in range(0, row.shape[1], step):
        row[:, start : start + step] = root @ row[:, start : start + step]


def _project(directions: Matrix, row: Matrix, out: Matrix) -> None:
    step = UNSPLIT // (len(directions) * row.shape[1])
    np.matmul(directions[:, :step], row[:step], out=out)
    for start in range(step, len(row), step):
        out += directions[:, start : start + step] @ row[start : start + step]


def _add_scores(work: Workspace, own: Matrix, constant: float) -> None:
    """Row i's share of Σ r_i S_i (in the score columns, to be multiplied by y − y*) and of Σ (½r_i² + β_i) S_i."""
    frame = work.frame
    if frame is None:
        return
    a, b, cotangent = work.projections[0] / frame.rho, work.projections[2], frame.cosine / frame.sine
    product = a * b
    alone = 0.5 * own * own + constant
    scores = work.columns[work.layout.groups["score"]]
    for index, weight in enumerate((a * a - 1 - cotangent * product, product + cotangent * (1 - b * b))):
        scores[index] += own * weight
        work.lone_scores[index] += alone * weight
