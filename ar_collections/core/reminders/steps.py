"""How one open item progresses through the reminder schedule."""

from bisect import bisect_right
from datetime import date, timedelta
from operator import attrgetter

from ..facts import OpenItem, Rules, SentStep, Step

#: By which the steps of a schedule are in order.
_get_days = attrgetter("days")


def last_sent_step(item: OpenItem) -> SentStep | None:
    """Return the most severe step sent for the item so far, or ``None``; where it was sent twice, the last time.

    A step is sent twice where the due date was moved on, and back again.

    >>> item = OpenItem(1, date(2026, 5, 1), "EUR", 1, 1, sent_steps=(SentStep(8, 10, date(2026, 5, 11)),
    ...                                                           SentStep(7, 3, date(2026, 5, 4))))
    >>> last_sent_step(item).step_id
    8
    """
    sent_steps = item.sent_steps
    if len(sent_steps) < 2:  # most items; this is asked several times for each
        return sent_steps[0] if sent_steps else None
    return max(sent_steps, key=lambda sent: (sent.days, sent.day))


def reached_step(item: OpenItem, rules: Rules, today: date, resumed_on: date | None = None) -> Step | None:
    """Return the step that is due for the item today, or ``None`` when no new step is.

    It is the highest step whose delay has passed and that is later than every step sent before: a lower step that was
    skipped is never sent afterwards. Steps before the due date apply to items that are not late yet, those after it to
    late ones. Four rules limit the severity:

    - an item for which no step after the due date was sent enters at the policy's entry step at the highest; where the
      schedule has no such step, at its first step after the due date;
    - an item with a step sent before a pause, or before an agreement that failed, continues with the very next step;
    - after a late entry, the item progresses with the time differences of the schedule;
    - after a payment came back, it continues with the very next step, with that time difference from the return, and
      not before the policy's gap between contacts.

    :param resumed_on: the day on which the customer's last pause ended; the item's own ``resumed_on`` counts if later

    >>> from ..facts import Rules
    >>> rules = Rules(steps=(Step(1, -5), Step(2, 3), Step(3, 10), Step(4, 30)), entry_step_id=2)
    >>> due = date(2026, 5, 1)
    >>> def step_on(day, *sent_steps):
    ...     step = reached_step(OpenItem(1, due, "EUR", 100, 100, sent_steps=sent_steps), rules, day)
    ...     return step and step.step_id
    >>> [step_on(date(2026, 4, 25)), step_on(date(2026, 4, 26)), step_on(date(2026, 5, 2)), step_on(date(2026, 5, 4))]
    [None, 1, None, 2]
    >>> step_on(date(2026, 6, 30))                                  # sixty days late, no step sent yet
    2
    >>> no_entry = Rules(steps=rules.steps)
    >>> reached_step(OpenItem(1, due, "EUR", 100, 100), no_entry, date(2026, 6, 30)).step_id
    2
    >>> step_on(date(2026, 7, 1), SentStep(2, 3, date(2026, 6, 30)))  # not the final notice on the next morning
    >>> step_on(date(2026, 7, 7), SentStep(2, 3, date(2026, 6, 30)))  # but seven days on, as from +3 to +10
    3
    >>> step_on(date(2026, 6, 1), SentStep(2, 3, date(2026, 5, 4)))   # on schedule; the run had stood still in May
    4

    Reminded on 4 May, paid, and the payment came back on 1 July:

    >>> back = OpenItem(1, due, "EUR", 100, 100, (SentStep(2, 3, date(2026, 5, 4)),), returned_on=date(2026, 7, 1))
    >>> [(step := reached_step(back, rules, date(2026, 7, day))) and step.step_id for day in (2, 7, 8, 31)]
    [None, None, 3, 3]
    """
    steps, last = rules.steps_of(item), last_sent_step(item)
    if not steps or (last is not None and last.days >= steps[-1].days):
        return None
    returned = _returned_since(item, last) if item.returned_on else None  # of most items none came back
    if returned is not None and today < returned + timedelta(days=rules.minimum_gap_days):
        return None
    if last is not None and last.days > 0:
        days = _days_on_schedule(item, last, steps, today, returned)
    else:
        days = (today - item.due_date).days
    step = _highest(steps, days, late=today > item.due_date)
    if step is None or (last is not None and step.days <= last.days):
        return None
    resumed = _latest(resumed_on, item.resumed_on)
    continued = last is not None and (returned is not None or (resumed is not None and last.day < resumed))
    return _limit_re_entry(step, last, steps, rules.entry_step_id, continued)


def _returned_since(item: OpenItem, last: SentStep | None) -> date | None:
    """Return the day on which a payment came back after the last step was sent, or ``None``."""
    if item.returned_on is None or (last is not None and last.day > item.returned_on):
        return None
    return item.returned_on


def _latest(day: date | None, other: date | None) -> date | None:
    """Return the later of two days, the one that there is, or ``None``."""
    return max(day, other) if day and other else day or other


