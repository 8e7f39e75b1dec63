"""What a plan says about where it comes from."""

from __future__ import annotations

import platform
from importlib.metadata import version

from instances.schema import Instance
from optimizer.campaign.settings import SETTINGS
from optimizer.mission import refusal_counts
from optimizer.network import Network
from optimizer.options import Options
from optimizer.plan import Plan, Refused, Status

PACKAGES = ("aidlift", "astral", "highspy", "ortools", "pandas", "pulp", "pydantic", "pyproj", "shapely")


def header(instance: Instance, options: Options, net: Network) -> Plan:
    """A plan without records: instance, options, versions, and the missions refused."""
    return Plan(
        instance=instance.header.id,
        instance_sha256=instance.sha256,
        options=options,
        status=Status.FEASIBLE,
        settings=tuple(SETTINGS.model_dump().items()),
        versions=(*((name, version(name)) for name in PACKAGES), ("python", platform.python_version())),
        refused=tuple(
            Refused(party=party, reason=reason, count=n, example=example)
            for party, reason, n, example in refusal_counts(net.refusals)
        ),
    )
