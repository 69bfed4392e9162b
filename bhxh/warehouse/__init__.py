"""Content-addressed files per person and organisation, with provenance."""
