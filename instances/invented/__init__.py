"""The parts of a generated instance, in the order in which they are drawn."""
