"""The venue's pages behind the desk's PIN: uses, what needs a look, figures, paper, health, how the desk is set."""
