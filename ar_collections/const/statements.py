"""Statements on a schedule: when, to whom, of what."""

from ..core.statements import contents, schedule

STATEMENT_FREQUENCIES = [
    (schedule.WEEKLY, "Weekly"),
    (schedule.MONTHLY, "Monthly"),
]

#: As Python counts weekdays; a selection needs texts as keys.
WEEKDAYS = [
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
]

STATEMENT_AUDIENCES = [
    (contents.BALANCE, "With open items"),
    (contents.MOVEMENTS, "With movements since the last statement"),
    (contents.EITHER, "With open items or movements"),
]

STATEMENT_KINDS = [
    ("open", "Open items"),
    ("activity", "Activity: movements with opening and closing balance"),
]

STATEMENT_STATES = [
    ("prepared", "Prepared"),
    ("left_out", "Not Sent"),
]
