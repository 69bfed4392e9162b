"""Who did what and who looked at what, when, on which legal basis; append-only, provable."""
