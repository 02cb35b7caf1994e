"""Results as text: reads what the witnesses found, never computes anything about a claim."""
