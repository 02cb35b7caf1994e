"""When to stop: radii that hold with a stated probability, each with the assumption it needs."""
