"""What every room uses: commands, events, the state, shared values, refusals, and the rules for plain text."""
