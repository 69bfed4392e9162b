"""Revocation data over HTTP: OCSP first, then the CRL."""

from bhxh.connectors.revocation.client import HttpRevocationSource

__all__ = ["HttpRevocationSource"]
