"""Legal flight paths: shortest, least risk, and the front between."""
