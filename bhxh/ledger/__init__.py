"""Contributions, append-only."""
