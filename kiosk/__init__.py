"""The kiosk at the door: reads cards, answers, records uses and brings them to the register."""
