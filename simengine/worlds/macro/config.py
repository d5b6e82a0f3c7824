"""Parameters of the macro world: one pydantic model per sector, every value with its unit and its source.

Monthly rates act once a month of four weeks, annual rates are divided by twelve. Among sources, "probe" marks
values that the project's prototypes found to work, "fit" the values of `calibrated.toml`, searched in the
sourced ranges of `calibration.toml`.
"""

from collections import namedtuple
from typing import Annotated, NamedTuple, Self

from pydantic import Field, model_validator

from simengine.config import Config, setting

Share = Annotated[float, Field(ge=0.0, le=1.0)]
Positive = Annotated[float, Field(gt=0.0)]
NonNegative = Annotated[float, Field(ge=0.0)]


class Trend(Config):
    """Growth and the resting values of the rates."""

    productivity_growth_annual: float = setting(0.018, "per year", "BLS, output per hour 1960-2019")
    labour_force_growth_annual: float = setting(
        0.012, "per year", "so that GDP grows 3.0 % a year, BEA 1960-2019"
    )
    inflation_target_annual: float = setting(
        0.032, "per year", "BEA, mean inflation of the GDP deflator 1960-2019"
    )
    neutral_real_rate_annual: float = setting(
        0.018, "per year", "mean federal funds rate less inflation 1960-2019"
    )
    unemployment_natural: Annotated[float, Field(gt=0.0, lt=0.5)] = setting(
        0.06, "share of the labour force", "BLS, mean rate 1960-2019"
    )


class HouseholdRules(Config):
    """Buffer-stock consumption, hand-to-mouth spending, durables, debt."""

    hand_to_mouth_share: Share = setting(0.35, "share", "Kaplan, Violante and Weidner (2014): about a third")
    owner_share: Share = setting(
        0.13, "share", "Survey of Consumer Finances 2019: families with business equity"
    )
    skill_log_sd: NonNegative = setting(0.25, "log", "probe")
    patience_log_sd: NonNegative = setting(0.6, "log", "probe", "spread of target wealth")
    owner_tail: Positive = setting(
        2.0, "exponent", "probe; Vermeulen (2018): US wealth, 1.5", "Pareto exponent of equity shares"
    )
    income_gain_monthly: Share = setting(
        0.0314, "per month", "fit", "how fast permanent income follows income"
    )
    habit_monthly: Share = setting(
        0.909, "per month", "Christiano, Eichenbaum and Evans (2005): .65; fit", ".75 a quarter"
    )
    wealth_gap_monthly: NonNegative = setting(
        0.004, "per month", "Poterba (2000)", "spent of a gap in wealth, .05 a year"
    )
    real_rate_semi_elasticity: NonNegative = setting(
        0.5, "log per unit of the gap", "probe; Havranek (2015): .3 to .4"
    )
    confidence_elasticity: NonNegative = setting(0.7, "elasticity", "fit")
    debt_months: NonNegative = setting(4.0, "months of GDP", "probe (the US ratio rose from 5 to 9)")
    amortisation_monthly: Share = setting(0.01, "share of debt", "probe")
    debt_adjustment_monthly: Share = setting(0.0613, "share of the gap to target debt", "fit")
    debt_rate_semi_elasticity: NonNegative = setting(
        3.3, "log target debt per unit of the annual rate gap", "probe"
    )
    durable_share: Share = setting(
        0.12, "share of consumption at rest", "BEA, durable goods in consumption 1960-2019"
    )
    durable_depreciation_monthly: Positive = setting(
        0.018, "per month", "BEA, consumer durables: about .2 a year"
    )
    durable_gap_monthly: Share = setting(
        0.0218, "share of the gap to the wanted stock", "Caballero (1993): slow; fit"
    )
    durable_confidence_elasticity: NonNegative = setting(
        2.0, "log wanted stock per unit of confidence", "probe"
    )
    durable_rate_semi_elasticity: NonNegative = setting(
        3.0, "log wanted stock per unit of the annual loan-rate gap", "probe"
    )
    durable_loan_share: Share = setting(0.7, "share of purchases that wait for a loan", "probe")
    default_hazard_monthly: Share = setting(
        0.02, "per month", "probe", "of those in debt below the threshold"
    )
    default_threshold_months: NonNegative = setting(0.2, "months of income held in deposits", "probe")
    default_loss: Share = setting(0.5, "share of the loan", "probe")


