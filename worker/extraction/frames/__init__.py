"""Events of people: what befell whom, where, when, and whether it is claimed."""
