"""What kiosks send, taken in item by item inside one transaction."""
