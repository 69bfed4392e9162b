"""Which contents conversions hold on to: certified scans, and originals of which a print is out in the world."""

from typing import Final

from bhxh.warehouse.resting import Naming

NAMING: Final[Naming] = {"conversion_step": ("file_sha256",), "conversion_print": ("original_sha256", "file_sha256")}
"""WHY the original of a print: whoever holds the paper may ask for years whether it agrees with it."""
