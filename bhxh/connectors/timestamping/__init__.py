"""RFC 3161 time stamps over HTTP."""

from bhxh.connectors.timestamping.client import HttpTimeStamper

__all__ = ["HttpTimeStamper"]
