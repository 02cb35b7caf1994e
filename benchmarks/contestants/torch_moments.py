"""PyTorch on two threads; sums of columns and of their products are kept in double precision."""

import numpy as np

from contestants.moments import Answer, Run, from_sums
from ste_theory.model.problem import Point, Problem
from ste_theory.montecarlo.blocks import Precision


def torch_in(batch: int) -> Run:
    """In batches of this size, for the binary activation and the ReLU's surrogate."""

    def run(problem: Problem, point: Point, samples: int, precision: Precision) -> Answer:
        import torch

        torch.set_num_threads(2)
        kind = torch.float32 if precision == "single" else torch.float64
        v, w, v_star, w_star = (
            torch.tensor(np.array(x), dtype=kind) for x in (point.v, point.w, point.v_star, point.w_star)
        )
        draw, width = torch.Generator().manual_seed(1), point.m + point.n + 1
        total, products = torch.zeros(width, dtype=torch.float64), torch.zeros(width, width, dtype=torch.float64)
        both = torch.stack([w, w_star], dim=1)
        z = torch.empty(batch, point.m, point.n, dtype=kind)
        turns = -(-samples // batch)
        for _ in range(turns):
            z.normal_(generator=draw)
            on = (z @ both > 0).to(kind)
            residual = on[..., 0] @ v - on[..., 1] @ v_star
            # The ReLU's μ′ is the activation itself.
            coarse = torch.bmm((on[..., 0] * v).unsqueeze(1), z).squeeze(1) * residual[:, None]
            x = torch.cat([on[..., 0] * residual[:, None], coarse, 0.5 * residual[:, None] ** 2], dim=1)
            total += x.sum(dim=0).double()
            products += (x.T @ x).double()
        return from_sums(total.numpy(), products.numpy(), turns * batch)

    return run
