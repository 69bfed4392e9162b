"""The National Insurance Database: persons, households, employers, cover, with history and provenance."""
