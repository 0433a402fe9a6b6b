"""The command line: one file a command group; every command prints text for a person or, with `--json`, one object.

Exit codes: 0 done; 1 something failed its check; 2 the call is wrong; 3 a file cannot be used; 4 rules or packs are
wrong; 5 a run folder cannot be used; 130 stopped by the user.
"""

from steadyrest.cli.main import main

__all__ = ["main"]
