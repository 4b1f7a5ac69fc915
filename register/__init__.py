"""The national register's reference implementation: the kiosk's side of it, on one SQLite file."""
