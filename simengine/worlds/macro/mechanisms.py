"""The mechanisms of the macro world by name: what each does, where it comes from, and how to switch it off.

`off` holds the settings of the economy without the mechanism, or with as little of it as they can say
(prices reviewed once a month on average); its opening is solved anew and is again a rest point. The emergence
audit runs one arm per entry.
"""

from simengine.worlds.contract import Mechanism


def _without(says: str, source: str, section: str, **off: float) -> Mechanism:
    return Mechanism(says, source, {section: off})


HOUSEHOLDS = {
    "hand_to_mouth": _without(
        "a share of households spends what it has", "Campbell and Mankiw (1989)",
        "household", hand_to_mouth_share=0.0,
    ),
    "habit": _without(
        "savers' consumption follows its own past", "Christiano, Eichenbaum and Evans (2005)",
        "household", habit_monthly=0.0,
    ),
    "intertemporal_substitution": _without(
        "savers consume less when the real rate is high", "Hall (1988)",
        "household", real_rate_semi_elasticity=0.0,
    ),
    "durables": _without(
        "part of consumption is a stock that adjusts slowly and on credit", "Caballero (1993)",
        "household", durable_share=0.0,
    ),
    "household_debt": _without(
        "households move towards a target debt that falls with the real rate", "Iacoviello (2005)",
        "household", debt_adjustment_monthly=0.0,
    ),
    "wealth_effect": _without(
        "shareholders spend part of capital gains", "Poterba (2000)",
        "equity", wealth_effect_monthly=0.0,
    ),
    "share_price": _without(
        "shares follow profits, the real rate and mood", "Campbell and Shiller (1988)",
        "equity", profit_elasticity=0.0, confidence_elasticity=0.0, rate_semi_elasticity=0.0,
    ),
}  # fmt: skip

LABOUR = {
    "hours": _without(
        "paid hours meet part of a gap in staff", "Cho and Cooley (1994)",
        "firm", hours_share=0.0,
    ),
    "labour_hoarding": _without(
        "unpaid effort meets part of a gap in staff", "Oi (1962)",
        "firm", effort_share=0.0,
    ),
    "staffing_inertia": _without(
        "staffing targets close the gap to need slowly", "Hamermesh and Pfann (1996)",
        "firm", labour_gap_monthly=1.0,
    ),
    "vacancy_posting": _without(
        "vacancies follow lasting gaps in staff", "Pissarides (2000)",
        "labor", vacancy_elasticity=0.0,
    ),
    "recruiting_intensity": _without(
        "firms short of staff fill their vacancies faster", "Davis, Faberman and Haltiwanger (2013)",
        "labor", recruiting_elasticity=0.0,
    ),
    "layoffs": _without(
        "firms lay off lasting excess staff", "Mortensen and Pissarides (1994)",
        "labor", layoff_monthly=0.0,
    ),
    "participation": _without(
        "some of the jobless leave the labour force in a slump", "Elsby, Hobijn and Sahin (2015)",
        "labor", participation_slope=0.0,
    ),
}  # fmt: skip

PRICES = {
    "sticky_prices": _without(
        "prices are reviewed at random dates", "Calvo (1983)",
        "firm", review_months_mean=1.0,
    ),
    "real_rigidity": _without(
        "a reset price leans on the price level", "Ball and Romer (1990)",
        "firm", real_rigidity=0.0,
    ),
    "staggered_wages": _without(
        "wages are reset at random dates", "Erceg, Henderson and Levin (2000)",
        "firm", wage_reset_monthly=0.5,
    ),
    "wage_curve": _without(
        "reset wages fall with unemployment", "Blanchflower and Oswald (1995)",
        "firm", wage_unemployment_slope=0.0,
    ),
    "wage_floor": _without(
        "wages are hardly ever cut", "Bewley (1999)",
        "firm", wage_cut_floor=1.0,
    ),
    "indexation": _without(
        "between resets prices and wages follow expected inflation, not the target",
        "Christiano, Eichenbaum and Evans (2005)",
        "expectations", indexation=0.0,
    ),
    "learned_inflation": _without(
        "expectations follow past inflation, not only the target", "Evans and Honkapohja (2001)",
        "expectations", anchoring=1.0,
    ),
}  # fmt: skip

FIRMS = {
    "inventories": _without(
        "output closes part of the gap in stocks", "Metzler (1941)",
        "firm", inventory_gap_monthly=0.0,
    ),
    "accelerator": _without(
        "investment follows capacity use", "Clark (1917)",
        "firm", investment_utilisation_slope=0.0,
    ),
    "investment_rate": _without(
        "investment falls with the real loan rate", "Jorgenson (1963)",
        "firm", investment_rate_slope=0.0,
    ),
    "lumpy_orders": _without(
        "capital is ordered in lumps", "Doms and Dunne (1998)",
        "firm", order_probability_monthly=1.0,
    ),
    "time_to_build": _without(
        "capital is delivered over many months", "Kydland and Prescott (1982)",
        "firm", gestation_months=2.0,
    ),
    "loans_follow_sales": _without(
        "firms close the gap to a target debt slowly", "Flannery and Rangan (2006)",
        "firm", loan_adjustment_monthly=0.0,
    ),
    "leverage_premium": _without(
        "indebted firms pay more", "Bernanke, Gertler and Gilchrist (1999)",
        "firm", leverage_premium_annual=0.0,
    ),
    "firm_failure": _without(
        "firms fail with the hazard of their distance to default", "Merton (1974)",
        "firm", asset_volatility_annual=0.0,
    ),
    "firm_luck": _without(
        "single firms are more or less productive and attractive", "Gabaix (2011)",
        "luck", firm_productivity_sd_monthly=0.0, firm_demand_sd_monthly=0.0,
    ),
}  # fmt: skip

BANKS_AND_STATE = {
    "default_pricing": _without(
        "spreads follow the capacity use of clients", "Gilchrist and Zakrajsek (2012)",
        "bank", default_slope=0.0,
    ),
    "credit_crunch": _without(
        "banks short of capital ration and charge more", "Gertler and Karadi (2011)",
        "bank", capital_slope=0.0, availability_floor=1.0,
    ),
    "stabilisers": _without(
        "unemployment insurance above the floor, and progressive taxes", "McKay and Reis (2016)",
        "government", benefit_replacement=0.2, tax_progressivity=0.0,
    ),
    "debt_rule": _without(
        "taxes rise weakly with public debt", "Bohn (1998)",
        "government", debt_rule=0.0,
    ),
    "rate_smoothing": _without(
        "the policy rate moves in small steps", "Clarida, Gali and Gertler (2000)",
        "central_bank", smoothing_quarterly=0.0,
    ),
    "output_response": _without(
        "the policy rate answers the output gap", "Taylor (1993)",
        "central_bank", output_response=0.0,
    ),
    "inflation_response": _without(
        "the policy rate answers inflation more than one for one", "Taylor (1993)",
        "central_bank", inflation_response=1.01,
    ),
}  # fmt: skip

MECHANISMS: dict[str, Mechanism] = {**HOUSEHOLDS, **LABOUR, **PRICES, **FIRMS, **BANKS_AND_STATE}
