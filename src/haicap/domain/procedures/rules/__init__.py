"""The catalogue's rules, pure: what a version is made of, forms, fees, steps, and what an import may say."""

from haicap.domain.procedures.rules.competence import (
    Basis,
    CompetenceLevel,
    CompetenceRow,
    Era,
    competence_problems,
    eras,
    rows_on,
)
from haicap.domain.procedures.rules.fees import FeeLine, fee_for, fee_lines
from haicap.domain.procedures.rules.forms import check_form
from haicap.domain.procedures.rules.imports import problems_of
from haicap.domain.procedures.rules.kinds import (
    ApplicantKind,
    Certainty,
    Channel,
    Database,
    FeePer,
    FeeRule,
    FieldType,
    Level,
    OnlineLevel,
    base_code,
)
from haicap.domain.procedures.rules.shapes import Choice, Fee, Field, Graded, Law, Paper, Step, Version
from haicap.domain.procedures.rules.steps import StepDue, next_step, papers_for, step_plan
from haicap.domain.procedures.rules.words import limit_words, verification_words

__all__ = [
    "ApplicantKind",
    "Basis",
    "Certainty",
    "Channel",
    "Choice",
    "CompetenceLevel",
    "CompetenceRow",
    "Database",
    "Era",
    "Fee",
    "FeeLine",
    "FeePer",
    "FeeRule",
    "Field",
    "FieldType",
    "Graded",
    "Law",
    "Level",
    "OnlineLevel",
    "Paper",
    "Step",
    "StepDue",
    "Version",
    "base_code",
    "check_form",
    "competence_problems",
    "eras",
    "fee_for",
    "fee_lines",
    "limit_words",
    "next_step",
    "papers_for",
    "problems_of",
    "rows_on",
    "step_plan",
    "verification_words",
]
