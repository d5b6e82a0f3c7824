"""Parameters of the macro world: one pydantic model per sector, every value with its unit and its source.

Monthly rates act once a month of four weeks, annual rates are divided by twelve; a name without a unit is a
pure number, as its comment says. "probe" marks values that the project's prototypes found to work, "fit" the
values of ``studies/macro_calibrated.toml``, searched in the sourced ranges of ``macro_calibration.toml``.
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

    productivity_growth_annual: float = 0.018  # BLS, output per hour 1960-2019
    labour_force_growth_annual: float = 0.012  # so that GDP grows 3.0 % a year, BEA 1960-2019
    inflation_target_annual: float = 0.032  # BEA, mean inflation of the GDP deflator 1960-2019
    neutral_real_rate_annual: float = 0.018  # mean federal funds rate less inflation 1960-2019
    unemployment_natural: Annotated[float, Field(gt=0.0, lt=0.5)] = 0.06  # share; BLS, mean rate 1960-2019


class HouseholdRules(Config):
    """Buffer-stock consumption, hand-to-mouth spending, durables, debt."""

    hand_to_mouth_share: Share = 0.35  # Kaplan, Violante and Weidner (2014): about a third
    owner_share: Share = 0.13  # Survey of Consumer Finances 2019: families with business equity
    skill_log_sd: NonNegative = 0.25  # probe
    patience_log_sd: NonNegative = 0.6  # spread of target wealth; probe
    owner_tail: Positive = 2.0  # Pareto exponent of equity shares; probe; Vermeulen (2018): US wealth, 1.5
    income_gain_monthly: Share = 0.0314  # how fast permanent income follows income; fit
    habit_monthly: Share = 0.909  # .75 a quarter; Christiano, Eichenbaum and Evans (2005): .65; fit
    wealth_gap_monthly: NonNegative = 0.004  # spent of a gap in wealth, .05 a year; Poterba (2000)
    real_rate_semi_elasticity: NonNegative = 0.5  # log per unit of the gap; probe; Havranek (2015): .3 to .4
    confidence_elasticity: NonNegative = 0.7  # fit
    debt_months: NonNegative = 4.0  # of GDP; probe (the US ratio rose from 5 to 9)
    amortisation_monthly: Share = 0.01  # share of debt; probe
    debt_adjustment_monthly: Share = 0.0613  # share of the gap to target debt; fit
    debt_rate_semi_elasticity: NonNegative = 3.3  # log target debt per unit of the annual rate gap; probe
    durable_share: Share = 0.12  # of consumption at rest; BEA, durable goods in consumption 1960-2019
    durable_depreciation_monthly: Positive = 0.018  # share; BEA, consumer durables: about .2 a year
    durable_gap_monthly: Share = 0.0218  # share of the gap to the wanted stock; Caballero (1993): slow; fit
    durable_confidence_elasticity: NonNegative = 2.0  # log wanted stock per unit of confidence; probe
    durable_rate_semi_elasticity: NonNegative = (
        3.0  # log wanted stock per unit of the annual loan-rate gap; probe
    )
    durable_loan_share: Share = 0.7  # of purchases that wait for a loan; probe
    default_hazard_monthly: Share = 0.02  # of those in debt below the threshold; probe
    default_threshold_months: NonNegative = 0.2  # of income held in deposits; probe
    default_loss: Share = 0.5  # share of the loan; probe


class FirmRules(Config):
    """Production, hiring, pricing, investment, finance and exit."""

    size_exponent: NonNegative = 0.35  # Zipf exponent of firm sizes, low so that firms do not move GDP; probe
    markup: Annotated[float, Field(gt=1.0)] = (
        1.6  # over unit labour cost; De Loecker, Eeckhout and Unger (2020), over variable cost
    )
    sales_gain_monthly: Share = 0.476  # gain of sales expectations; fit
    inventory_months: NonNegative = 0.337  # of sales; fit
    inventory_gap_monthly: Share = 0.0834  # share of the gap in stocks made good; fit
    labour_gap_monthly: Share = 0.35  # share of the gap in staff closed; probe
    hours_share: Share = 0.65  # of a labour gap, met by paid hours; fit
    hours_limit: NonNegative = 0.3  # log deviation of paid hours; probe
    effort_share: Share = 0.43  # of the rest, met by unpaid effort; fit
    effort_limit: NonNegative = 0.1  # log deviation of effort; probe
    utilisation_normal: Share = 0.8  # share of capacity; Federal Reserve G.17, long-run mean
    utilisation_gain_monthly: Share = 0.5  # gain of smoothed utilisation; probe
    depreciation_monthly: Share = 0.0083  # share, .10 a year; King and Rebelo (1999)
    investment_share: Share = 0.17  # of GDP at rest; BEA, private fixed investment 1960-2019
    investment_utilisation_slope: NonNegative = 0.0231  # monthly I/K per unit of the utilisation gap; fit
    investment_rate_slope: NonNegative = 2.71  # share of orders per unit of the annual real loan rate; fit
    investment_confidence_slope: NonNegative = 3.03  # share of orders per unit of confidence; fit
    gestation_months: Positive = 11.1  # time to build, Kydland and Prescott (1982); fit
    order_probability_monthly: Annotated[float, Field(gt=0.0, le=1.0)] = 0.591  # lumpiness of orders; fit
    real_rigidity: Share = 0.59  # weight of the price level in a reset price; fit
    utilisation_price_slope: NonNegative = 0.03  # share of the price per unit of the utilisation gap; probe
    review_months_mean: Positive = 5.87  # Bils and Klenow (2004): 4; Nakamura and Steinsson (2008): 8; fit
    wage_reset_monthly: Share = 0.0721  # hazard; Barattieri, Basu and Gottschalk (2014): .083; fit
    wage_catch_up: Share = 0.65  # share of the log gap of real wages to productivity; probe
    wage_unemployment_slope: NonNegative = 1.56  # log wage per unit of the unemployment gap; fit
    wage_cut_floor: NonNegative = 0.01  # share a reset may cut; probe, after Bewley (1999)
    demand_elasticity: Positive = 3.0  # Broda and Weinstein (2006): medians of 2 to 4
    suppliers: Annotated[int, Field(ge=3, le=5)] = 4  # firms a buyer knows; probe
    loan_months: NonNegative = 5.0  # of sales; probe
    leverage_log_sd: NonNegative = 0.3  # probe
    leverage_premium_annual: NonNegative = 0.01  # per unit of loans over capital relative to rest; probe
    amortisation_monthly: Share = 0.02  # share of loans; probe
    loan_adjustment_monthly: Share = 0.025  # share of the gap to target loans; probe
    investment_loan_share: Share = 0.4  # of investment above trend, borrowed; probe
    cash_months: NonNegative = 0.5  # of wages, kept in deposits; probe
    payout_monthly: Share = 0.3  # share of cash above that; probe
    profit_tax: Share = 0.2  # share; US federal rate since 2018: .21
    profit_gain_monthly: Share = 0.3  # gain of smoothed profit; probe
    asset_volatility_annual: NonNegative = 0.6  # log; probe; measured by Choi and Richardson (2016)
    recovery: Share = 0.55  # share of loans; Moody's, between senior unsecured bonds and loans
    exit_capital_loss: Share = 0.03  # share; probe


class LaborRules(Config):
    """Separations, vacancies, matching."""

    separation_monthly: Share = 0.034  # share of staff; Shimer (2005): .034
    vacancy_rate_normal: Positive = 0.03  # share of staff; JOLTS, openings 2001-2019
    vacancy_elasticity: NonNegative = 8.33  # share of normal posts per unit of the lasting staffing gap; fit
    vacancy_floor: Share = 0.1  # share of normal posts; probe
    staff_gain_monthly: Share = 0.1  # gain of the staff a firm thinks normal; probe
    recruiting_elasticity: NonNegative = 13.0  # log intensity per unit of the gap of the moment; fit
    participation_slope: Share = 0.15  # of joblessness above normal, not counted; probe
    overstaffing: Share = 0.1  # share of target staff kept in excess; probe
    layoff_monthly: Share = 0.193  # share of the excess; fit


class BankRules(Config):
    """Spreads, capital, reserves."""

    spread_base_annual: NonNegative = 0.0146  # with losses 2.0 points: Moody's Baa over ten-year Treasuries
    default_probability_annual: NonNegative = 0.012  # at rest; Moody's, all rated firms: 1 to 2 % a year
    loss_given_default: Share = 0.45  # share of loans; Basel II, foundation approach, senior claims
    default_slope: NonNegative = 14.1  # log probability per unit of the clients' utilisation gap; fit
    spread_gain_monthly: Share = 0.4  # share of the gap to the target spread; probe
    deposit_margin_annual: NonNegative = 0.012  # below the policy rate; probe
    capital_target: Share = 0.105  # share of loans; Basel III with the conservation buffer
    capital_minimum: Share = 0.05  # share of loans; FDIC, leverage of the well capitalised
    capital_cushion: Positive = 0.03  # share of loans above the minimum at which lending is free; probe
    availability_floor: Share = 0.2  # least share of applications granted above the minimum; probe
    capital_slope: NonNegative = 0.3  # annual spread per unit of missing capital ratio; probe
    payout_monthly: Share = 0.1  # share of capital above target; probe
    reserve_ratio: Share = 0.1  # of deposits; Regulation D until 2020
    failure_capital: float = 0.02  # share of loans; FDIC, critically undercapitalised
    rescue_capital: Share = 0.08  # share of loans; Basel I, total capital


class GovernmentRules(Config):
    """Spending, taxes, unemployment insurance, debt."""

    purchases_share: Share = 0.08  # of GDP; with public wages .19; BEA, government 1960-2019: .2
    employment_share: Share = 0.16  # of jobs; BLS, government payrolls
    benefit_replacement: Share = 0.45  # share of the wage; US Department of Labor
    benefit_months: Annotated[int, Field(ge=0)] = 6  # 26 weeks, US unemployment insurance
    benefit_floor: Share = 0.20  # share of the wage after that; probe
    tax_progressivity: NonNegative = 0.06  # tax rate per log of relative income; probe
    tax_limit: Share = 0.5  # highest rate, share; probe
    debt_months: NonNegative = 5.0  # of GDP; federal debt held by the public 1960-2019: .4 of a year
    debt_rule: NonNegative = 0.02  # annual tax rate per month of GDP; probe, after Bohn (1998)
    treasury_months: NonNegative = 0.2  # of GDP, held in cash; probe


class CentralBankRules(Config):
    """An inertial Taylor rule, Clarida, Gali and Gertler (2000)."""

    smoothing_quarterly: Share = 0.792  # Clarida, Gali and Gertler (2000): .79; fit
    inflation_response: NonNegative = 1.67  # Taylor (1993): 1.5; Clarida, Gali and Gertler (2000): 2.15; fit
    output_response: NonNegative = 0.465  # Taylor (1993): .5; Clarida, Gali and Gertler (2000): .93; fit
    rate_floor_annual: float = 0.0  # the zero lower bound


class ExpectationRules(Config):
    """Inflation expectations: partly anchored at the target, partly learned."""

    anchoring: Share = 0.475  # weight of the target; fit
    learning_monthly: Share = 0.12  # gain of learned inflation; probe
    indexation: Share = 1.0  # of prices and wages between resets; Christiano, Eichenbaum and Evans (2005)
    unemployment_gain_monthly: Share = 0.35  # gain of smoothed unemployment; probe


class EquityRules(Config):
    """What a share in the economy's firms is worth, relative to their book value at rest."""

    profit_elasticity: NonNegative = 0.4  # share of the price per unit of the gap in profits; probe
    confidence_elasticity: NonNegative = 1.2  # log price per unit of confidence; probe
    rate_semi_elasticity: NonNegative = 4.0  # log price per unit of the annual real rate gap; probe
    price_gain_monthly: Share = 0.2  # share of the gap between value and price closed; probe
    wealth_effect_monthly: NonNegative = 0.002  # spent of capital gains, .024 a year; probe


