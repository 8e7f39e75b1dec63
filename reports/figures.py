"""A chart, drawn once for the page and for papers (matplotlib), and its place in a page."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from instances.schema import Instance

INK: Final = "#1c2127"
MUTED: Final = "#5a6470"
GRID: Final = "#d5dae0"
LOW: Final = "#c6462e"
HIGH: Final = "#2f7d5b"
SERIES: Final = ("#0b6e99", "#b8541a", "#2f7d5b", "#7d4e9e", "#8f6b00", "#b03a5b", "#3f6fb5", "#5a6470")
"""Colours of series in order; the page gives each of them another value in the dark."""
LINES: Final = ("-", "--", "-.", ":")
"""Lines differ in dashes too, so that they can be told apart without colours."""

WIDTH_IN: Final = 4.3  # a column of the page; wider pages show several charts side by side
HEIGHT_IN: Final = 2.7
DPI: Final = 200  # of PNG files

_STYLE: Final[Any] = {  # the stubs know keys as literals only
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.titlesize": 9.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "text.color": INK,
    "text.parse_math": False,  # a dollar sign in a name is a dollar sign
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "legend.frameon": False,
    "legend.fontsize": 8,
    "svg.fonttype": "none",
}


@contextmanager
def _any_letter() -> Iterator[None]:
    """Names may hold letters that the font of the pictures lacks; a browser finds them, a PNG shows a box."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        yield


@dataclass(frozen=True)
class Chart:
    """One chart.

    Attributes
    ----------
    name : str
        File name without its ending.
    title : str
        What it shows, in words; also the text alternative on the page.
    draw : callable
        Draws it into axes.
    height_in : float
        Height, inches.
    """

    name: str
    title: str
    draw: Callable[[Axes], None]
    height_in: float = HEIGHT_IN

    def _figure(self) -> Figure:
        figure = Figure(figsize=(WIDTH_IN, self.height_in), layout="constrained")
        self.draw(figure.add_subplot())
        return figure

    def svg(self) -> str:
        """The chart as SVG; the same chart gives the same text."""
        out = io.StringIO()
        # Without a salt of its own, every drawing has other ids.
        with rc_context({**_STYLE, "svg.hashsalt": self.name}), _any_letter():
            self._figure().savefig(out, format="svg", metadata={"Date": None}, transparent=True)
        return out.getvalue()

    def png(self) -> bytes:
        """The chart as PNG on white; the same chart gives the same bytes."""
        out = io.BytesIO()
        with rc_context(_STYLE), _any_letter():
            self._figure().savefig(out, format="png", dpi=DPI, metadata={"Software": None})
        return out.getvalue()


_VARIABLES: Final = {
    INK: "var(--ink)",
    MUTED: "var(--muted)",
    GRID: "var(--line)",
    LOW: "var(--low)",
    **{colour: f"var(--series-{place})" for place, colour in enumerate(SERIES)},
    HIGH: "var(--high)",
}


def inline_svg(chart: Chart) -> str:
    """The chart as an element of a page: it takes its colours from the page and scales to its column."""
    text = chart.svg()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'<g id="[^"]*">', "<g>", text)
    text = re.sub(r'(<svg [^>]*?) width="[^"]*" height="[^"]*"|(<svg [^>]*)', _opened, text, count=1)
    for colour, variable in _VARIABLES.items():
        text = text.replace(colour, variable)
    return text.strip()


def _opened(found: re.Match[str]) -> str:
    whole = re.sub(r' (width|height)="[^"]*"', "", found.group(0))
    return f'{whole} aria-hidden="true" focusable="false"'


def names_of(instance: Instance) -> dict[str, str]:
    """What to call each party, base, zone, community, commodity, type, method and area of an instance."""
    names = {party.id: party.name for party in instance.parties}
    names |= {base.id: base.name for base in instance.bases}
    names |= {zone.id: zone.name for zone in instance.zones}
    names |= {community.id: community.name for community in instance.communities}
    names |= {commodity.id: commodity.name for commodity in instance.commodities}
    names |= {aircraft.id: aircraft.name for aircraft in instance.aircraft}
    return names | {method.id: method.name for method in instance.methods}
