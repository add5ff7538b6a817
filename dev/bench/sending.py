"""Sending: our messages in Odoo's mail queue, beside plain mails of the same size, to a server on this machine."""

import tempfile
from pathlib import Path

from odoo import Command

from dev.bench.cpu import cost_of
from dev.setup.console import Problem
from dev.setup.mail_sink_process import sink_process
from dev.setup.odoo_command import use_mail_server

#: So many of a run's mails are sent.
MAILS = 500


def measure_sending(env, communications):
    """Return CPU milliseconds and queries a mail, of our messages and of plain mails.

    :param communications: `ar.communication` records of e-mails that were queued
    """
    ours = communications[:MAILS].address_ids.mail_mail_id
    plain = _create_plain(env, ours)
    with tempfile.TemporaryDirectory() as folder, sink_process(Path(folder)) as port:
        use_mail_server(env, port)
        plain_cost = send(env, plain)
        cost = send(env, ours)
        arrived = len(list(Path(folder).glob("*.eml")))
    if arrived != len(ours) + len(plain):
        raise Problem(f"Of {len(ours)} + {len(plain)} mails {arrived} arrived.")
    return {
        "send_cpu_ms": round(1000 * cost.cpu / len(ours), 2),
        "send_queries": round(cost.queries / len(ours), 1),
        "plain_send_cpu_ms": round(1000 * plain_cost.cpu / len(plain), 2),
        "plain_send_queries": round(plain_cost.queries / len(plain), 1),
        "send_over_plain": round(cost.cpu * len(plain) / plain_cost.cpu / len(ours), 2),
    }


def _create_plain(env, mails):
    """Return as many plain mails to the same recipients with the same text, each with a message and a notification."""
    created = env["mail.mail"].create(
        [
            {
                "subject": mail.subject,
                "body": mail.body,
                "body_html": mail.body_html,
                "model": "res.partner",
                "res_id": mail.recipient_ids.id,
                "message_type": "email_outgoing",
                "subtype_id": mail.subtype_id.id,
                "email_from": mail.email_from,
                "author_id": mail.author_id.id,
                "recipient_ids": [Command.set(mail.recipient_ids.ids)],
                "is_notification": True,
                "auto_delete": True,
                "state": "outgoing",
            }
            for mail in mails
        ]
    )
    env["mail.notification"].create(
        [
            {
                "mail_message_id": mail.mail_message_id.id,
                "mail_mail_id": mail.id,
                "res_partner_id": mail.recipient_ids.id,
                "notification_type": "email",
                "notification_status": "ready",
                "is_read": True,
            }
            for mail in created
        ]
    )
    return created


def send(env, mails):
    """Send these mails as the scheduled action does; return the cost."""
    queue = env["mail.mail"].with_context(filters=[("id", "in", mails.ids)])
    return cost_of(env, lambda _env: queue.process_email_queue())
