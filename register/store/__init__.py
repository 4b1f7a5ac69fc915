"""The register's memory: one SQLite file, behind functions whose names another database could keep."""
