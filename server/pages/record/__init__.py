"""The record in words, the people in it, and the restitution."""
