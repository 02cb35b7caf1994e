"""The classification paper, reconstructed: coarse gradient descent for data in subspaces reaches zero loss."""
