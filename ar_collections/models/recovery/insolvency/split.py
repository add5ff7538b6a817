"""What is claimed in insolvency proceedings is charged apart from later debts."""


def split_claimed(groups, claimed):
    """Return groups of records of which each is claimed as a whole, or not at all; without empty ones."""
    parts = [part for group in groups for part in (group & claimed, group - claimed)]
    return [part for part in parts if part]
