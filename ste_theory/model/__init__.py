"""What is talked about: quantizers, surrogate derivatives, the two-linear-layer problem and its points."""
