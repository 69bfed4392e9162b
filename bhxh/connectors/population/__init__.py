"""National Population Database: who is this person."""
