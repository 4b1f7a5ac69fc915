"""From the world to a scan: each scanner is a service that runs for ever."""
