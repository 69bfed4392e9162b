"""Our artefacts judged by other people's programs: one way of calling each, for `make foreign`, the demonstration and tests/foreign."""
