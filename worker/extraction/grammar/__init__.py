"""Number phrases and date phrases: grammars of our own, in linear time."""
