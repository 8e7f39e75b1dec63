"""``python -m optimizer.cli`` is ``aidlift``."""

from optimizer.cli import main

if __name__ == "__main__":
    main()
