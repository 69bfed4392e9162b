"""Remote signing services: they keep a person's key, and sign a digest when the person says so on their own device."""

from bhxh.connectors.remote_signing.client import RemoteSigningClient

__all__ = ["RemoteSigningClient"]
