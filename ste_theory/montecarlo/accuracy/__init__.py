"""Estimates to a given accuracy: one file per argument for stopping, and the choice between them."""
