"""`muster up` and `muster demo`."""
