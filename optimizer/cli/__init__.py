"""The command line: the only place that sees instances, optimizer and reports together, and that prints."""

from __future__ import annotations

import time


def main() -> None:
    """Run ``aidlift``; leaves with the exit code of the command."""
    started = time.monotonic()
    # Each solver process imports this package again through the script that started us.
    from optimizer.cli.app import app

    app(obj=started, prog_name="aidlift")
