"""The screens, one module each: an address, what it reads from the state, the template that shows it."""
