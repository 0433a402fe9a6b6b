"""The `steadyrest` command: its groups, and what a failure looks like."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

import typer

from steadyrest.book.version import code_version
from steadyrest.cli import book, contracts, packs, reconcile, reference, renewals, returns, runs, tables
from steadyrest.cli.output import AsJson, emit, fail
from steadyrest.errors import SteadyrestError, UsageError
from steadyrest.text import catalogue

app = typer.Typer(
    name="steadyrest",
    help="Holds good manufacturers through a temporary load / 中心架：运行制造业纾困政策",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
runs.register(app)
book.register(app)
contracts.register(app)
reconcile.register(app)
renewals.register(app)
app.add_typer(packs.app, name="packs")
app.add_typer(reference.app, name="reference")
app.add_typer(returns.app, name="returns")
app.add_typer(tables.app, name="tables")


@app.command()
def version(as_json: AsJson = False) -> None:
    """Version and code hash / 版本"""
    emit({"version": code_version()}, as_json, lambda console: console.print(code_version()))


def main() -> None:
    """Run one command; an error prints a line a language (or one JSON object) and sets the exit code."""
    as_json = "--json" in sys.argv
    try:
        code = app(args=sys.argv[1:] or ["--help"], standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except typer.TyperException as error:
        message = error.format_message() if hasattr(error, "format_message") else str(error)
        if not message and not as_json:
            sys.exit(2)  # a group without a command has shown its help
        _stop(UsageError("call.usage", zh=_kind(error), en=message.rstrip(".")), as_json)
    except (typer.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except SteadyrestError as error:
        _stop(error, as_json)
    except OSError as error:
        path, reason = error.filename or "–", error.strerror or type(error).__name__
        _stop(UsageError("call.system", path=path, reason=reason), as_json)


def _kind(error: Exception) -> str:
    """What is wrong with a command line, in Chinese; the parser itself says it in English only."""
    texts = catalogue()
    return texts.get(f"cli.usage.{type(error).__name__}", texts["cli.usage.other"]).zh


def _stop(error: SteadyrestError, as_json: bool) -> NoReturn:
    fail(error.code, error.message("zh"), error.message("en"), as_json)
    sys.exit(error.exit_code)
