"""The log of communications, as far as the comparison needs it: one entry for each message and recipient."""

from collections import defaultdict

from dev.faults.comparison import Entry, State

STATES = {
    "planned": State.QUEUED,
    "sending": State.SENDING,
    "sent": State.SENT,
    "unknown": State.UNKNOWN,
    "failed": State.FAILED,
    "cancelled": State.CANCELLED,
}

# What was prepared after the simulated days may still wait.
RECIPIENTS = """
    SELECT log.id, log.state = 'review', recipient.state, recipient.address, message.message_id,
           log.notice, log.agreement_model, log.agreement_id
      FROM ar_communication_recipient recipient
      JOIN ar_communication log ON log.id = recipient.communication_id
 LEFT JOIN mail_message message ON message.id = log.message_id
     WHERE log.channel = 'email' AND (log.date <= %s OR recipient.state <> 'planned')
  ORDER BY recipient.id
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
    cr.execute(RECIPIENTS, [last])
    entries = []
    for log_id, in_review, state, address, message_id, notice, model, agreement_id in cr.fetchall():
        content = contents[log_id] or {("notice", notice, f"{model} {agreement_id}")}
        state = State.WAITING if in_review else STATES[state]
        entries.append(Entry(message_id, address, state, frozenset(content)))
    return entries


def _read_contents(cr):
    """Return {communication: set of what it reminds of, each with its step}."""
    contents = defaultdict(set)
    cr.execute(LINES)
    for log_id, item_id, installment_id, step, name in cr.fetchall():
        key = ("installment", installment_id) if installment_id else ("item", item_id)
        contents[log_id].add((*key, name, step))
    return contents
