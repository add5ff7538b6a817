"""The settings of a customer account that takes over other accounts of the same debtor."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """The settings of one account; ``name`` says whose they are where two reasons stand side by side."""

    name: str
    excluded: bool = False
    exclusion_reason: str = ""
    pause_until: datetime.date | None = None
    pause_reason: str = ""
    policy_id: int | None = None
    collector_id: int | None = None


def merge_settings(own: Settings, others: Sequence[Settings], today: datetime.date) -> Settings:
    """Return the settings of the account that remains: nobody is contacted who was excluded or paused in one of them.

    Policy and collector are its own, else those of the first other account that has some.

    >>> day = datetime.date(2026, 6, 10)
    >>> own = Settings("Acme", excluded=True, exclusion_reason="Friend of the house")
    >>> other = Settings("Acme Ltd", excluded=True, exclusion_reason="In court", policy_id=7)
    >>> merged = merge_settings(own, [other], day)
    >>> merged.exclusion_reason, merged.policy_id
    ('Acme: Friend of the house; Acme Ltd: In court', 7)

    The longest pause counts, with the reasons of all pauses that have not ended:

    >>> own = Settings("Acme", pause_until=datetime.date(2026, 6, 12), pause_reason="Holidays")
    >>> other = Settings("Acme Ltd", pause_until=datetime.date(2026, 5, 1), pause_reason="Stocktaking")
    >>> merged = merge_settings(own, [other], day)
    >>> merged.pause_until, merged.pause_reason
    (datetime.date(2026, 6, 12), 'Holidays')
    """
    accounts = [own, *others]
    paused = [account for account in accounts if account.pause_until and today < account.pause_until]
    return Settings(
        own.name,
        any(account.excluded for account in accounts),
        _join([(account.name, account.exclusion_reason) for account in accounts if account.excluded]),
        max((account.pause_until for account in accounts if account.pause_until), default=None),
        _join([(account.name, account.pause_reason) for account in paused]),
        next((account.policy_id for account in accounts if account.policy_id), None),
        next((account.collector_id for account in accounts if account.collector_id), None),
    )


def _join(reasons: Sequence[tuple[str, str]]) -> str:
    """Return the reasons as one text, each with its name where they differ; the names where there is no reason.

    >>> _join([("Acme", "In court"), ("Acme Ltd", "In court")])
    'In court'
    >>> _join([("Acme", "")])
    'Acme'
    """
    given = [(name, reason) for name, reason in dict.fromkeys(reasons) if reason]
    if not given:
        return ", ".join(name for name, _reason in reasons)
    if len({reason for _name, reason in given}) == 1:
        return given[0][1]
    return "; ".join(f"{name}: {reason}" for name, reason in given)
