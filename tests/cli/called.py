"""A call of the command in this process: its exit code and what it wrote."""

from __future__ import annotations

import json
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from typing import Any
from unittest.mock import patch

import pytest

from steadyrest.cli import main


@dataclass(frozen=True, slots=True)
class Called:
    """What a call left behind."""

    code: object
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one object on standard output; anything beside it does not parse."""
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


def call(*args: object, **env: str) -> Called:
    """Run `steadyrest ARGS`; whatever ends it other than an exit is a failure of the test."""
    out, err = StringIO(), StringIO()
    argv, where = ["steadyrest", *map(str, args)], {"COLUMNS": "80", **env}
    with (
        patch.object(sys, "argv", argv),
        patch.dict(os.environ, where),
        redirect_stdout(out),
        redirect_stderr(err),
        pytest.raises(SystemExit) as ended,
    ):
        main()
    return Called(ended.value.code, out.getvalue(), err.getvalue())
