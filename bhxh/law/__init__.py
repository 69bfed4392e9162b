"""Dated legal figures (YAML) and the pure functions that apply them, with citations."""
