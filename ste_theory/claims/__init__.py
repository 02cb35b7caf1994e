"""Claims, the witnesses that speak about them, and the verdicts computed from what they say."""
