"""Contract terms in the vocabulary of ACTUS: the public names are its terms in snake_case, the acronym beside each.

Amounts and rates are fractions as they were written, in units of the currency and parts of one a year. A term that is
None is not agreed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Final

from steadyrest.contracts.account.cycles import Cycle, Period

ROLE_SIGNS: Final[Mapping[str, int]] = {
    "RPA": 1, "RPL": -1, "COL": 1, "CNO": 1, "LG": 1, "ST": -1, "BUY": 1, "SEL": -1,
    "RFL": 1, "PFL": -1, "RF": 1, "PF": -1,
}  # fmt: skip
"""+1: the contract is a claim of whoever keeps the record. -1: an obligation."""

ONE: Final = Fraction(1)
ZERO: Final = Fraction(0)
AT_ONCE: Final = Period()


@dataclass(frozen=True, slots=True)
class Reference:
    """A contract, or the name of one, that another contract refers to."""

    role: str  # COVE, UDL, ...
    contract_id: str = ""
    contract: Terms | None = None
    market_object_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms of one contract, as of its status date."""

    contract_type: str  # CT
    contract_role: str  # CNTRL
    status_date: datetime  # SD
    contract_id: str = ""  # CID
    currency: str = ""  # CUR
    contract_structure: tuple[Reference, ...] = ()  # CTS
    contract_performance: str = "PF"  # PRF
    market_object_code: str | None = None  # MOC

    # principal
    initial_exchange_date: datetime | None = None  # IED
    premium_discount_at_ied: Fraction = ZERO  # PDIED
    maturity_date: datetime | None = None  # MD
    amortization_date: datetime | None = None  # AMD
    notional_principal: Fraction | None = None  # NT
    cycle_anchor_date_of_principal_redemption: datetime | None = None  # PRANX
    cycle_of_principal_redemption: Cycle | None = None  # PRCL
    next_principal_redemption_payment: Fraction | None = None  # PRNXT
    array_cycle_anchor_date_of_principal_redemption: tuple[datetime, ...] = ()  # ARPRANX
    array_cycle_of_principal_redemption: tuple[Cycle, ...] = ()  # ARPRCL
    array_next_principal_redemption_payment: tuple[Fraction, ...] = ()  # ARPRNXT
    array_increase_decrease: tuple[str, ...] = ()  # ARINCDEC
    x_day_notice: Period = AT_ONCE  # XDN

    # interest
    nominal_interest_rate: Fraction | None = None  # IPNR
    day_count_convention: str | None = None  # IPDC
    level_rate_basis: str = "actual"  # not of ACTUS: a level payment to the day, or from annual / 12 (twelfths)
    accrued_interest: Fraction | None = None  # IPAC
    cycle_anchor_date_of_interest_payment: datetime | None = None  # IPANX
    cycle_of_interest_payment: Cycle | None = None  # IPCL
    array_cycle_anchor_date_of_interest_payment: tuple[datetime, ...] = ()  # ARIPANX
    array_cycle_of_interest_payment: tuple[Cycle, ...] = ()  # ARIPCL
    capitalization_end_date: datetime | None = None  # IPCED
    interest_calculation_base: str = "NT"  # IPCB
    interest_calculation_base_amount: Fraction | None = None  # IPCBA
    cycle_anchor_date_of_interest_calculation_base: datetime | None = None  # IPCBANX
    cycle_of_interest_calculation_base: Cycle | None = None  # IPCBCL

    # rate resets
    cycle_anchor_date_of_rate_reset: datetime | None = None  # RRANX
    cycle_of_rate_reset: Cycle | None = None  # RRCL
    market_object_code_of_rate_reset: str | None = None  # RRMO
    rate_spread: Fraction = ZERO  # RRSP
    rate_multiplier: Fraction = ONE  # RRMLT
    next_reset_rate: Fraction | None = None  # RRNXT
    life_cap: Fraction | None = None  # RRLC
    life_floor: Fraction | None = None  # RRLF
    period_cap: Fraction | None = None  # RRPC
    period_floor: Fraction | None = None  # RRPF
    array_cycle_anchor_date_of_rate_reset: tuple[datetime, ...] = ()  # ARRRANX
    array_cycle_of_rate_reset: tuple[Cycle, ...] = ()  # ARRRCL
    array_rate: tuple[Fraction, ...] = ()  # ARRATE
    array_fixed_variable: tuple[str, ...] = ()  # ARFIXVAR

    # scaling
    scaling_effect: str = "000"  # SCEF
    market_object_code_of_scaling_index: str | None = None  # SCMO
    scaling_index_at_contract_deal_date: Fraction | None = None  # SCCDD
    notional_scaling_multiplier: Fraction = ONE  # SCNT
    interest_scaling_multiplier: Fraction = ONE  # SCIP
    cycle_anchor_date_of_scaling_index: datetime | None = None  # SCANX
    cycle_of_scaling_index: Cycle | None = None  # SCCL

    # fees
    cycle_anchor_date_of_fee: datetime | None = None  # FEANX
    cycle_of_fee: Cycle | None = None  # FECL
    fee_basis: str = "A"  # FEB
    fee_rate: Fraction | None = None  # FER
    fee_accrued: Fraction | None = None  # FEAC

    # early repayment
    prepayment_effect: str = "N"  # PPEF
    penalty_type: str = "N"  # PYTP
    penalty_rate: Fraction = ZERO  # PYRT

    # purchase and termination
    purchase_date: datetime | None = None  # PRD
    price_at_purchase_date: Fraction = ZERO  # PPRD
    termination_date: datetime | None = None  # TD
    price_at_termination_date: Fraction = ZERO  # PTD

    # guarantee
    coverage_of_credit_enhancement: Fraction = ONE  # CECV
    credit_event_type_covered: tuple[str, ...] = ("DF",)  # CETC
    guaranteed_exposure: str = "NO"  # CEGE
    settlement_period: Period = AT_ONCE  # STP

    # times
    business_day_convention: str = "NOS"  # BDC
    calendar: str = "NC"  # CLDR
    end_of_month_convention: str = "SD"  # EOMC
    cycle_point_of_interest_payment: str = "E"  # IPPNT
    cycle_point_of_rate_reset: str = "B"  # RRPNT

    other: Mapping[str, object] = field(default_factory=dict)
    """Terms that change no event of these contract types, as they were given."""

    @property
    def sign(self) -> int:
        """The role sign of every flow and balance."""
        return ROLE_SIGNS[self.contract_role]

    @property
    def lags_interest_base(self) -> bool:
        """Whether interest runs on an amount that follows the balance only at its fixings (NTL)."""
        return self.interest_calculation_base == "NTL"