def _days_on_schedule(
    item: OpenItem, last: SentStep, steps: tuple[Step, ...], today: date, returned: date | None
) -> int:
    """Return the number of days by which the item has progressed on the schedule.

    They count from the due date, unless the following step was reached already when the last one was sent: then the
    item entered late, and they count from that contact. After a payment came back, they count from its return.
    """
    if returned is not None:
        return last.days + (today - returned).days
    above = bisect_right(steps, last.days, key=_get_days)
    if above < len(steps) and (last.day - item.due_date).days >= steps[above].days:
        return last.days + (today - last.day).days
    return (today - item.due_date).days


def _highest(steps: tuple[Step, ...], days: int, late: bool) -> Step | None:
    """Return the highest step reached after ``days``: of those from the due date on if late, else of those up to it.

    A step on the due date itself belongs to both, so that on a weekend it is shifted and not dropped.
    """
    for step in reversed(steps):
        if step.days <= days and (step.days >= 0 if late else step.days <= 0):
            return step
    return None


def _limit_re_entry(
    step: Step, last: SentStep | None, steps: tuple[Step, ...], entry_step_id: int | None, continued: bool
) -> Step:
    """Return the step, lowered for an item that enters late or returns from a pause or a failed agreement.

    :param continued: the last step was sent before the pause, the agreement or the payment that ended
    """
    if step.days <= 0:
        return step
    if last is None or last.days <= 0:
        late = [candidate for candidate in steps if candidate.days > 0]
        entry = next((candidate for candidate in late if candidate.step_id == entry_step_id), late[0])
        return entry if entry.days < step.days else step
    if continued:
        return next(candidate for candidate in steps if candidate.days > last.days)
    return step


def next_change_day(item: OpenItem, rules: Rules, day: date) -> date | None:
    """Return the first day after ``day`` on which the step that is due for the item may change.

    ``None``: there is none.

    >>> from ..facts import Rules
    >>> rules = Rules(steps=(Step(2, 3), Step(3, 10)))
    >>> item = OpenItem(1, date(2026, 5, 1), "EUR", 1, 1, sent_steps=(SentStep(2, 3, date(2026, 6, 30)),))
    >>> day, days = date(2026, 4, 30), []
    >>> while day := next_change_day(item, rules, day):
    ...     days.append(str(day))
    >>> days
    ['2026-05-02', '2026-05-04', '2026-05-11', '2026-07-07']
    """
    steps, last = rules.steps_of(item), last_sent_step(item)
    changes = [_next_reached(steps, item.due_date, 0, day), _next_listed(steps, item.due_date, day)]
    if last is not None:
        changes.append(_next_reached(steps, last.day, last.days, day, last))
    if item.returned_on and (returned := _returned_since(item, last)) is not None:
        waited = returned + timedelta(days=rules.minimum_gap_days)
        changes.append(waited if waited > day else None)
        if last is not None:
            changes.append(_next_reached(steps, returned, last.days, day, last))
    return min(filter(None, changes), default=None)


def _next_reached(
    steps: tuple[Step, ...], start: date, days: int, day: date, last: SentStep | None = None
) -> date | None:
    """Return the first day after ``day`` on which a step is reached, ``None``: there is none.

    :param days: by how many days the item has progressed on the schedule on the day ``start``
    :param last: only steps after this one count
    """
    reached = (day - start).days + days
    position = bisect_right(steps, max(reached, last.days) if last else reached, key=_get_days)
    return start + timedelta(days=steps[position].days - days) if position < len(steps) else None


def _next_listed(steps: tuple[Step, ...], due_date: date, day: date) -> date | None:
    """Return the first day after ``day`` on which an item becomes late, or late enough to be listed at a step."""
    late = (day - due_date).days
    if late <= 0:
        return due_date + timedelta(days=1)
    listed = [step.minimum_days_overdue for step in steps if step.minimum_days_overdue > late]
    return due_date + timedelta(days=min(listed)) if listed else None


def next_step(item: OpenItem, rules: Rules, today: date, resumed_on: date | None = None) -> tuple[date, Step] | None:
    """Return the day and the step that is due next for the item; today for a step that is due and not sent yet.

    The day is a working day; ``None`` where no further step follows.

    >>> from ..facts import Rules
    >>> rules = Rules(steps=(Step(1, -5), Step(2, 3), Step(3, 10)), entry_step_id=2)
    >>> item = OpenItem(1, date(2026, 5, 20), "EUR", 100, 100)
    >>> day, step = next_step(item, rules, date(2026, 5, 1))
    >>> str(day), step.step_id
    ('2026-05-15', 1)
    """
    day = today
    while day is not None:
        if step := reached_step(item, rules, day, resumed_on):
            return rules.calendar.next_workday(day), step
        day = next_change_day(item, rules, day)
    return None
