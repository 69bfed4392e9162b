"""Programs around the platform: the stack, the demonstration, generated documents. Not part of an installation."""
