"""The pages for staff and visitor, pushed whole from the kiosk."""
