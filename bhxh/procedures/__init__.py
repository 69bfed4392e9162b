"""One folder per administrative procedure: start here."""
