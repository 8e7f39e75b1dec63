"""Highest plausible values: beyond these, a number is a slip of the unit or of the finger.

Generous on purpose: a ceiling is there to stop tonnes written as kilograms, not to have an opinion.
"""

from __future__ import annotations

from collections.abc import Mapping

CEILINGS: Mapping[str, float] = {
    "ration_kcal": 10_000,
    "ramp_slots": 1_000,
    "handling_kg_per_day": 1e8,
    "kg": 1e9,
    "interval_days": 3_650,
    "usd_per_kg": 1_000,
    "kg_per_trip": 1e8,
    "trips_per_day": 1_000,
    "usd_per_trip": 1e8,
    "transit_days": 365,
    "payload_range": 300_000,
    "payload_range@km": 20_000,
    "reserve_km": 10_000,
    "cruise_kmh": 1_100,
    "climb_descent_min": 600,
    "turnaround_min": 2_880,
    "bundle_positions": 500,
    "platform_positions": 100,
    "aircraft/ceiling_m": 20_000,
    "crew": 100,
    "bundle_net_kg": 40_000,
    "bundle_tare_kg": 10_000,
    "release_heights_m": 12_000,
    "rate_of_fall_mps": 150,
    "footprint_m2": 1e6,
    "wind_limit_mps": 60,
    "exit_interval_s": 600,
    "zone_min": 1_440,
    "unit_usd": 1e6,
    "max_tails": 10_000,
    "standing_usd_per_day": 1e6,
    "usd_per_block_h": 1e6,
    "usd_per_sortie": 1e7,
    "minutes_per_day": 1_440,
    "sorties_per_tail_day": 48,
    "hours_per_30_days": 720,
    "hull_usd": 1e9,
    "takeoff_spacing_min": 720,
    "fuel_points": 1_000,
    "report_min": 720,
    "crew_duty_min": 1_440,
    "crew_flight_min": 1_440,
    "crew_rest_min": 10_080,
    "crews_per_tail": 20,
    "refuel_min": 720,
    "clearing_min": 1_440,
    "count": 1e7,
    "resupply_count": 1e7,
    "resupply_interval_days": 3_650,
    "length_m": 100_000,
    "width_m": 100_000,
    "recovery_kg_per_day": 1e8,
    "drop_spacing_min": 1_440,
    "people_per_km2": 100_000,
    "population": 5e7,
    "starting_stock_days": 730,
    "storage_kg": 1e10,
    "kg_per_day": 1e8,
    "kg_per_unit": 100_000,
    "kcal_per_kg": 9_500,
    "protein_g_per_kg": 1_000,
    "fat_g_per_kg": 1_000,
    "kg_per_person_day": 20,
    "floor_m": 100_000,
    "airspace/ceiling_m": 100_000,
    "transits_per_day": 1_000,
    "distance_km": 20_000,
    "minutes": 10_000,
    "funds_usd": 1e12,
    "harm_budget": 1e6,
}
"""By column, or by table/column where the same name means two things."""


def ceiling(table: str, column: str) -> float:
    """Highest plausible value of a column, in its own unit; infinite when the schema bounds it."""
    return CEILINGS.get(f"{table}/{column}", CEILINGS.get(column, float("inf")))
