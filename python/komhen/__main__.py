"""``python -m komhen`` is the command line, and so is the command ``komhen``."""

import sys


def run() -> int:
    """The command line's exit status. Ctrl-C while its rooms are loaded is Ctrl-C as well."""
    try:
        from .cli import main

        return main()
    except KeyboardInterrupt:
        print("komhen: stopped", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(run())
