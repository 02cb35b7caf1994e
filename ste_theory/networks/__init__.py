"""Real networks: surrogates read from running code, and the layers of a model as they are used (extra ``torch``)."""
