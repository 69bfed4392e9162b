"""Programs that make example input. Everything in it is invented."""
