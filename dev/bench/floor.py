"""The minimum (floor): what the e-mails of a run cost at least, with the same templates and the same rows.

Rendering subject and body with templates that are compiled once, putting the body between the two parts of the layout,
and copying the rows that the run stored, with PostgreSQL's COPY, into empty tables with the same indexes. No facts, no
decision, no check, no preview line.
"""

import io
from unittest.mock import patch

from lxml import etree

from odoo.tools import split_every

from odoo.addons.ar_collections.models.customers.nightly.batch_run import BATCH

from dev.bench.cpu import cost_of

#: Tables of the rows that a run stores for its mails, each with the SQL condition that finds them.
TABLES = {
    "ar_communication": "id = ANY(%(ids)s)",
    "ar_communication_line": "communication_id = ANY(%(ids)s)",
    "ar_communication_recipient": "communication_id = ANY(%(ids)s)",
    "ar_communication_res_partner_rel": "ar_communication_id = ANY(%(ids)s)",
    "mail_message": "id = ANY(%(messages)s)",
    "mail_message_res_partner_rel": "mail_message_id = ANY(%(messages)s)",
    "mail_notification": "mail_message_id = ANY(%(messages)s)",
    "mail_mail": "mail_message_id = ANY(%(messages)s)",
    "mail_mail_res_partner_rel": "mail_mail_id IN (SELECT id FROM mail_mail WHERE mail_message_id = ANY(%(messages)s))",
}


def measure_floor(env, communications):
    """Return (seconds, CPU seconds) of making the same mails again; nothing of it stays.

    :param communications: `ar.communication` records of e-mails that were queued
    """
    for table in TABLES:
        env.cr.execute(f"CREATE TABLE {_floor(table)} (LIKE {table} INCLUDING ALL)")
    costs = []
    with patch.object(type(env["ir.qweb"]), "_compile", _compile_once(type(env["ir.qweb"])._compile)):
        for ids in split_every(BATCH, communications.ids):
            rows = _read_rows(env, env["ar.communication"].browse(ids))
            costs.append(cost_of(env, _make_batch, ids, rows))
    for table in TABLES:
        env.cr.execute(f"DROP TABLE {_floor(table)}")
    env.cr.commit()
    return sum(cost.seconds for cost in costs), sum(cost.cpu for cost in costs)


def _floor(table):
    return f"bench_floor_{table}"


def _compile_once(compile_template):
    """Return a `_compile` of `ir.qweb` that compiles each text, in each language, once."""
    compiled = {}

    def compile_once(self, template):
        if not isinstance(template, etree._Element):
            return compile_template(self, template)  # a view: cached by Odoo
        key = etree.tostring(template), self.env.lang
        if key not in compiled:
            compiled[key] = compile_template(self, template)
        return compiled[key]

    return compile_once


def _read_rows(env, communications):
    """Return {table: its rows for these communications, in COPY's text format}."""
    parameters = {"ids": communications.ids, "messages": communications.message_id.ids}
    rows = {}
    for table, condition in TABLES.items():
        rows[table] = io.StringIO()
        select = env.cr.mogrify(f"SELECT * FROM {table} WHERE {condition}", parameters).decode()
        env.cr.copy_expert(f"COPY ({select}) TO STDOUT", rows[table])
        rows[table].seek(0)
    return rows


def _make_batch(env, ids, rows):
    """Render the messages and store the rows."""
    batch = env["ar.communication"].browse(ids)
    for template, group in batch.grouped(lambda c: c.step_id.mail_template_id).items():
        template._render_field("subject", group.ids, compute_lang=True)
        bodies = template._render_field("body_html", group.ids, compute_lang=True, options={"post_process": True})
        head, tail = _split_layout(env, group[:1])
        _frame(bodies.values(), head, tail)
    for table, text in rows.items():
        env.cr.copy_expert(f"COPY {_floor(table)} FROM STDIN", text)
    env.cr.commit()


def _frame(bodies, head, tail):
    return [f"{head}{body}{tail}" for body in bodies]


def _split_layout(env, communication):
    """Return the layout before and after the body."""
    head, _body, tail = env["ar.channel.email"]._in_layout(communication).partition(communication.body)
    return head, tail
