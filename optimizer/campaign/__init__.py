"""How much of what flies on which mission on which day: the campaign model, in PuLP."""
