"""What is true about straight-through estimators, settled with evidence."""

__version__ = "0.1.0"
