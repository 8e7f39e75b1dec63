"""What the planner knows: the nouns of an instance, how it is read, and what ships with the program."""
