"""The files that pages are made of, and the templates with everything escaped."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

FOLDER: Final = Path(__file__).parents[1] / "assets"


@cache
def asset(name: str) -> str:
    """The text of a file in ``reports/assets``."""
    return (FOLDER / name).read_text(encoding="utf-8")


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def script_hash(code: str) -> str:
    """The source expression that lets a content security policy run this script and no other."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"


def data_block(data: object) -> Markup:
    """JSON that can stand in a page: nothing in it can end the block it stands in."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for letter, code in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(letter, code)
    return Markup(text)  # noqa: S704  # no angle bracket and no ampersand is left in it


def _leaflet_css() -> str:
    """Leaflet's style without the pictures that a page of one file cannot have and does not use."""
    lines = asset("leaflet.css").splitlines()
    return "\n".join(line for line in lines if "url(" not in line)


def render(template: str, data: object, values: Mapping[str, Any], with_map: bool) -> str:
    """A page as one file that needs no network.

    Parameters
    ----------
    template : str
        File in ``reports/assets``.
    data : object
        What its script reads, as JSON.
    values : mapping
        What the template shows; texts are escaped there.
    with_map : bool
        Whether the page needs the map library.
    """
    scripts = [asset("leaflet.js").rpartition("//# sourceMappingURL")[0]] if with_map else []
    scripts.append(asset("page.js"))
    styles = [_leaflet_css()] if with_map else []
    styles.append(asset("page.css"))
    policy = (
        f"default-src 'none'; script-src {' '.join(map(script_hash, scripts))}; "
        "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    return (
        _templates()
        .get_template(template)
        .render(
            policy=policy,
            scripts=[Markup(code) for code in scripts],  # noqa: S704  # our own files
            style=Markup("\n".join(styles)),  # noqa: S704  # our own files
            data=data_block(data),
            **values,
        )
    )
