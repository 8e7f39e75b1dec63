"""Every constant of the method, with its unit and its reason."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Settings(BaseModel):
    """What the method works by; `plan.json` keeps them, ``aidlift settings`` prints them."""

    model_config = ConfigDict(frozen=True)

    severity_price: float = Field(
        1000.0,
        description="mean costs of a person-day that a person-day of severity is worth while searching",
    )
    worst_price: float = Field(
        10.0, description="the same for the worst-off week; less, as it comes second, and seldom pulls"
    )
    spell_days: int = Field(
        7, description="days of a spell, which most supplies and weekdays come again with"
    )
    edge_days: int = Field(3, description="days by themselves at either end where bounds are refined")
    window_sorties: float = Field(
        18.0, description="sorties decided at a time: seconds a window, few left over"
    )
    round_sorties: float = Field(30.0, description="sorties decided anew in a round, from a known plan")
    window_bundles: float = Field(80.0, description="bundles and trips decided at a time: rounding is easy")
    reserve: float = Field(
        0.02, description="share of whole-plan budgets kept back for days that are still in fractions"
    )
    step_gap: float = Field(0.06, description="share of the gap asked that one step may leave open")
    bound_gap: float = Field(0.02, description="share of the gap asked that a bound may leave open")
    enough: float = Field(0.5, description="share of the gap asked at which no better bound is sought")
    patience: int = Field(20, description="nodes without a better plan after which a window ends")
    round_patience: int = Field(40, description="the same in a round, which starts from a good plan")
    scout_patience: int = Field(60, description="the same where tails are chosen, on which all else rests")
    bound_patience: int = Field(150, description="the same where bounds are proven")
    days_share: float = Field(
        0.5, description="share of the time after which days are rounded down, not planned"
    )
    idle_rounds: int = Field(8, description="rounds in a row without a gain after which they end")
    grace_s: float = Field(
        20.0, description="seconds past the clock to load a plan that is found, not to lose it"
    )
    repairs: int = Field(3, description="times that a plan which the timetable does not hold is sent back")


SETTINGS = Settings()
