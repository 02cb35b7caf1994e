"""Float functions of the theory: losses, gradients, correlations in NumPy, accurate also near every degenerate point.

They are written by hand and share no code with the derivations, the enclosures and the simulation that check them.
"""