class FirmRules(Config):
    """Production, hiring, pricing, investment, finance and exit."""

    size_exponent: NonNegative = setting(
        0.35, "exponent", "probe", "Zipf's, of firm sizes, low so that firms do not move GDP"
    )
    markup: Annotated[float, Field(gt=1.0)] = setting(
        1.6, "ratio", "De Loecker, Eeckhout and Unger (2020), over variable cost", "over unit labour cost"
    )
    sales_gain_monthly: Share = setting(0.476, "per month", "fit", "gain of sales expectations")
    inventory_months: NonNegative = setting(0.337, "months of sales", "fit")
    inventory_gap_monthly: Share = setting(0.0834, "share of the gap in stocks made good", "fit")
    labour_gap_monthly: Share = setting(0.35, "share of the gap in staff closed", "probe")
    hours_share: Share = setting(0.65, "share of a labour gap, met by paid hours", "fit")
    hours_limit: NonNegative = setting(0.3, "log", "probe", "deviation of paid hours")
    effort_share: Share = setting(0.43, "share of the rest, met by unpaid effort", "fit")
    effort_limit: NonNegative = setting(0.1, "log", "probe", "deviation of effort")
    utilisation_normal: Share = setting(0.8, "share of capacity", "Federal Reserve G.17, long-run mean")
    utilisation_gain_monthly: Share = setting(0.5, "per month", "probe", "gain of smoothed utilisation")
    depreciation_monthly: Share = setting(0.0083, "per month", "King and Rebelo (1999)", ".10 a year")
    investment_share: Share = setting(0.17, "share of GDP at rest", "BEA, private fixed investment 1960-2019")
    investment_utilisation_slope: NonNegative = setting(
        0.0231, "monthly I/K per unit of the utilisation gap", "fit"
    )
    investment_rate_slope: NonNegative = setting(
        2.71, "share of orders per unit of the annual real loan rate", "fit"
    )
    investment_confidence_slope: NonNegative = setting(3.03, "share of orders per unit of confidence", "fit")
    gestation_months: Positive = setting(11.1, "months", "Kydland and Prescott (1982); fit", "time to build")
    order_probability_monthly: Annotated[float, Field(gt=0.0, le=1.0)] = setting(
        0.591, "per month", "fit", "lumpiness of orders"
    )
    real_rigidity: Share = setting(0.59, "weight", "fit", "weight of the price level in a reset price")
    utilisation_price_slope: NonNegative = setting(
        0.03, "share of the price per unit of the utilisation gap", "probe"
    )
    review_months_mean: Positive = setting(
        5.87, "months", "Bils and Klenow (2004): 4; Nakamura and Steinsson (2008): 8; fit"
    )
    wage_reset_monthly: Share = setting(
        0.0721, "per month", "Barattieri, Basu and Gottschalk (2014): .083; fit"
    )
    wage_catch_up: Share = setting(0.65, "share of the log gap of real wages to productivity", "probe")
    wage_unemployment_slope: NonNegative = setting(1.56, "log wage per unit of the unemployment gap", "fit")
    wage_cut_floor: NonNegative = setting(0.01, "share a reset may cut", "probe, after Bewley (1999)")
    demand_elasticity: Positive = setting(3.0, "elasticity", "Broda and Weinstein (2006): medians of 2 to 4")
    suppliers: Annotated[int, Field(ge=2)] = setting(4, "firms", "probe", "firms a buyer knows")
    loan_months: NonNegative = setting(5.0, "months of sales", "probe")
    leverage_log_sd: NonNegative = setting(0.3, "log", "probe")
    leverage_premium_annual: NonNegative = setting(
        0.01, "per year per unit of loans over capital relative to rest", "probe"
    )
    amortisation_monthly: Share = setting(0.02, "share of loans", "probe")
    loan_adjustment_monthly: Share = setting(0.025, "share of the gap to target loans", "probe")
    investment_loan_share: Share = setting(0.4, "share of investment above trend, borrowed", "probe")
    cash_months: NonNegative = setting(0.5, "months of wages, kept in deposits", "probe")
    payout_monthly: Share = setting(0.3, "share of cash above that", "probe")
    profit_tax: Share = setting(0.2, "share of profit", "US federal rate since 2018: .21")
    profit_gain_monthly: Share = setting(0.3, "per month", "probe", "gain of smoothed profit")
    asset_volatility_annual: NonNegative = setting(
        0.6, "log per year", "probe; measured by Choi and Richardson (2016)"
    )
    recovery: Share = setting(0.55, "share of loans", "Moody's, between senior unsecured bonds and loans")
    exit_capital_loss: Annotated[float, Field(ge=0.0, lt=1.0)] = setting(0.03, "share", "probe")


