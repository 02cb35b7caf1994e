"""Sweeps: the estimate, the closed form and what they say about each other, at many points."""
