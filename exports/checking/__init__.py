"""How an archive is checked, with the standard library alone: these sources travel in every archive as its verifier."""
