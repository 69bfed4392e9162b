"""What a person sees of themselves and does for themselves."""
