"""The errors a user can cause. Each message is one line: what was wrong, where, what to do."""


class SteTheoryError(ValueError):
    """Base of every error this package raises on purpose."""


class InvalidInput(SteTheoryError):
    """An argument is outside its domain; the message names the argument."""


class UndefinedQuantity(SteTheoryError):
    """The quantity does not exist at this point (for example a gradient at a kink)."""


class UnknownName(SteTheoryError):
    """No claim, surrogate or quantizer goes by this name; the message suggests the nearest ones."""
