"""``python -m tests.cli.with_fake NAME ...`` is ``aidlift ...`` without the real solver."""

import sys
from pathlib import Path

if __name__ == "__main__":
    from instances import folders
    from optimizer import runs
    from optimizer.cli import main

    folders.LIBRARY = Path("no library")
    runs.SOLVE = f"tests.cli.fakes:{sys.argv.pop(1)}"
    runs.REACHABLE = "tests.cli.fakes:reaching"
    main()
