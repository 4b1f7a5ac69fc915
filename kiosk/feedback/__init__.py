"""From the desk to light and sound."""
