"""Who decides: populations, what they observe, their action tables, and the policies that answer."""

from agents.policy import FixedPolicy, Policy, RandomPolicy, RulePolicy

__all__ = ["FixedPolicy", "Policy", "RandomPolicy", "RulePolicy"]
