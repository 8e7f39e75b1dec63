"""``drop`` and ``hindcast``: what lands, worked out for a crew and against what is known.

======== ============================================================
AL-5401  a zone, method or fleet is unknown, or they do not go together
AL-5402  the release height cannot be used
AL-5403  the date is not a day of the plan
AL-5404  the picture cannot be written
======== ============================================================
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import typer

from instances.errors import Finding, InstanceError, did_you_mean
from instances.load import instance_folder, load_instance
from instances.schema import Fleet, Instance, Method, Zone
from optimizer.cli import codes
from optimizer.cli.asked import known_scenarios, names
from optimizer.cli.screen import Screen
from optimizer.landing.drops import Drop
from optimizer.landing.explain import Account, Place, explain, winds_reach
from optimizer.landing.hindcast import FLAGSHIP, hindcast
from optimizer.landing.landings import scatters
from optimizer.landing.winds import layers_on
from optimizer.missions import full_load

RULES: Final = {
    "AL-5401": "zone, method and fleet are rows of the instance that go together",
    "AL-5402": "a release height lies in the band of the method, below the ceiling, where winds are known",
    "AL-5403": "a date is a day of the plan, YYYY-MM-DD",
    "AL-5404": "a picture is written to a new or replaceable .png or .svg file",
}
"""The rule behind each kind of finding."""

PICTURES: Final = (".png", ".svg")


@dataclass(frozen=True)
class Typed:
    """The command line as typed."""

    source: str
    scenarios: list[str] | None
    zone: str
    method: str
    height: str
    date: str | None
    fleet: str | None
    picture: Path | None


def _finding(number: str, option: str, value: str, problem: str, remedy: str) -> Finding:
    return Finding(number, option, None, None, value, problem, RULES[number], remedy)


def drop(screen: Screen, typed: Typed) -> None:
    """One drop explained, on the screen, as JSON, and as a picture."""
    findings: list[Finding] = []
    scenarios = known_scenarios(instance_folder(typed.source), names(typed.scenarios), findings)
    instance = load_instance(typed.source, scenarios)
    wanted = _wanted(typed, instance, findings)
    if typed.picture is not None:
        findings += _unusable_picture(typed.picture)
    if findings or wanted is None:
        raise InstanceError(findings)
    account = explain(instance, wanted)
    date = _date(typed, instance, [])
    if typed.picture is not None:
        from optimizer.cli.picture import draw

        draw(instance, wanted, account, typed.picture)
    document = {"exit_code": codes.DONE, "date": f"{date}", **_named(wanted), **asdict(account)}
    screen.document({**document, "harm": account.harm, "picture": str(typed.picture or "")})
    if not screen.as_json:
        _show(screen, wanted, account, date)
        if typed.picture is not None:
            screen.answer(f"Picture: {typed.picture}")


def _wanted(typed: Typed, instance: Instance, findings: list[Finding]) -> Drop | None:
    """The drop that was typed; what is wrong with it joins the findings."""
    zone = _row("--zone", typed.zone, {zone.id: zone for zone in instance.zones}, findings)
    method = _row("--method", typed.method, {one.id: one for one in instance.methods}, findings)
    date = _date(typed, instance, findings)
    if zone is None or method is None:
        return None
    fleet = _fleet(typed, instance, method, findings)
    if not scatters(method):
        problem = "the method does not say how it scatters"
        remedy = "fill release_error_m, or choose another method"
        findings.append(_finding("AL-5401", "--method", method.id, problem, remedy))
    if method.id not in zone.methods:
        remedy = f"choose one of: {', '.join(zone.methods)}"
        findings.append(_finding("AL-5401", "--method", method.id, f"{zone.id} does not allow it", remedy))
    if fleet is None or date is None:
        return None
    aircraft = next(one for one in instance.aircraft if one.id == fleet.aircraft)
    layers = layers_on(instance.winds, date)
    height_m = _height(typed, method, aircraft.ceiling_m, findings)
    if height_m is not None and not winds_reach(layers, height_m):
        remedy = "add a layer to winds.csv, or choose a lower height"
        findings.append(_finding("AL-5402", "--height", typed.height, "no layer of wind holds it", remedy))
    if height_m is None or findings:
        return None
    bundles = full_load(instance, fleet, zone, method)
    return Drop(aircraft, method, zone, height_m, bundles, layers, instance.header.forecast_error_frac)


def _row[R](option: str, typed: str, known: dict[str, R], findings: list[Finding]) -> R | None:
    if typed not in known:
        findings.append(_finding("AL-5401", option, typed, "there is none", did_you_mean(typed, known)))
    return known.get(typed)


def _fleet(typed: Typed, instance: Instance, method: Method, findings: list[Finding]) -> Fleet | None:
    """The fleet asked for, else the first that flies the method."""
    able = {fleet.id: fleet for fleet in instance.fleets if method.id in fleet.methods}
    if typed.fleet is not None:
        return _row("--fleet", typed.fleet, able, findings)
    if not able:
        remedy = "choose a method that a fleet flies"
        findings.append(_finding("AL-5401", "--method", method.id, "no fleet flies it", remedy))
        return None
    return next(iter(able.values()))


def _height(typed: Typed, method: Method, ceiling_m: float, findings: list[Finding]) -> float | None:
    top_m = min(method.release_to_m, ceiling_m)
    remedy = f"choose {method.release_from_m:g} to {top_m:g} m"
    try:
        height_m = float(typed.height)
    except ValueError:
        height_m = math.nan
    if math.isnan(height_m):
        findings.append(_finding("AL-5402", "--height", typed.height, "this is not a number", remedy))
    elif not method.release_from_m <= height_m <= top_m or height_m == 0:
        problem = f"{method.id} is released from {method.release_from_m:g} to {method.release_to_m:g} m"
        problem += f", the aircraft's ceiling is {ceiling_m:g} m"
        findings.append(_finding("AL-5402", "--height", typed.height, problem, remedy))
    else:
        return height_m
    return None


def _date(typed: Typed, instance: Instance, findings: list[Finding]) -> dt.date | None:
    """The day asked for, else the first of the plan."""
    if typed.date is None:
        return instance.dates[0]
    remedy = f"choose a day from {instance.dates[0]} to {instance.dates[-1]}"
    try:
        date = dt.datetime.strptime(typed.date, "%Y-%m-%d").replace(tzinfo=dt.UTC).date()
    except ValueError:
        findings.append(_finding("AL-5403", "--date", typed.date, "this is not a date", remedy))
        return None
    if date not in instance.dates:
        findings.append(_finding("AL-5403", "--date", typed.date, "the plan does not hold this day", remedy))
        return None
    return date


def _unusable_picture(path: Path) -> list[Finding]:
    remedy = "choose another file that ends in .png or .svg"
    if path.suffix.lower() not in PICTURES:
        return [_finding("AL-5404", "--picture", str(path), "the file is neither .png nor .svg", remedy)]
    if path.is_dir() or not path.absolute().parent.is_dir():
        return [_finding("AL-5404", "--picture", str(path), "there is no folder to write it to", remedy)]
    return []


def _named(wanted: Drop) -> dict[str, object]:
    return {
        "zone": wanted.zone.id,
        "method": wanted.method.id,
        "aircraft": wanted.aircraft.id,
        "release_height_m": wanted.height_m,
    }


def _share(value: float) -> str:
    return f"{100 * value:.1f} %"


def _at(place: Place) -> str:
    degrees = f"{place.lat:.5f} N, {place.lon:.5f} E"
    return f"{degrees} ({place.distance_m:,.0f} m on {place.bearing_deg:03.0f} from the zone centre)"


def _show(screen: Screen, wanted: Drop, account: Account, date: dt.date | None) -> None:
    """The account in a crew's words."""
    title = f"{wanted.method.name} on {wanted.zone.name} from {wanted.height_m:g} m"
    screen.answer(f"{title} ({wanted.height_m / 0.3048:,.0f} ft), winds of {date}, {wanted.aircraft.name}")
    screen.table(["", ""], [*_fall_lines(account), *_ground_lines(wanted.zone, account)])
    if account.on_axis:
        screen.answer(f"Warning: {account.on_axis} lies on the run-in; plans refuse this drop.", "yellow")


