"""The log of communications, as far as the comparison needs it: one entry for each message and recipient."""

from collections import defaultdict

from dev.faults.comparison import Entry, State

STATES = {
    "planned": State.QUEUED,
    "sending": State.SENDING,
    "sent": State.SENT,
    "unknown": State.UNKNOWN,
    "failed": State.FAILED,
    "review": State.WAITING,
    "skipped": State.WAITING,
    "cancelled": State.CANCELLED,
}

# What was prepared after the simulated days may still wait.
MESSAGES = """
    SELECT log.id, log.state, log.email_to, message.message_id, log.notice,
           log.agreement_model, log.agreement_id
      FROM ar_communication log
 LEFT JOIN mail_message message ON message.id = log.message_id
     WHERE log.channel = 'email' AND (log.date <= %s OR log.state <> 'planned')
  ORDER BY log.id
"""
LINES = """
    SELECT line.communication_id, line.move_line_id, line.plan_installment_id, step.name->>'en_US', line.name
      FROM ar_communication_line line
      JOIN ar_reminder_step step ON step.id = line.step_id
     WHERE line.kind = 'item'
"""


def read_log(cr, last):
    """Return the log.

    :param cr: a cursor
    :param date last: the last simulated day
    :rtype: list[Entry]
    """
    contents = _read_contents(cr)
    cr.execute(MESSAGES, [last])
    entries = []
    for log_id, state, email_to, message_id, notice, model, agreement_id in cr.fetchall():
        content = contents[log_id] or {("notice", notice, f"{model} {agreement_id}")}
        for recipient in (email_to or "").split(","):
            entries.append(Entry(message_id, recipient, STATES[state], frozenset(content)))
    return entries


def _read_contents(cr):
    """Return {communication: set of what it reminds of, each with its step}."""
    contents = defaultdict(set)
    cr.execute(LINES)
    for log_id, item_id, installment_id, step, name in cr.fetchall():
        key = ("installment", installment_id) if installment_id else ("item", item_id)
        contents[log_id].add((*key, name, step))
    return contents
