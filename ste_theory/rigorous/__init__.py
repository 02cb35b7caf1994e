"""Ball arithmetic: numbers with proven error bounds. A ball contains the truth, or the contract is broken."""
