"""The congress itself, its phases, and the people who take part with what each role may do."""
