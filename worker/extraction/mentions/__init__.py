"""What stands in one sentence: people, forces, places, figures, joined into groups."""
