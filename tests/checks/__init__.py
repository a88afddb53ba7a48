"""The checks of `python3 run.py check` that no ready-made tool does: rules, translations, documentation, imports."""
