"""The classification paper: data in subspaces, a network with a fixed second layer, coarse gradients of the hinge loss.

The setting is reconstructed from the abstract of Long, Yin, Xin 2021 (the text was not at hand).
"""
