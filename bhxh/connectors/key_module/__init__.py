"""Seal keys in a hardware module, by PKCS#11."""

from bhxh.connectors.key_module.client import Pkcs11Module

__all__ = ["Pkcs11Module"]
