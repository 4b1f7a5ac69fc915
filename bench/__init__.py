"""The project's figures, each beside its floor in the same run."""
