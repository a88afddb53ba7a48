"""What every room stands on: commands, events, the state, shared values, refusals, and what a text may hold."""
