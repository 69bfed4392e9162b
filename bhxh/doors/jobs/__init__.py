"""Background work: each job reads the clock, takes the partners as bound by wiring, makes one call."""
