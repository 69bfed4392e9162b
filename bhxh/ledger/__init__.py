"""Contributions: lines by person and month, append-only, each month counted once."""
