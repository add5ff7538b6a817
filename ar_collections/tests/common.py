from contextlib import contextmanager
from datetime import date, datetime, time, timedelta, timezone
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name

from odoo.addons.account_payment.tests.common import AccountPaymentCommon
from odoo.addons.mail.tests.common import MailCommon

from . import common_fixture
from .common_caches import kept_caches
from .smtp_server import smtp_server

#: Logs each problem that is stored.
PROBLEM_LOG = "odoo.addons.ar_collections.models.customers.nightly.ar_problem"

TEMPLATE_LOGS = (
    PROBLEM_LOG,
    "odoo.addons.mail.models.mail_render_mixin",
)

MAIL_LOGS = "odoo.addons.mail.models.mail_mail", "odoo.addons.base.models.ir_mail_server"

MAIL_SERVER = "odoo.addons.base.models.ir_mail_server"

#: How long what was begun may still be in progress, see there.
BEGUN = "odoo.addons.ar_collections.models.communications.delivery.begun.BEGUN"


class ArCommon(AccountPaymentCommon, MailCommon):
    """A company with collections switched on, the standard schedule, and factories for the records of the tests.

    ``TODAY`` is a Wednesday in a week without holidays.
    """

    TODAY = date(2026, 6, 10)
    ADDRESS = {"street": "Main Street 1", "city": "Springfield"}

    @classmethod
    def get_default_groups(cls):
        return super().get_default_groups() | cls.quick_ref("ar_collections.ar_collections_group_credit_manager")

    @classmethod
    def setUpClass(cls):
        # The outermost `freeze_time` searches all modules for clock functions: start it here, with the real time.
        cls.startClassPatcher(freeze_time(datetime.now(timezone.utc), tick=True))
        cls.enterClassContext(kept_caches(Registry(get_db_name())))
        if common_fixture.is_stored():
            super(MailCommon, cls).setUpClass()  # only the classes after it in the order: they create no records
            common_fixture.restore(cls)
        else:
            super().setUpClass()
            cls._set_up_collections()
        cls.startClassPatcher(patch(BEGUN, timedelta()))  # deaths of processes are simulated in one transaction

    def setUp(self):
        self.enterContext(kept_caches(self.registry))
        super().setUp()

    @classmethod
    def _set_up_collections(cls):
        """Switch collections on for the company of Odoo's common classes, with a collector and a policy."""
        cls.company = cls.company_data["company"]
        cls.company.write({"ar_active": True, "email": "books@company.example.com"})
        cls.schedule = cls.env.ref("ar_collections.reminder_schedule_standard")
        cls.notice, cls.friendly, cls.firm, cls.call, cls.formal = cls.schedule.step_ids.sorted("days")
        cls.env["ar.credit.policy"].search([("company_id", "=", cls.company.id)]).unlink()
        cls.collector = cls._user("collector")
        cls.policy = cls._policy()

    # === FACTORIES === #

    @classmethod
    def _create_company(cls, **values):
        """Override to take the spare company with a chart of accounts where the database holds one."""
        spare = cls.env["res.company"].sudo().search([("name", "=", common_fixture.SPARE)])
        if not spare or set(values) > {"name"}:
            return super()._create_company(**values)
        spare.write({"name": "Test Company", **values})
        cls.env.user.company_ids = [Command.link(spare.id)]
        return spare.sudo(False)

    @classmethod
    def _user(cls, group, **values):
        """Create an internal user with one of the add-on's groups, or take a stored one: a third of the work."""
        groups = cls.env.ref(f"ar_collections.ar_collections_group_{group}")
        defaults = {
            "name": f"The {group}",
            "login": f"{group}-{values.get('company_id', cls.company.id)}",
            "email": f"{group}@company.example.com",
            "company_id": cls.company.id,
            "company_ids": [Command.set(cls.company.ids)],
        }
        users = cls.env["res.users"]
        stored = [("login", "=like", f"{common_fixture.spare_login(group)}%"), ("active", "=", False)]
        if values.keys() & {"active", "group_ids"} or not (user := users.search(stored, order="id", limit=1)):
            return users.create({"group_ids": [Command.set(groups.ids)], **defaults, **values})
        # Users get a mail when their login or password changes, but not when they are created.
        with patch.object(type(users), "_notify_security_setting_update", lambda *_args, **_options: None):
            user.write({**defaults, **values, "active": True})
        return user

    @classmethod
    def _policy(cls, **values):
        # sudo: without it the collector is told by email of the new policy, which would count as sent in tests
        policies = cls.env["ar.credit.policy"].sudo()
        policy = policies.create(
            {
                "name": "Test policy",
                "company_id": cls.company.id,
                "schedule_id": cls.schedule.id,
                "entry_step_id": cls.friendly.id,
                "user_id": cls.collector.id,
                "minimum_gap_days": 0,
                "minimum_known_days": 0,
                **values,
            }
        )
        return policy.sudo(False)

    @classmethod
    def _template(cls, **values):
        return cls.env["mail.template"].create(
            {
                "name": "Test template",
                "model_id": cls.env.ref("ar_collections.model_ar_communication").id,
                "subject": "Your account",
                "body_html": "<p>Please pay: <t t-out='object.items_html'/></p>",
                "lang": "{{ object.lang }}",
                **values,
            }
        )

    @classmethod
    def _schedule(cls, *steps):
        """Create a schedule; each step is a dict of values, an e-mail unless it names another channel."""
        defaults = {"channel": "email", "mail_template_id": cls.friendly.mail_template_id.id}
        return cls.env["ar.reminder.schedule"].create(
            {
                "name": "Test schedule",
                "step_ids": [
                    Command.create({"name": f"{step.get('channel', 'email')} at {step['days']}", **defaults, **step})
                    for step in steps
                ],
            }
        )

    @classmethod
    def _on_schedule(cls, *steps, **values):
        """Replace the policy's schedule by a new one with these steps, of which items enter at any; return them."""
        schedule = cls._schedule(*steps)
        steps = schedule.step_ids.sorted("days")
        entry = steps.filtered(lambda step: step.days > 0)[-1:]  # the last one: nothing is lowered
        cls.policy.write({"schedule_id": schedule.id, "entry_step_id": entry.id, **values})
        return steps

    @classmethod
    def _partner(cls, **values):
        name = values.pop("name", "Patient Payer")
        return cls.env["res.partner"].create(
            {"name": name, "is_company": True, "email": "payer@customer.example.com", **cls.ADDRESS, **values}
        )

    @classmethod
    def _partners(cls, number):
        """Create customers, each with an address of its own."""
        return list(
            cls.env["res.partner"].create(
                [
                    {"name": f"Payer {n}", "is_company": True, "email": f"payer{n}@customer.example.com", **cls.ADDRESS}
                    for n in range(number)
                ]
            )
        )

    @classmethod
    def _customer(cls, partner=None, company=None, **values):
        """Return the partner's customer account, created if missing."""
        company = company or cls.company
        partner = partner or cls._partner()
        domain = [("partner_id", "=", partner.id), ("company_id", "=", company.id)]
        customer = cls.env["ar.customer"].search(domain) or cls.env["ar.customer"]._ensure_for_partners(
            partner, company
        )
        customer.write(values)
        return customer

    @classmethod
    def _invoice(cls, partner, *args, **values):
        """Create and post an invoice that is that many days late; one for a month, due on its own date."""
        return cls._invoices([partner], *args, **values)

    @classmethod
    def _invoices(cls, partners, overdue_days=0, amount=100.0, today=None, move_type="out_invoice", **values):
        """Create and post such an invoice for each of the partners in one batch: a third of the time for each."""
        due = (today or cls.TODAY) - timedelta(days=overdue_days)
        company = values.pop("company", cls.company)
        rows = [
            {
                "move_type": move_type,
                "partner_id": partner.id,
                "invoice_date": due - timedelta(days=30),
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "company_id": company.id,
                "invoice_line_ids": [Command.create({"name": "Work", "price_unit": amount, "tax_ids": []})],
                **values,
            }
            for partner in partners
        ]
        moves = cls.env["account.move"].with_company(company).create(rows)
        moves.action_post()
        return moves

    @classmethod
    def _late(cls, overdue_days=4, amount=100.0, name="Patient Payer", **values):
        """Return the account of a new customer with one late invoice, and the invoice."""
        invoice = cls._invoice(cls._partner(name=name, **values), overdue_days, amount)
        return cls._customer(invoice.partner_id), invoice

    @classmethod
    def _pay(cls, invoice, amount=None, day=None):
        """Register a payment for the invoice, in full unless an amount is given."""
        register = cls.env["account.payment.register"].with_context(active_model="account.move", active_ids=invoice.ids)
        values = {"payment_date": day or cls.TODAY}
        if amount:
            values["amount"] = amount
        return register.create(values)._create_payments()

    @classmethod
    def _pay_and_write_off(cls, invoice, amount, day=None, account=None):
        """Register a payment for the invoice that writes off what it leaves open."""
        register = cls.env["account.payment.register"].with_context(active_model="account.move", active_ids=invoice.ids)
        loss = account or cls.company_data["default_account_expense"]
        values = {"payment_difference_handling": "reconcile", "writeoff_account_id": loss.id}
        return register.create({"payment_date": day or cls.TODAY, "amount": amount, **values})._create_payments()

    @classmethod
    def _debt(cls, invoice):
        """Return the invoice's receivable lines, oldest first."""
        return invoice.line_ids.filtered(lambda line: line.display_type == "payment_term").sorted("date_maturity")

    # === ACTIONS === #

    def _on(self, day=None):
        """Return a context manager in which it is noon of that day."""
        return freeze_time(datetime.combine(day or self.TODAY, time(12)))

    def _run(self, day=None, **options):
        """Run the company's day, frozen on that date; return the summary."""
        day = day or self.TODAY
        options.setdefault("companies", self.company)
        with self._on(day):
            return self.env["ar.customer"].sudo()._run_day(day, **options)

    def _deliver(self, day=None):
        """Work the mail queue on that date through a mocked SMTP session; return the mails that went out."""
        with self._on(day), self.mock_mail_gateway():
            queue = self.env["mail.mail"].sudo().search([("state", "=", "outgoing")])
            queue.send()
            return list(self._mails)

    def _day(self, day=None):
        """Run the day and work the mail queue; return the mails that went out."""
        self._run(day)
        return self._deliver(day)

    @contextmanager
    def _smtp(self, timeout=0.3):
        """Give the mail queue a real mail server during the block; return it."""
        self.env["ir.mail_server"].sudo().search([]).active = False
        with (
            smtp_server() as server,
            patch.object(type(self.env["ir.mail_server"]), "_disable_send", lambda _model: False),
            patch(f"{MAIL_SERVER}.SMTP_TIMEOUT", timeout),
        ):
            values = {"name": "Loopback", "smtp_host": "127.0.0.1", "smtp_port": server.port, "smtp_encryption": "none"}
            self.env["ir.mail_server"].sudo().create(values)
            yield server

    def _work_queue(self, day=None):
        """Work the mail queue once, as its scheduled action does."""
        with self._on(day):
            self.env["mail.mail"].sudo().process_email_queue()
        self.env.invalidate_all()

    def _communications(self, customer):
        """Return the messages sent to the customer or prepared for it, oldest first."""
        self.env.invalidate_all()
        return self.env["ar.communication"].search([("customer_id", "in", customer.ids)], order="id")

    def _states(self, customer):
        """Return [(step's days, state)] of the customer's communications, oldest first."""
        return [(communication.step_id.days, communication.state) for communication in self._communications(customer)]

    def _tasks(self, customer, kind):
        """Return the customer's open tasks of a kind: call, address, review, unknown."""
        kind = self.env.ref(f"ar_collections.mail_activity_type_{kind}")
        return self.env["mail.activity"].search(
            [("res_model", "=", "ar.customer"), ("res_id", "in", customer.ids), ("activity_type_id", "=", kind.id)]
        )

    def assertCode(self, customer, code):
        """Assert the decision of the last run, as it is stored on the customer."""
        self.env.invalidate_all()
        self.assertEqual(customer.decision_code, code)
