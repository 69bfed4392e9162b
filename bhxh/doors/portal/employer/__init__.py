"""What an organisation sees of itself and does for its workers."""
