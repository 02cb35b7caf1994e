"""Coarse gradient descent as a dynamical system: iterates, flow, fixed points, basins. Floats only."""
