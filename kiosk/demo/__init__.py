"""The demonstration: a real kiosk and a real register on one machine, with invented cards."""
