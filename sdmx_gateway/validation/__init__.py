"""Validation: rules as data, a runner, findings, and reports people and other offices read."""

from sdmx_gateway.validation.finding import Finding, Severity
from sdmx_gateway.validation.fitting import check_rules
from sdmx_gateway.validation.reading import load_rules
from sdmx_gateway.validation.report import Report, RuleRun
from sdmx_gateway.validation.rules import Rule
from sdmx_gateway.validation.runner import validate

__all__ = ["Finding", "Report", "Rule", "RuleRun", "Severity", "check_rules", "load_rules", "validate"]
