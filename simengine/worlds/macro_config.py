"""Parameters of the macro world: one pydantic model per sector, every value with its unit in its name.

Monthly rates act once a month of four weeks, annual rates are divided by twelve. Sources are given where a value
is taken from the literature; "probe" marks values that the project's prototypes found to work.
"""

from collections import namedtuple
from typing import Annotated, NamedTuple, Self

from pydantic import Field, model_validator

from simengine.config import Config

Share = Annotated[float, Field(ge=0.0, le=1.0)]
Positive = Annotated[float, Field(gt=0.0)]
NonNegative = Annotated[float, Field(ge=0.0)]


class Trend(Config):
    """Growth and the resting values of the rates."""

    productivity_growth_annual: float = 0.018  # BEA, output per hour 1960-2019
    labour_force_growth_annual: float = 0.012  # a household is a dynasty whose members grow at this rate
    inflation_target_annual: float = 0.032  # mean GDP-deflator inflation 1960-2019
    neutral_real_rate_annual: float = 0.018  # Laubach and Williams (2003)
    unemployment_natural: Annotated[float, Field(gt=0.0, lt=0.5)] = 0.06


class HouseholdRules(Config):
    """Buffer-stock consumption, hand-to-mouth spending, debt."""

    hand_to_mouth_share: Share = 0.30  # Kaplan, Violante and Weidner (2014)
    owner_share: Share = 0.10  # Survey of Consumer Finances: share of families with business equity
    skill_log_sd: NonNegative = 0.25
    patience_log_sd: NonNegative = 0.6  # spread of target wealth (probe)
    owner_tail: Positive = 2.0  # Pareto exponent of equity shares, Vermeulen (2018)
    income_gain_monthly: Share = 0.05  # how fast permanent income follows income (probe)
    habit_monthly: Share = 0.85  # .6 a quarter, Christiano, Eichenbaum and Evans (2005)
    wealth_gap_monthly: NonNegative = (
        0.004  # marginal propensity to consume out of the wealth gap, .05 a year
    )
    real_rate_semi_elasticity: NonNegative = 0.5  # log consumption per unit of the annual real rate gap
    confidence_elasticity: NonNegative = 1.0
    debt_months: NonNegative = 4.0  # household debt over monthly GDP (probe; the US ratio rose from 5 to 9)
    amortisation_monthly: Share = 0.01
    debt_adjustment_monthly: Share = 0.02
    debt_rate_semi_elasticity: NonNegative = 2.0
    default_hazard_monthly: Share = 0.02
    default_threshold_months: NonNegative = (
        0.2  # defaults strike below this many months of income in deposits
    )
    default_loss: Share = 0.5


