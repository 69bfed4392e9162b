"""One folder per outside system: the client that implements a port declared below."""