class RewardWeights(Config):
    """What learning agents are paid for; rewards move nothing by themselves (``macro_rewards``)."""

    risk_aversion: NonNegative = 1.0  # of households; Chetty (2006), AER 96: about 1
    frisch_elasticity: Positive = 0.5  # of hours; Chetty, Guren, Manoli and Weber (2011), AER 101: .5
    disutility: NonNegative = 0.8  # of a normal month's work; interior choices for wages of .8 of spending
    strain: NonNegative = 5.0  # of firms, per squared log of hours and squared gap of utilisation; probe
    debt: NonNegative = 0.002  # of government, per squared month of GDP off target; probe
    output_gap: NonNegative = 0.25  # of the central bank, per squared point; Woodford (2003): below 1
    rate_change: NonNegative = 1.0  # per squared point of a meeting; Rudebusch and Svensson (1999): .5


class Disturbances(Config):
    """The exogenous processes, AR(1): ``sd`` of a quarter's innovation, ``rho`` persistence of a quarter."""

    productivity_sd: NonNegative = 0.007  # log; Cooley and Prescott (1995)
    productivity_rho: Share = 0.95  # Cooley and Prescott (1995)
    confidence_sd: NonNegative = 0.0125  # log; fit
    confidence_rho: Share = 0.871  # fit
    cost_sd: NonNegative = 0.003  # log; probe
    cost_rho: Share = 0.7  # probe
    monetary_sd: NonNegative = 0.001  # annual rate; probe
    monetary_rho: Share = 0.5  # probe
    government_sd: NonNegative = 0.03  # log; probe
    government_rho: Share = 0.85  # probe
    wage_sd: NonNegative = 0.00701  # log; fit
    wage_rho: Share = 0.737  # fit
    credit_sd: NonNegative = 0.00286  # annual rate; fit
    credit_rho: Share = 0.7  # probe
    target_sd: NonNegative = 0.00192  # annual rate; fit
    target_rho: Share = 0.97  # probe


