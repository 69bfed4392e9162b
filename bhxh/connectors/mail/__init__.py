"""Our mail relay."""
