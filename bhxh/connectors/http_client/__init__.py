"""What the connectors share: one careful HTTP client. The only package a connector may import from beside it."""
