"""The same program as others would write it: a loop, whole-batch NumPy, PyTorch, JAX, QMCPy, vegas."""
