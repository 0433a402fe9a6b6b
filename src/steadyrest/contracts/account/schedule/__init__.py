"""From terms to a resolved schedule: one function a contract type, and contract type logic nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from steadyrest.contracts.account.faults import TermsError
from steadyrest.contracts.account.market import Market, Observed
from steadyrest.contracts.account.operations import Resolved
from steadyrest.contracts.account.schedule import ann, ceg, lam, lax, nam, pam, revolving
from steadyrest.contracts.account.schedule.common import Setting
from steadyrest.contracts.account.terms import Terms

Schedule = Callable[[Setting], Resolved]


def _guarantee(setting: Setting) -> Resolved:
    return ceg.schedule(setting, _resolve)


SCHEDULES: Final[Mapping[str, Schedule]] = {
    "PAM": pam.schedule,
    "LAM": lam.schedule,
    "NAM": nam.schedule,
    "ANN": ann.schedule,
    "LAX": lax.schedule,
    "CLM": revolving.call_money,
    "UMP": revolving.undefined_maturity,
    "CEG": _guarantee,
}


def resolve(
    terms: Terms,
    market: Market | None = None,
    observed: tuple[Observed, ...] = (),
    horizon: datetime | None = None,
) -> Resolved:
    """The operations of a contract in order. `horizon` ends what has no end of its own; it is not part of the contract.

    Impossible or missing terms are a `TermsError`.
    """
    return _resolve(Setting(terms, market or Market(), observed, horizon))


def _resolve(setting: Setting) -> Resolved:
    kind = setting.terms.contract_type
    if kind not in SCHEDULES:
        raise TermsError("type_without_engine", "contract_type", value=kind, allowed=", ".join(SCHEDULES))
    return SCHEDULES[kind](setting)
