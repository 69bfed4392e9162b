"""The virus scanner clamd."""
