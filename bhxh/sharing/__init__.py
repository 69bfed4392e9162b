"""A person's data to others: asked for, granted, read field by field within a consent or an agreed scope."""
