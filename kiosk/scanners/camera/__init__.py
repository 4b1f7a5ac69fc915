"""The camera as a scanner: frames → change gate → decoder → trust → presence → Scan."""
