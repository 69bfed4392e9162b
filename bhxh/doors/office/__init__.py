"""Pages of officers and operators."""
