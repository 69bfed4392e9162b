"""Pages for people. Today only the public ones; the rest of the portal is to come."""
