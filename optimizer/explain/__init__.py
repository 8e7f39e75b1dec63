"""Why a plan is short, why plans differ, and what flying together is worth; re-solved, never guessed."""
