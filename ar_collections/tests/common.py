from datetime import date, timedelta

from freezegun import freeze_time

from odoo import Command

from odoo.addons.account_payment.tests.common import AccountPaymentCommon
from odoo.addons.mail.tests.common import MailCommon


class ArCommon(AccountPaymentCommon, MailCommon):
    """A company with collections switched on, the standard schedule and factories for what the tests speak about.

    ``TODAY`` is a Wednesday in a week without holidays.
    """

    TODAY = date(2026, 6, 10)

    @classmethod
    def get_default_groups(cls):
        return super().get_default_groups() | cls.quick_ref("ar_collections.ar_collections_group_credit_manager")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.company.write({"ar_active": True, "email": "books@company.example.com"})
        cls.schedule = cls.env.ref("ar_collections.reminder_schedule_standard")
        cls.notice, cls.friendly, cls.firm, cls.call, cls.formal = cls.schedule.step_ids.sorted("days")
        cls.env["ar.credit.policy"].search([("company_id", "=", cls.company.id)]).unlink()
        cls.collector = cls._user("collector")
        cls.policy = cls._policy()

    # === FACTORIES === #

    @classmethod
    def _user(cls, group, **values):
        """Create an internal user with one of the add-on's groups."""
        return cls.env["res.users"].create(
            {
                "name": f"The {group}",
                "login": f"{group}-{values.get('company_id', cls.company.id)}",
                "email": f"{group}@company.example.com",
                "group_ids": [Command.set(cls.env.ref(f"ar_collections.ar_collections_group_{group}").ids)],
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
                **values,
            }
        )

    @classmethod
    def _policy(cls, **values):
        return cls.env["ar.credit.policy"].create(
            {
                "name": "Test policy",
                "company_id": cls.company.id,
                "schedule_id": cls.schedule.id,
                "entry_step_id": cls.friendly.id,
                "user_id": cls.collector.id,
                "minimum_gap_days": 0,
                **values,
            }
        )

    @classmethod
    def _partner(cls, **values):
        name = values.pop("name", "Patient Payer")
        address = {"street": "Main Street 1", "city": "Springfield"}
        return cls.env["res.partner"].create(
            {"name": name, "is_company": True, "email": "payer@customer.example.com", **address, **values}
        )

    @classmethod
    def _customer(cls, partner=None, company=None, **values):
        """Return the partner's account, opened if need be."""
        company = company or cls.company
        partner = partner or cls._partner()
        domain = [("partner_id", "=", partner.id), ("company_id", "=", company.id)]
        customer = cls.env["ar.customer"].search(domain) or cls.env["ar.customer"]._ensure_for_partners(
            partner, company
        )
        customer.write(values)
        return customer

    @classmethod
    def _invoice(cls, partner, overdue_days=0, amount=100.0, today=None, move_type="out_invoice", **values):
        """Create and post an invoice that is so many days late; one for a month, due on its own date."""
        due = (today or cls.TODAY) - timedelta(days=overdue_days)
        company = values.pop("company", cls.company)
        move = (
            cls.env["account.move"]
            .with_company(company)
            .create(
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
            )
        )
        move.action_post()
        return move

    @classmethod
    def _pay(cls, invoice, amount=None, day=None):
        """Register a payment for the invoice, in full unless an amount is given."""
        register = cls.env["account.payment.register"].with_context(active_model="account.move", active_ids=invoice.ids)
        values = {"payment_date": day or cls.TODAY}
        if amount:
            values["amount"] = amount
        return register.create(values)._create_payments()

    # === VERBS === #

    def _run(self, day=None, **options):
        """Run the company's day, frozen on that date; return the summary."""
        day = day or self.TODAY
        with freeze_time(day):
            return self.env["ar.customer"].sudo()._run_day(day, companies=self.company, **options)

    def _deliver(self, day=None):
        """Work the mail queue on that date through a mocked SMTP session; return the mails that went out."""
        with freeze_time(day or self.TODAY), self.mock_mail_gateway():
            queue = self.env["mail.mail"].sudo().search([("state", "=", "outgoing")])
            queue.send()
            return list(self._mails)

    def _communications(self, customer):
        self.env.invalidate_all()
        return self.env["ar.communication"].search([("customer_id", "=", customer.id)], order="id")
