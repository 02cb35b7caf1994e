"""JAX, one compiled step per batch, on all cores; sums over batches are kept in double precision."""

from functools import partial
from typing import Any

import numpy as np

from contestants.moments import Answer, Run, from_sums
from ste_theory.model.problem import Point, Problem
from ste_theory.montecarlo.blocks import Precision


def jax_in(batch: int, generator: str) -> Run:
    """In batches of this size, with a generator by JAX's name for it (``threefry2x32`` is its default, ``rbg`` the
    fastest), for the binary activation and the ReLU's surrogate."""
    made: dict[tuple[int, int, Precision], Any] = {}

    def run(problem: Problem, point: Point, samples: int, precision: Precision) -> Answer:
        import jax
        import jax.numpy as jnp

        jax.config.update("jax_enable_x64", True)
        kind = jnp.float32 if precision == "single" else jnp.float64
        v, w, v_star, w_star = (
            jnp.asarray(np.array(x), dtype=kind) for x in (point.v, point.w, point.v_star, point.w_star)
        )
        at = (point.m, point.n, precision)
        if at not in made:

            def step(v: Any, w: Any, v_star: Any, w_star: Any, key: Any) -> Any:
                z = jax.random.normal(key, (batch, v.size, w.size), dtype=kind)
                on, teacher = (z @ w > 0).astype(kind), (z @ w_star > 0).astype(kind)
                residual = on @ v - teacher @ v_star
                coarse = jnp.einsum("bi,bij->bj", on * v, z) * residual[:, None]
                x = jnp.concatenate([on * residual[:, None], coarse, 0.5 * residual[:, None] ** 2], axis=1)
                return x.sum(axis=0), x.T @ x

            made[at] = jax.jit(step)
        once, key = partial(made[at], v, w, v_star, w_star), jax.random.key(1, impl=generator)
        width, turns = point.m + point.n + 1, -(-samples // batch)
        total, products = np.zeros(width), np.zeros((width, width))
        for index in range(turns):
            one, two = once(jax.random.fold_in(key, index))
            total += np.asarray(one, dtype=np.float64)
            products += np.asarray(two, dtype=np.float64)
        return from_sums(total, products, turns * batch)

    return run
