"""The rules of a congress: pure functions on values, from the standard library alone.

No input or output, clock or randomness: what a rule needs is handed in. `README.md` numbers the rules.
"""