class FirmRules(Config):
    """Production, hiring, pricing, investment, finance and exit."""

    size_exponent: NonNegative = 0.35  # Zipf exponent of firm sizes, held down by the granularity bound
    markup: Annotated[float, Field(gt=1.0)] = 1.45  # over unit labour cost; labour share 69 % of value added
    sales_gain_monthly: Share = 0.3  # gain of sales expectations
    inventory_months: NonNegative = 0.6
    inventory_gap_monthly: Share = 0.12
    labour_gap_monthly: Share = 0.25  # share of the staffing gap closed
    hours_share: Share = 0.6  # share of a labour gap met by paid hours
    hours_limit: NonNegative = 0.3  # log deviation of paid hours
    effort_share: Share = 0.8  # share of the rest met by unpaid effort (labour hoarding)
    effort_limit: NonNegative = 0.1
    utilisation_normal: Share = 0.8
    utilisation_gain_monthly: Share = 0.5
    depreciation_monthly: Share = 0.0083
    investment_share: Share = 0.17  # of GDP at rest
    investment_utilisation_slope: NonNegative = 0.02  # monthly I/K per unit of the utilisation gap
    investment_rate_slope: NonNegative = (
        1.0  # share of replacement per percentage-point-like unit of the real loan rate
    )
    investment_confidence_slope: NonNegative = 1.0
    gestation_months: Positive = 8.0  # Kydland and Prescott (1982): time to build
    order_probability_monthly: Annotated[float, Field(gt=0.0, le=1.0)] = 0.6
    price_indexation: Share = 1.0
    real_rigidity: Share = 0.6  # weight of the price level in a reset price (Kimball-like)
    utilisation_price_slope: NonNegative = 0.1
    review_months_mean: Positive = 9.0  # Nakamura and Steinsson (2008): regular prices last 8-11 months
    wage_reset_monthly: Share = 0.09  # Barattieri, Basu and Gottschalk (2014): about four quarters
    wage_catch_up: Share = 0.6
    wage_unemployment_slope: NonNegative = 0.4
    wage_cut_floor: NonNegative = 0.01
    demand_elasticity: Positive = 3.0
    suppliers: Annotated[int, Field(ge=3, le=5)] = 4
    relink_monthly: Share = 0.02
    loan_months: NonNegative = 5.0  # loans over monthly sales
    leverage_log_sd: NonNegative = 0.3
    leverage_premium_annual: NonNegative = 0.01  # per unit of loans over capital value above its own at rest
    amortisation_monthly: Share = 0.02
    loan_adjustment_monthly: Share = 0.04
    investment_loan_share: Share = 0.5
    cash_months: NonNegative = 0.5  # deposits kept, months of wages
    payout_monthly: Share = 0.3  # share of cash above that paid as dividends
    profit_tax: Share = 0.2
    profit_gain_monthly: Share = 0.3
    asset_volatility_annual: NonNegative = (
        0.6  # Choi and Richardson (2016): asset volatility of levered firms
    )
    recovery: Share = 0.55  # of loans, Moody's average for senior unsecured and loans
    exit_capital_loss: Share = 0.03


class LaborRules(Config):
    """Separations, vacancies, matching."""

    separation_monthly: Share = 0.03  # JOLTS, total separations 3.5 %
    vacancy_rate_normal: Positive = 0.03
    vacancy_elasticity: NonNegative = 8.0
    vacancy_scale: Positive = (
        0.93  # below one because luck makes the mean of a convex rule exceed its value at rest
    )
    indivisible_worker: NonNegative = 0.25  # staffing gaps below this many workers move no vacancies
    overstaffing: Share = 0.12
    layoff_monthly: Share = 0.4
    vacancy_floor: float = -2.5
    vacancy_cap: float = 1.8


class BankRules(Config):
    """Spreads, capital, reserves."""

    spread_base_annual: NonNegative = 0.0146
    default_probability_annual: NonNegative = 0.012
    loss_given_default: Share = 0.45
    default_slope: NonNegative = 5.0  # log PD per unit of the clients' utilisation gap
    spread_gain_monthly: Share = 0.4
    deposit_margin_annual: NonNegative = 0.012
    capital_target: Share = 0.105
    capital_minimum: Share = 0.05
    capital_cushion: Positive = 0.03
    availability_floor: Share = 0.2
    capital_slope: NonNegative = 0.3
    payout_monthly: Share = 0.1
    reserve_ratio: Share = 0.1
    failure_capital: float = 0.02
    rescue_capital: Share = 0.08


class GovernmentRules(Config):
    """Spending, taxes, unemployment insurance, debt."""

    purchases_share: Share = 0.08  # of GDP
    employment_share: Share = 0.16  # of jobs
    benefit_replacement: Share = 0.45
    benefit_months: Annotated[int, Field(ge=0)] = 6
    benefit_floor: Share = 0.20
    tax_progressivity: NonNegative = 0.06
    tax_limit: Share = 0.5
    debt_months: NonNegative = 5.0
    debt_rule: NonNegative = 0.02
    treasury_months: NonNegative = 0.2


