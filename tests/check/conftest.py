"""The tiny instance, and a plan for it that keeps every rule."""

import pytest

from instances.schema import Instance
from optimizer.plan import Plan
from tests.check.hand_plan import HAND, tiny, written


@pytest.fixture(scope="session")
def instance() -> Instance:
    return tiny()


@pytest.fixture(scope="session")
def plan(instance: Instance) -> Plan:
    return written(HAND, instance)
