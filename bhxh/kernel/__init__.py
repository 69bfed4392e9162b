"""Values with no opinion: money, months, identifiers, actors, findings, errors. Pure: no I/O, no clock, no framework."""