class Luck(Config):
    """Switches of chance, and the luck of single firms, AR(1) in logs."""

    aggregate: Share = 1.0  # 1 on, 0 off: the shared processes
    individual: Share = 1.0  # 1 on, 0 off: firms' and households' own luck
    matching: Share = 1.0  # 1 on, 0 off: separations and matches
    firm_productivity_sd_monthly: NonNegative = 0.01  # log; probe
    firm_productivity_rho_monthly: Share = 0.98  # Foster, Haltiwanger and Syverson (2008): .8 a year
    firm_demand_sd_monthly: NonNegative = 0.02  # log; probe
    firm_demand_rho_monthly: Share = 0.97  # probe


class MacroConfig(Config):
    """The whole macro world."""

    households: Annotated[int, Field(ge=20)] = 100  # dynasties, whose members grow with the labour force
    firms: Annotated[int, Field(ge=3)] = 20
    banks: Annotated[int, Field(ge=1)] = 5
    warmup_years: Annotated[int, Field(ge=0)] = 8  # run before the first recorded tick; probe
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
    """Return the kernels' parameters of a configuration."""
    return Params(
        HouseholdParams(**config.household.model_dump()),
        FirmParams(**config.firm.model_dump()),
        LaborParams(**config.labor.model_dump()),
        BankParams(**config.bank.model_dump()),
        ExpectationParams(**config.expectations.model_dump()),
        EquityParams(**config.equity.model_dump()),
    )
