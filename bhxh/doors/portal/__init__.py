"""Pages for people. Today only the two that letters and QR codes point to; the rest of the portal is to come."""
