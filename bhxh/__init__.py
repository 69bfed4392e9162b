"""bhxh: an open platform for electronic social insurance."""

__version__ = "0.1.0"
