"""National business register: who is this employer."""
