"""The kiosk's calls over HTTP."""
