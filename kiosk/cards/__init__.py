"""The rules of the card, pure: no I/O, no clock, no logging."""
