"""What we compare HTTP answers to: views without sign-in, permission, look or log, on the same server with the same settings."""