class LaborRules(Config):
    """Separations, vacancies, matching."""

    separation_monthly: Share = setting(0.034, "share of staff", "Shimer (2005): .034")
    vacancy_rate_normal: Positive = setting(0.03, "share of staff", "JOLTS, openings 2001-2019")
    vacancy_elasticity: NonNegative = setting(
        8.33, "share of normal posts per unit of the lasting staffing gap", "fit"
    )
    vacancy_floor: Share = setting(0.1, "share of normal posts", "probe")
    staff_gain_monthly: Share = setting(0.1, "per month", "probe", "gain of the staff a firm thinks normal")
    recruiting_elasticity: NonNegative = setting(
        13.0, "log intensity per unit of the gap of the moment", "fit"
    )
    participation_slope: Share = setting(0.15, "share of joblessness above normal", "probe", "not counted")
    overstaffing: Share = setting(0.1, "share of target staff kept in excess", "probe")
    layoff_monthly: Share = setting(0.193, "share of the excess", "fit")


class BankRules(Config):
    """Spreads, capital, reserves."""

    spread_base_annual: NonNegative = setting(
        0.0146, "per year", "with losses 2.0 points: Moody's Baa over ten-year Treasuries"
    )
    default_probability_annual: NonNegative = setting(
        0.012, "per year", "Moody's, all rated firms: 1 to 2 % a year", "at rest"
    )
    loss_given_default: Share = setting(
        0.45, "share of loans", "Basel II, foundation approach, senior claims"
    )
    default_slope: NonNegative = setting(
        14.1, "log probability per unit of the clients' utilisation gap", "fit"
    )
    spread_gain_monthly: Share = setting(0.4, "share of the gap to the target spread", "probe")
    deposit_margin_annual: NonNegative = setting(0.012, "per year", "probe", "below the policy rate")
    capital_target: Share = setting(0.105, "share of loans", "Basel III with the conservation buffer")
    capital_minimum: Share = setting(0.05, "share of loans", "FDIC, leverage of the well capitalised")
    capital_cushion: Positive = setting(
        0.03, "share of loans above the minimum at which lending is free", "probe"
    )
    availability_floor: Share = setting(
        0.2, "share of applications", "probe", "least that is granted above the minimum"
    )
    capital_slope: NonNegative = setting(0.3, "annual spread per unit of missing capital ratio", "probe")
    payout_monthly: Share = setting(0.1, "share of capital above target", "probe")
    reserve_ratio: Share = setting(0.1, "share of deposits", "Regulation D until 2020")
    failure_capital: float = setting(0.02, "share of loans", "FDIC, critically undercapitalised")
    rescue_capital: Share = setting(0.08, "share of loans", "Basel I, total capital")


