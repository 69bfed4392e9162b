"""Stand-in for the e-ID system: an OpenID provider for fictitious people, and the place where they see their books.

Issuer, claim names and level values are placeholders; the real ones are not public.
"""

ISSUER = "https://eid.sandbox.example"
AUDIENCE = "bhxh"
"""What access tokens for our API are issued for. The relying party's own name (of ID tokens) is another: its client id."""
LEVELS = {1: "urn:sandbox:eid:level-1", 2: "urn:sandbox:eid:level-2"}
"""Assurance level -> the `acr` that says so."""
