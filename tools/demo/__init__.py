"""`make demo`: the main job before your eyes, on a fresh database, with everything real. Results in out/; exit 0 only if all held."""
