"""The `bhxh` command."""
