"""The way of a card: answered, recorded, announced, one thing after the other."""