def _fall_lines(one: Account) -> list[tuple[str, str]]:
    minutes, seconds = divmod(round(one.time_of_fall_s), 60)
    passes = f"{one.passes} pass{'' if one.passes == 1 else 'es'} of {one.bundles_per_pass}"
    return [
        ("Time of fall", f"{minutes}:{seconds:02d} min"),
        ("Wind on the way", f"{one.wind_mps:.1f} m/s from {one.wind_from_deg:03.0f}"),
        ("Flyable", f"{_share(one.calm_frac)} of such days are within the method's limits of wind and drift"),
        ("Drift", f"{one.drift_m:,.0f} m towards {one.drift_to_deg:03.0f}"),
        ("Run-in", f"{one.run_in_deg:03.0f} at {one.ground_speed_mps:.0f} m/s over ground"),
        ("First bundle leaves", _at(one.first_release)),
        ("Middle of the stick", _at(one.release)),
        ("Stick", f"{one.stick_m:,.0f} m, {passes} ({one.bundles} bundles)"),
        ("Scatter", f"half within {one.cep_m:,.0f} m of the aim point"),
        (
            "95 % ellipse",
            f"{one.ellipse_along_m:,.0f} x {one.ellipse_across_m:,.0f} m (half axes, along x across)",
        ),
    ]


def _ground_lines(zone: Zone, one: Account) -> list[tuple[str, str]]:
    basis = "as observed there" if one.landing_basis == "observed" else "computed"
    late, failed = f"{one.harm_late:.2g} by late bundles", f"{one.harm_failed:.2g} by failed canopies"
    return [
        ("In the zone", f"{_share(one.in_zone_frac)} ({zone.length_m:,.0f} x {zone.width_m:,.0f} m)"),
        ("In held areas", _share(one.held_frac)),
        ("In other hands", _share(one.diverted_frac)),
        ("Failed", f"{_share(one.failed_frac)}, around {_at(one.failed_at)}"),
        ("Landed usable", f"{_share(one.landed_frac)}, {basis}"),
        ("People harmed", f"{one.harm:.2g} expected in a sortie: {late}, {failed}"),
    ]


def show_hindcast(screen: Screen) -> None:
    """The table of known drops; exit code 1 when one does not come out."""
    known = hindcast(load_instance(FLAGSHIP))
    rows = []
    for one in known:
        figures = "; ".join(f"{name} {value:.4g}" for name, value in one.figures)
        rows.append((one.event, one.target, figures, "yes" if one.holds else "NO"))
    code = codes.DONE if all(one.holds for one in known) else codes.BUG
    document = [{**asdict(one), "figures": dict(one.figures)} for one in known]
    screen.document({"exit_code": code, "known": document})
    if not screen.as_json:
        screen.table(["Event", "Must come out", "Comes out", "Holds"], rows)
    raise typer.Exit(code)
