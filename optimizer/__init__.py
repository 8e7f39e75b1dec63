"""What we decide: missions, the campaign, the timetable, and the judge."""
