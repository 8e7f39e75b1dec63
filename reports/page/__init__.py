"""Pages that hold everything they need: one for a plan, one for a comparison."""
