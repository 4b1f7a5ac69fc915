"""What the kiosk keeps: one SQLite file for records and news, and one small file for its identity."""
