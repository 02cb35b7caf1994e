"""The analysis of a surrogate: is it sound, at which scales, and how does it behave; each answer with its evidence."""
