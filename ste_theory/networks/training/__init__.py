"""Training a network by its coarse gradient, and measuring where it stands."""
