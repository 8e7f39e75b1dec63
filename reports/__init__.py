"""What the planner reads: schedules, comparisons and tracks."""