class GovernmentRules(Config):
    """Spending, taxes, unemployment insurance, debt."""

    purchases_share: Share = setting(
        0.08, "share of GDP; with public wages .19", "BEA, government 1960-2019: .2"
    )
    employment_share: Share = setting(0.16, "share of jobs", "BLS, government payrolls")
    benefit_replacement: Share = setting(0.45, "share of the wage", "US Department of Labor")
    benefit_months: Annotated[int, Field(ge=0)] = setting(6, "months", "US unemployment insurance: 26 weeks")
    benefit_floor: Share = setting(0.20, "share of the wage after that", "probe")
    tax_progressivity: NonNegative = setting(0.06, "tax rate per log of relative income", "probe")
    tax_limit: Share = setting(0.5, "share", "probe", "highest rate")
    debt_months: NonNegative = setting(
        5.0, "months of GDP", "federal debt held by the public 1960-2019: .4 of a year"
    )
    debt_rule: NonNegative = setting(0.02, "annual tax rate per month of GDP", "probe, after Bohn (1998)")
    treasury_months: NonNegative = setting(0.2, "months of GDP, held in cash", "probe")


class CentralBankRules(Config):
    """An inertial Taylor rule, Clarida, Gali and Gertler (2000)."""

    smoothing_quarterly: Share = setting(0.792, "per quarter", "Clarida, Gali and Gertler (2000): .79; fit")
    inflation_response: NonNegative = setting(
        1.67, "points per point", "Taylor (1993): 1.5; Clarida, Gali and Gertler (2000): 2.15; fit"
    )
    output_response: NonNegative = setting(
        0.465, "points per point", "Taylor (1993): .5; Clarida, Gali and Gertler (2000): .93; fit"
    )
    rate_floor_annual: float = setting(0.0, "per year", says="the zero lower bound")


class ExpectationRules(Config):
    """Inflation expectations: partly anchored at the target, partly learned."""

    anchoring: Share = setting(0.475, "weight", "fit", "weight of the target")
    learning_monthly: Share = setting(0.12, "per month", "probe", "gain of learned inflation")
    indexation: Share = setting(
        1.0, "share", "Christiano, Eichenbaum and Evans (2005)", "of prices and wages between resets"
    )
    unemployment_gain_monthly: Share = setting(0.35, "per month", "probe", "gain of smoothed unemployment")


class EquityRules(Config):
    """What a share in the economy's firms is worth, relative to their book value at rest."""

    profit_elasticity: NonNegative = setting(
        0.4, "share of the price per unit of the gap in profits", "probe"
    )
    confidence_elasticity: NonNegative = setting(1.2, "log price per unit of confidence", "probe")
    rate_semi_elasticity: NonNegative = setting(
        4.0, "log price per unit of the annual real rate gap", "probe"
    )
    price_gain_monthly: Share = setting(0.2, "share of the gap between value and price closed", "probe")
    wealth_effect_monthly: NonNegative = setting(
        0.002, "per month", "probe", "spent of capital gains, .024 a year"
    )


class RewardWeights(Config):
    """What learning agents are paid for; rewards move nothing by themselves (`rewards.py`)."""

    risk_aversion: NonNegative = setting(1.0, "relative", "Chetty (2006), AER 96: about 1", "of households")
    frisch_elasticity: Positive = setting(
        0.5, "elasticity", "Chetty, Guren, Manoli and Weber (2011), AER 101: .5", "of hours"
    )
    disutility: NonNegative = setting(
        0.8, "weight", "interior choices for wages of .8 of spending", "of a normal month's work"
    )
    strain: NonNegative = setting(
        5.0, "weight", "probe", "of firms, per squared log of hours and squared gap of utilisation"
    )
    debt: NonNegative = setting(
        0.002, "weight", "probe", "of government, per squared month of GDP off target"
    )
    output_gap: NonNegative = setting(
        0.25, "weight", "Woodford (2003): below 1", "of the central bank, per squared point"
    )
    rate_change: NonNegative = setting(
        1.0, "weight", "Rudebusch and Svensson (1999): .5", "per squared point of a meeting"
    )


