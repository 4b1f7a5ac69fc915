"""`python -m register`."""

from __future__ import annotations

from register.cli import main

main(prog_name="register")
