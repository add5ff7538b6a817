from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import SUPERUSER_ID, Command, api
from odoo.modules.registry import Registry
from odoo.tests.common import BaseCase, get_db_name

from .common import BEGUN, MAIL_SERVER
from .smtp_server import smtp_server

#: What the tests leave in the database, in an order in which it can be deleted; %s are the customers' partners.
TRACES = (
    "DELETE FROM ar_communication_recipient WHERE communication_id IN"
    " (SELECT id FROM ar_communication WHERE partner_id = ANY(%s))",
    "DELETE FROM ar_communication_line WHERE communication_id IN"
    " (SELECT id FROM ar_communication WHERE partner_id = ANY(%s))",
    "DELETE FROM mail_message WHERE model = 'ar.customer' AND res_id IN"
    " (SELECT id FROM ar_customer WHERE partner_id = ANY(%s))",
    "DELETE FROM ar_communication WHERE partner_id = ANY(%s)",
    "DELETE FROM mail_activity WHERE res_model = 'ar.customer' AND res_id IN"
    " (SELECT id FROM ar_customer WHERE partner_id = ANY(%s))",
    "DELETE FROM ar_customer WHERE partner_id = ANY(%s)",
    "DELETE FROM mail_message WHERE model = 'account.move' AND res_id IN"
    " (SELECT id FROM account_move WHERE partner_id = ANY(%s))",
    "DELETE FROM account_move WHERE partner_id = ANY(%s)",
    "DELETE FROM mail_message WHERE model = 'res.partner' AND res_id = ANY(%s)",
    "DELETE FROM res_partner WHERE id = ANY(%s)",
)


class CommittedCase(BaseCase):
    """Base of tests that need committed records: several cursors, processes that die. They delete what they committed.

    The main company has collections during the test, and ``CUSTOMERS`` customers with a late invoice each.
    """

    TODAY = date(2026, 6, 10)
    CUSTOMERS = 3

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.enterContext(freeze_time(datetime.combine(self.TODAY, time(12)), tick=True))
        self.enterContext(patch("odoo.modules.module.current_test", False))
        self.enterContext(patch(BEGUN, timedelta()))  # a process that died did so long ago
        with self._transaction() as env:
            self._prepare(env)
        self.addCleanup(self._wipe)

    @contextmanager
    def _transaction(self):
        """Provide an environment with a cursor of its own, committed at the end."""
        with self.registry.cursor() as cr:
            cr.execute("SET LOCAL lock_timeout = '10s'")  # a worker that waits for another fails, it does not block
            yield api.Environment(cr, SUPERUSER_ID, {})

    @staticmethod
    def _impatient():
        """Let nobody wait for the lock of an account during the block for longer than a second."""
        return patch("odoo.addons.ar_collections.models.customers.ar_customer_lock.LOCK_SECONDS", 1)

    def _prepare(self, env):
        """Create the customers and their invoices."""
        company = env.ref("base.main_company")
        self.company_id, self.before = company.id, company.read(["ar_active", "email", "ar_daily_ramp"])[0]
        company.write({"ar_active": True, "email": "books@company.example.com", "ar_daily_ramp": 0})
        policy = {"name": "Committed", "company_id": company.id, "sequence": -1, "minimum_gap_days": 0}
        policy["minimum_known_days"] = 0  # the invoices are entered on the day of the test
        schedule = env.ref("ar_collections.reminder_schedule_standard")
        policy = env["ar.credit.policy"].create({**policy, "schedule_id": schedule.id})
        self.policy_id = policy.id
        values = [
            {"name": f"Committed {n}", "is_company": True, "email": f"committed{n}@customer.example.com"}
            for n in range(self.CUSTOMERS)
        ]
        partners = env["res.partner"].create(values)
        self.partner_ids = partners.ids
        policy.partner_domain = f"[('id', 'in', {partners.ids})]"
        moves = env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": partner.id,
                    "invoice_date": date(2026, 5, 7),
                    "invoice_date_due": date(2026, 6, 6),
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [Command.create({"name": "Work", "price_unit": 100, "tax_ids": []})],
                }
                for partner in partners
            ]
        )
        moves.action_post()

    def _wipe(self):
        """Remove what was committed."""
        with self._transaction() as env:
            for statement in TRACES:
                env.cr.execute(statement, (self.partner_ids,))
            env["ar.credit.policy"].browse(self.policy_id).unlink()
            env["ir.mail_server"].with_context(active_test=False).search([("name", "=", "Committed")]).unlink()
            before = {key: value for key, value in self.before.items() if key != "id"}
            env["res.company"].browse(self.company_id).write(before)

    # === ACTIONS === #

    def _run(self, env, day=None, **options):
        """Run a day of the main company, for the customers of the test."""
        company = env["res.company"].browse(self.company_id)
        return env["ar.customer"]._run_day(day or self.TODAY, companies=company, **options)

    def _run_committed(self, day=None, **options):
        """Run the day in a transaction of its own; return the summary."""
        with self._transaction() as env:
            return self._run(env, day, **options)

    def _log(self, env):
        """Return the communications of the customers of the test."""
        return env["ar.communication"].search([("partner_id", "in", self.partner_ids)], order="id")

    def _states(self):
        """Return the states of all communications, as committed."""
        with self._transaction() as env:
            return self._log(env).mapped("state")

    def _work_queue(self):
        """Work the mail queue once, in a transaction of its own; mails of other records stay in the queue."""
        with self._transaction() as env:
            mails = env["mail.mail"].search([("state", "=", "outgoing")])
            ours = mails.filtered(lambda mail: mail.mail_message_id.model == "ar.customer")
            env["mail.mail"].process_email_queue(email_ids=ours.ids)

    @contextmanager
    def _smtp(self):
        """Give the mail queue a real mail server during the block; return it."""
        with smtp_server() as server:
            with self._transaction() as env:
                values = {"smtp_host": "127.0.0.1", "smtp_port": server.port, "smtp_encryption": "none", "sequence": -1}
                values["from_filter"] = "company.example.com"  # before any server that accepts mails of all senders
                record = env["ir.mail_server"].create({"name": "Committed", **values})
                mail_servers = type(record)
            with (
                patch.object(mail_servers, "_disable_send", lambda _model: False),
                patch(f"{MAIL_SERVER}.SMTP_TIMEOUT", 5),
            ):
                yield server