class Disturbances(Config):
    """The exogenous processes, AR(1): `sd` of a quarter's innovation, `rho` persistence of a quarter."""

    productivity_sd: NonNegative = setting(0.007, "log", "Cooley and Prescott (1995)")
    productivity_rho: Share = setting(0.95, "per quarter", "Cooley and Prescott (1995)")
    confidence_sd: NonNegative = setting(0.0125, "log", "fit")
    confidence_rho: Share = setting(0.871, "per quarter", "fit")
    cost_sd: NonNegative = setting(0.003, "log", "probe")
    cost_rho: Share = setting(0.7, "per quarter", "probe")
    monetary_sd: NonNegative = setting(0.001, "per year", "probe")
    monetary_rho: Share = setting(0.5, "per quarter", "probe")
    government_sd: NonNegative = setting(0.03, "log", "probe")
    government_rho: Share = setting(0.85, "per quarter", "probe")
    wage_sd: NonNegative = setting(0.00701, "log", "fit")
    wage_rho: Share = setting(0.737, "per quarter", "fit")
    credit_sd: NonNegative = setting(0.00286, "per year", "fit")
    credit_rho: Share = setting(0.7, "per quarter", "probe")
    target_sd: NonNegative = setting(0.00192, "per year", "fit")
    target_rho: Share = setting(0.97, "per quarter", "probe")


class Luck(Config):
    """Switches of chance, and the luck of single firms, AR(1) in logs."""

    aggregate: Share = setting(1.0, "share", says="1 on, 0 off: the shared processes")
    individual: Share = setting(1.0, "share", says="1 on, 0 off: firms' and households' own luck")
    matching: Share = setting(1.0, "share", says="1 on, 0 off: separations and matches")
    firm_productivity_sd_monthly: NonNegative = setting(0.01, "log per month", "probe")
    firm_productivity_rho_monthly: Share = setting(
        0.98, "per month", "Foster, Haltiwanger and Syverson (2008): .8 a year"
    )
    firm_demand_sd_monthly: NonNegative = setting(0.02, "log per month", "probe")
    firm_demand_rho_monthly: Share = setting(0.97, "per month", "probe")


class MacroConfig(Config):
    """The whole macro world."""

    households: Annotated[int, Field(ge=20)] = setting(
        100, "agents", says="dynasties, whose members grow with the labour force"
    )
    firms: Annotated[int, Field(ge=3)] = setting(20, "agents")
    banks: Annotated[int, Field(ge=1)] = setting(5, "agents")
    warmup_years: Annotated[int, Field(ge=0)] = setting(
        8, "years", "probe", "run before the first recorded tick"
    )
    trend: Trend = Trend()
    household: HouseholdRules = HouseholdRules()
    firm: FirmRules = FirmRules()
    labor: LaborRules = LaborRules()
    bank: BankRules = BankRules()
    government: GovernmentRules = GovernmentRules()
    central_bank: CentralBankRules = CentralBankRules()
    expectations: ExpectationRules = ExpectationRules()
    equity: EquityRules = EquityRules()
    rewards: RewardWeights = RewardWeights()
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
EquityParams = namedtuple("EquityParams", tuple(EquityRules.model_fields))  # type: ignore[misc]


class Params(NamedTuple):
    """The sections that compiled kernels read, as named tuples of the same numbers."""

    household: HouseholdParams
    firm: FirmParams
    labor: LaborParams
    bank: BankParams
    expectations: ExpectationParams
    equity: EquityParams


def params(config: MacroConfig) -> Params:
    """The kernels' parameters of a configuration."""
    return Params(
        HouseholdParams(**config.household.model_dump()),
        FirmParams(**config.firm.model_dump()),
        LaborParams(**config.labor.model_dump()),
        BankParams(**config.bank.model_dump()),
        ExpectationParams(**config.expectations.model_dump()),
        EquityParams(**config.equity.model_dump()),
    )
