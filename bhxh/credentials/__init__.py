"""The health card and the book's summary in the hand: as a QR code that verifies without us, and whether it still holds."""
