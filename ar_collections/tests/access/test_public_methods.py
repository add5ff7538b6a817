import inspect

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import ArCommon

#: Methods of Odoo that our models extend: Odoo checks the access, ours call it.
OF_ODOO = {
    "create", "write", "unlink", "copy_data", "default_get", "fields_get", "get_view", "onchange", "init",
    "action_archive", "action_post", "export_data", "button_cancel", "button_draft", "get_linked_records_info",
    "load", "get_import_templates",
}  # fmt: skip

#: Methods that only open a window or show what the user may read; records and access are checked by what they open.
WINDOWS = {
    "ar.aging.action_show", "ar.aging.item.action_open", "ar.approval.action_open",
    "ar.cash.forecast.item.action_open", "ar.cash.forecast.page.action_show_graph",
    "ar.cash.forecast.page.action_show_items", "ar.cash.forecast.page.line.action_show",
    "ar.collector.activity.action_open", "ar.customer.action_open_links",
    "ar.customer.action_open_disputes", "ar.customer.action_open_credit_requests",
    "ar.customer.action_open_payment_plans", "ar.customer.action_open_placements",
    "ar.customer.action_open_promises",
    "ar.customer.action_open_reported_payments", "ar.customer.action_open_inquiries",
    "ar.customer.action_open_unmatched", "ar.customer.action_new_dispute",
    "ar.credit.hold.action_open_customer", "ar.deliverability.action_open",
    "ar.metric.snapshot.action_show_aging", "ar.reminder.schedule.action_open_archived_steps",
    "ar.reminder.step.action_preview",
    "ar.small.difference.action_open", "ar.step.effect.action_open",
    "ar.team.board.action_open_worklist", "ar.top.debtor.action_open",
}  # fmt: skip

#: An address like any other, which holds no key outside the customer page.
ADDRESSES = {"ar.customer.get_portal_url"}


@tagged("post_install", "-at_install")
class TestPublicMethods(ArCommon):
    """Every method without an underscore can be called by RPC: each checks the access, or only opens a window."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        elsewhere = cls._create_company(name="Elsewhere")
        company = {"company_id": elsewhere.id, "company_ids": [Command.set(elsewhere.ids)]}
        cls.strangers = {
            "internal": cls.internal_user,
            "salesperson": cls._user("salesperson", login="rpc-salesperson"),
            "other company": cls._user("credit_manager", login="rpc-elsewhere", **company),
        }
        cls.internal_user.write({"company_id": cls.company.id, "company_ids": [Command.set(cls.company.ids)]})
        cls.customer, cls.invoice = cls._late()
        cls.found = cls._find_methods()

    @classmethod
    def _find_methods(cls):
        """Return {(model, method)} of all public methods that a file of the add-on defines on its models."""
        return {
            (name, attribute)
            for name, model in cls.registry.items()
            if name.startswith("ar.") and not model._abstract
            for part in model.mro()
            if ".ar_collections." in part.__module__
            for attribute, value in vars(part).items()
            if inspect.isfunction(value) and not attribute.startswith("_") and attribute not in OF_ODOO
        }

    def _record(self, name):
        """Return a record of the model; a new one, not stored, where none exists."""
        model = self.env[name].sudo()
        if name == "ar.customer":
            return self.customer
        if name == "ar.communication":
            return self._communications(self.customer)[:1] or self._make_communication()
        if name in (
            "ar.promise",
            "ar.dispute",
            "ar.payment.plan",
            "ar.placement",
            "ar.settlement",
            "ar.reported.payment",
        ):
            return self._make_agreement(model)
        if name == "ar.credit.request":
            return model.search([], limit=1) or self._make_request(model)
        return model if not model._auto and not model._transient else model.search([], limit=1)

    def _make_communication(self):
        self._run()
        return self._communications(self.customer)[:1]

    def _make_agreement(self, model):
        values = {"customer_id": self.customer.id, "currency_id": self.company.currency_id.id}
        reason = self.env["ar.dispute.reason"].search([], limit=1).id
        agency = self.env["ar.agency"].sudo().search([], limit=1) or self.env["ar.agency"].create(
            {"partner_id": self._partner(name="Agency").id, "rate_ids": [Command.create({"percent": 20})]}
        )
        own = {
            "ar.placement": {"agency_id": agency.id, "code": "manual", "date_proposed": self.TODAY},
            "ar.settlement": {
                "amount_agreed": 1,
                "date_until": self.TODAY,
                "date_requested": self.TODAY,
                "reason": "Test",
                "requested_by_id": self.env.uid,
            },
            "ar.promise": {"date": self.TODAY},
            "ar.reported.payment": {"date": self.TODAY, "reported_on": self.TODAY, "date_until": self.TODAY},
            "ar.dispute": {"reason_id": reason, "date_raised": self.TODAY},
            "ar.payment.plan": {"frequency": "month"},
        }
        return model.create({**values, **own[model._name]})

    def _make_request(self, model):
        wanted = {"kind": "limit", "wanted_kind": "zero", "limit_before_kind": "none", "reason": "Test"}
        return model.create({"customer_id": self.customer.id, "date_requested": self.TODAY, **wanted})

    def test_strangers_get_nothing_through_any_method(self):
        self.assertGreater(len(self.found), 60)
        reached = [
            (f"{name}.{method}", role)
            for name, method in sorted(self.found)
            if f"{name}.{method}" not in WINDOWS | ADDRESSES and (record := self._record(name))
            for role, user in self.strangers.items()
            if self._is_reached(record, method, user)
        ]
        self.assertEqual(reached, [])

    def _is_reached(self, record, method, user):
        """Return whether a user gets through a method without an error of access."""
        called = record.with_user(user).with_context(allowed_company_ids=user.company_id.ids)
        try:
            with (
                mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model"),
                self.env.cr.savepoint() as savepoint,
            ):
                getattr(called, method)()
                savepoint.rollback()
        except UserError:
            return False
        finally:
            self.env.invalidate_all()
        return True

    def test_windows_contain_no_data(self):
        for qualified in sorted(WINDOWS):
            name, _dot, method = qualified.rpartition(".")
            record = self._record(name)
            with self.subTest(method=qualified):
                self.assertIn((name, method), self.found)
                if not record:
                    continue
                try:
                    with self.env.cr.savepoint(), mute_logger("odoo.addons.base.models.ir_model"):
                        action = getattr(record.with_user(self.internal_user), method)()
                except (AccessError, UserError):
                    continue
                self.assertTrue(action["type"].startswith("ir.actions."))
                self.assertNotIn(self.customer.partner_id.name, str(action))
