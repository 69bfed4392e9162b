"""Dated legal figures and the pure functions that apply them, with citations. Pure."""
