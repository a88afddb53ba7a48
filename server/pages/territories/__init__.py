"""Where people and words come from: the collectivities that are heard, each with its words, and the map of France."""
