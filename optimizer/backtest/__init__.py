"""Real operations planned again, and held against what happened."""
