"""Which tail takes off when (OR-Tools CP-SAT): days in minutes, their rules, and why one does not fit."""