class CentralBankRules(Config):
    """An inertial Taylor rule, Clarida, Gali and Gertler (2000), in unemployment gaps."""

    smoothing_quarterly: Share = 0.87
    inflation_response: NonNegative = 1.5
    output_response: NonNegative = 0.5
    okun: NonNegative = 2.0
    rate_floor_annual: float = 0.0


class ExpectationRules(Config):
    """Inflation expectations: partly anchored at the target, partly learned."""

    anchoring: Share = 0.5
    learning_monthly: Share = 0.15
    unemployment_gain_monthly: Share = 0.35


class Disturbances(Config):
    """Standard deviations (per quarter) and persistence (quarterly) of the exogenous processes, in logs or annual rates."""

    productivity_sd: NonNegative = 0.006
    productivity_rho: Share = 0.95
    confidence_sd: NonNegative = 0.012
    confidence_rho: Share = 0.75
    cost_sd: NonNegative = 0.003
    cost_rho: Share = 0.7
    monetary_sd: NonNegative = 0.0002
    monetary_rho: Share = 0.5
    government_sd: NonNegative = 0.015
    government_rho: Share = 0.85
    wage_sd: NonNegative = 0.012
    wage_rho: Share = 0.8
    credit_sd: NonNegative = 0.003
    credit_rho: Share = 0.8
    target_sd: NonNegative = 0.002
    target_rho: Share = 0.97


class Luck(Config):
    """Switches of chance: 1 on, 0 off. ``matching`` also holds separations, ``individual`` firm and household luck."""

    aggregate: Share = 1.0
    individual: Share = 1.0
    matching: Share = 1.0
    firm_productivity_sd_monthly: NonNegative = 0.01
    firm_productivity_rho_monthly: Share = 0.98
    firm_demand_sd_monthly: NonNegative = 0.02
    firm_demand_rho_monthly: Share = 0.97


class MacroConfig(Config):
    """The whole macro world."""

    households: Annotated[int, Field(ge=20)] = 100
    firms: Annotated[int, Field(ge=3)] = 20
    banks: Annotated[int, Field(ge=1)] = 5
    warmup_years: Annotated[int, Field(ge=0)] = 8
    trend: Trend = Trend()
    household: HouseholdRules = HouseholdRules()
    firm: FirmRules = FirmRules()
    labor: LaborRules = LaborRules()
    bank: BankRules = BankRules()
    government: GovernmentRules = GovernmentRules()
    central_bank: CentralBankRules = CentralBankRules()
    expectations: ExpectationRules = ExpectationRules()
    disturbances: Disturbances = Disturbances()
    luck: Luck = Luck()

    @model_validator(mode="after")
    def _every_buyer_finds_its_suppliers(self) -> Self:
        if self.firm.suppliers > self.firms:
            raise ValueError(
                f"firm.suppliers is {self.firm.suppliers} (at most firms, which is {self.firms})"
            )
        return self


HouseholdParams = namedtuple("HouseholdParams", tuple(HouseholdRules.model_fields))  # type: ignore[misc]
FirmParams = namedtuple("FirmParams", tuple(FirmRules.model_fields))  # type: ignore[misc]
LaborParams = namedtuple("LaborParams", tuple(LaborRules.model_fields))  # type: ignore[misc]
BankParams = namedtuple("BankParams", tuple(BankRules.model_fields))  # type: ignore[misc]
ExpectationParams = namedtuple("ExpectationParams", tuple(ExpectationRules.model_fields))  # type: ignore[misc]


class Params(NamedTuple):
    """The sections that compiled kernels read, as named tuples of the same numbers."""

    household: HouseholdParams
    firm: FirmParams
    labor: LaborParams
    bank: BankParams
    expectations: ExpectationParams


def params(config: MacroConfig) -> Params:
    """Return the kernels' parameters of a configuration."""
    return Params(
        HouseholdParams(**config.household.model_dump()),
        FirmParams(**config.firm.model_dump()),
        LaborParams(**config.labor.model_dump()),
        BankParams(**config.bank.model_dump()),
        ExpectationParams(**config.expectations.model_dump()),
    )
