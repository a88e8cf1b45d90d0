"""How good and how quick judging is: every figure beside its aim. See `__main__.py` for how to run it."""
