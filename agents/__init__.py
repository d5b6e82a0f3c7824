"""Who decides: populations, what they observe, their action tables, and the policies that answer."""

from agents.policy import ByHead, FixedPolicy, NamedRule, Policy, RandomPolicy, RecordedPolicy, RulePolicy

__all__ = ["ByHead", "FixedPolicy", "NamedRule", "Policy", "RandomPolicy", "RecordedPolicy", "RulePolicy"]
