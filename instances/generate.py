"""Seeded instances of any size: an invented region, written like any other instance."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import yaml

from instances.diet import NUTRIENTS
from instances.drawn import areas_text
from instances.errors import Finding, InstanceError, Place
from instances.folders import HEADER, new_folder, unusable_target
from instances.invented import ground, people, skies, stocks
from instances.invented.draw import FIRST_DATE, Draw, tidy
from instances.kinds import Kind
from instances.load import library_rows
from instances.schema import ID_PATTERN, Aircraft, Area, Commodity, Grade, Method, Need, Row, file_of
from instances.size import MOST, Size
from instances.tables import table_text

TIME_ZONE = "Etc/GMT+2"  # two hours behind UTC, as at the longitude of the region, without summer time
THEATRE = {"south": 14.0, "west": -41.0, "north": 26.0, "east": -29.0}
OTHER_ID = "generated"
SCENARIO, REDUCED = "reduced_ration", 0.6
YAML_WIDTH = 1000  # one line for a title

_README = """# {title}

Everything here is invented: the region lies in the open sea, and every figure that is not the library's
was drawn by chance. At tightness 0 capacities, stocks and budgets are ample, at 1 they meet about half of
the need. The same folder is written again by

```
aidlift generate {command}
```
"""


def generate_instance(folder: Path, size: Size | None = None, seed: int = 0) -> Path:
    """Write an invented instance to a new folder, whole or not at all.

    The same folder name, size and seed give the same bytes. Every community can be reached by some
    fleet, and a tighter instance differs only in what is on offer, not in what is needed.

    Parameters
    ----------
    folder : Path
        New or empty; its name becomes the id of the instance when it is a valid one.
    size : Size, optional
        How much of everything, and how tight (0..1).
    seed : int
        Seed of all that is drawn.

    Returns
    -------
    Path
        The folder, which `load_instance` reads without a finding.

    Raises
    ------
    InstanceError
        When a number is out of its range, or the folder is not new or empty or cannot be written; with
        every finding.
    """
    size = size or Size()
    findings = [*_size_findings(size), *unusable_target(folder)]
    if findings:
        raise InstanceError(findings)
    name = folder.name if re.fullmatch(ID_PATTERN, folder.name) else OTHER_ID
    files = _files(name, size, seed)
    with new_folder(folder) as new:
        for file, text in files.items():
            (new / file).parent.mkdir(exist_ok=True)
            (new / file).write_bytes(text.encode())
    return folder


def size_limits() -> dict[str, tuple[float, float]]:
    """Lowest and highest value of every number of a `Size`, by its name."""
    most = {**MOST, "commodities": len(library_rows(Commodity))}
    return {name: (1.0, float(number)) for name, number in most.items()} | {"tightness": (0.0, 1.0)}


def _size_findings(size: Size) -> Iterator[Finding]:
    limits, numbers = size_limits(), asdict(size)
    for name, number in numbers.items():
        low, high = limits[name]
        if not low <= number <= high:
            place = Place("size", None, name, f"{number:g}")
            yield Kind.SIZE_ASKED.at(place, f"is not in {low:g} to {high:g}")


def _files(name: str, size: Size, seed: int) -> dict[str, str]:
    """Text by file name."""
    tables = _tables(Draw(random.Random(seed), size))  # noqa: S311  # nothing here is secret
    source = f"generated with seed {seed}, tightness {size.tightness}"
    graded = {"grade": Grade.ESTIMATE, "source": source}
    written = {
        file_of(table): _text(table, [row.model_copy(update=graded) for row in rows])
        for table, rows in tables.items()
        if rows
    }
    numbers = {name: number for name, number in asdict(size).items() if name != "stops" or number > 1}
    held = ", ".join(f"{number} {noun}" for noun, number in numbers.items() if noun != "tightness")
    title = f"Invented region: {held}; {source}"
    options = " ".join(f"--{option} {number}" for option, number in numbers.items())
    readme = _README.format(title=title, command=f"{name} {options} --seed {seed}")
    return {
        "README.md": readme,
        HEADER: _yaml(_header(name, title, size)),
        **written,
        f"scenarios/{SCENARIO}.yaml": _yaml(_reduced(tables["needs"], tables["standards"])),
    }


def _text(table: str, rows: Sequence[Row]) -> str:
    areas = [row for row in rows if isinstance(row, Area)]
    return areas_text(areas) if areas else table_text(table, rows)


def _header(name: str, title: str, size: Size) -> dict[str, object]:
    return {
        "id": name,
        "title": title,
        "first_date": FIRST_DATE,
        "days": size.days,
        "time_zone": TIME_ZONE,
        "theatre": THEATRE,
    }


def _reduced(needs: Sequence[Row], standards: Sequence[Row]) -> dict[str, object]:
    """The scenario in which every person is to have less of everything."""
    per_person = {
        f"needs/*/{need.commodity}/kg_per_person_day": need.kg_per_person_day
        for need in needs
        if isinstance(need, Need) and need.kg_per_person_day is not None
    }
    standard = {f"standards/*/{name}": getattr(standards[0], name) for name in NUTRIENTS}
    values = {path: tidy(amount * REDUCED) for path, amount in (standard | per_person).items()}
    return {"title": f"Everybody gets {REDUCED:g} of what is needed by the person", "set": values}


def _yaml(values: Mapping[str, object]) -> str:
    return str(yaml.safe_dump(values, sort_keys=False, width=YAML_WIDTH))


def _tables(draw: Draw) -> dict[str, Sequence[Row]]:
    """Every table with its rows, those of the library left to the library."""
    goods = people.choose_commodities(draw, library_rows(Commodity))
    fed = people.draw_people(draw, goods)
    threats, parties, sites = skies.draw_threats(draw), skies.draw_parties(draw), skies.draw_sites(draw)
    library = library_rows(Aircraft), library_rows(Method)
    pocket_kg = [sum(pocket.need_kg.values()) for pocket in fed.pockets]
    lifts = skies.draw_lifts(draw, parties, sites, threats, goods, library, pocket_kg)
    supplies = stocks.draw_supplies(draw, sites, lifts, fed, goods)
    return {
        "parties": [stocks.budgeted(draw, party, lifts, supplies) for party in parties],
        "bases": stocks.draw_bases(draw, sites, lifts),
        "supplies": supplies,
        "feeders": stocks.draw_feeders(draw, sites, lifts),
        "fleets": [lift.fleet for lift in lifts],
        "rigs": stocks.draw_rigs(draw, sites, lifts),
        "zones": ground.draw_zones(draw, fed, lifts),
        "recoveries": ground.draw_recoveries(draw, fed, lifts),
        "communities": fed.communities,
        "links": ground.draw_links(draw, fed),
        "needs": fed.needs,
        "standards": fed.standards,
        "airspace": threats,
        "winds": skies.draw_winds(draw),
    }
