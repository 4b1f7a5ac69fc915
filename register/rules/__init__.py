"""Pure rules: what stands against a use, and how it is said."""
