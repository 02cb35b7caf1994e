"""The training experiments of Yin et al. 2019: reproductions, not claims."""
