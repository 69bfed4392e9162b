"""Accounts, organisations, mandates, officers; may this actor."""
