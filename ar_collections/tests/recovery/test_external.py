import inspect
from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..access.test_access import RIGHTS
from ..access.test_public_methods import ADDRESSES, OF_ODOO, WINDOWS
from .common_placements import PlacementCommon

#: What an external collector may open, with its rights.
THEIRS = {"ar.customer": "r", "ar.placement": "r", "ar.legal.cost": "r", "ar.external.log": "rwcd"}

DENIED = "odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model", "odoo.orm.models"


@tagged("post_install", "-at_install")
class TestExternal(PlacementCommon):
    """People of an agency see the cases placed with it, and nothing else, whatever they try."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = cls.env.ref("ar_collections.ar_collections_group_external")
        cls.user = cls.env["res.users"].create(
            {
                "name": "Outsider",
                "login": "outsider",
                "email": "outsider@agency.example.com",
                "group_ids": [Command.set(group.ids)],
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
            }
        )
        cls.agency.user_ids = cls.user
        cls.hidden = cls._partner(name="Hidden Secret Customer", email="hidden@secret.example.com")
        cls.env["res.partner.bank"].create({"acc_number": "SECRET123", "partner_id": cls.hidden.id})
        cls.hidden_invoice = cls._invoice(cls.hidden, overdue_days=200, amount=50.0)
        cls.hidden_customer = cls._customer(cls.hidden)

    def _log(self, customer=None, **values):
        """Record a contact as the external collector."""
        with self._on():
            dialog = self.env["ar.external.log"].with_user(self.user)
            values = {"note": "Spoke to the owner", **values}
            dialog.create({"customer_id": (customer or self.customer).id, **values}).action_record()
        self.env.invalidate_all()

    # === WHAT IS THEIRS === #

    def test_they_see_what_is_placed_with_their_agency_alone(self):
        accounts = self.env["ar.customer"].with_user(self.user)
        self.assertFalse(accounts.search([]))
        placement = self._place(self.old)
        self.assertEqual(accounts.search([]), self.customer)
        self.assertEqual(self.env["ar.placement"].with_user(self.user).search([]), placement)
        self.env.invalidate_all()
        for record in (self.customer, placement):
            self.assertTrue(record.with_user(self.user).read())  # all fields that they may read
        with self._on():
            shown = self.customer.with_user(self.user)
            self.assertEqual(shown.external_amount, 300)
            self.assertIn(self.old.name, shown.external_html)
            self.assertNotIn(self.new.name, shown.external_html)
            self.assertEqual(shown.partner_phone or shown.partner_email, "payer@customer.example.com")
        self._end(placement, "recalled")
        self.assertFalse(accounts.search([]))
        with mute_logger(*DENIED), self.assertRaises(AccessError):
            self.customer.with_user(self.user).read(["partner_id"])

    def test_they_see_the_late_items_of_customers_assigned_to_them_that_no_agency_has(self):
        other = self._agency()
        self._place(self.old, agency=other)
        self.customer.external_user_ids = self.user
        with self._on():
            self.assertEqual(self.customer.with_user(self.user).external_amount, 100)
            self.env["ar.insolvency"].create({"customer_id": self.customer.id, "opened_on": self.TODAY})
            self.env.invalidate_all()
            self.assertEqual(self.customer.with_user(self.user).external_amount, 0, "claimed in insolvency")

    def test_calls_promises_and_proposals(self):
        self._place()
        self._log(kind="call", call_result="reached")
        self.assertEqual(self._communications(self.customer).call_result, "reached")
        self._log(kind="promise", date=self.TODAY + timedelta(days=7), amount=350)
        promise = self.customer.promise_ids
        self.assertEqual(promise.line_ids.mapped("amount"), [300, 50])
        self.assertEqual(promise.create_uid, self.user)
        promise.sudo()._withdraw("changed")
        self._log(kind="plan", date=self.TODAY + timedelta(days=7), count=4)
        plan = self.customer.payment_plan_ids
        self.assertEqual((plan.state, plan.amount_total, len(plan.installment_ids)), ("draft", 400, 4))

    def test_what_is_promised_to_the_agency_is_not_confirmed_by_us(self):
        self._place()
        self._log(kind="promise", date=self.TODAY + timedelta(days=7))
        self.assertFalse(self._deliver())

    def test_more_than_is_theirs_is_refused(self):
        self._place(self.old)
        with self.assertRaisesRegex(UserError, "at most what is open"):
            self._log(kind="promise", date=self.TODAY + timedelta(days=7), amount=301)
        for values in ({"kind": "promise"}, {"kind": "plan", "count": 900}, {"note": " "}):
            with self.subTest(values), self.assertRaises(UserError):
                self._log(**values)

    # === AS A HOSTILE USER === #

    @mute_logger(*DENIED)
    def test_no_right_on_any_other_model_of_ours(self):
        operations = {"r": "read", "w": "write", "c": "create", "d": "unlink"}
        for model in {*RIGHTS, *THEIRS}:
            found = "".join(
                letter
                for letter, operation in operations.items()
                if self.env[model].with_user(self.user).has_access(operation)
            )
            with self.subTest(model):
                self.assertEqual(found, THEIRS.get(model, ""))

    @mute_logger(*DENIED)
    def test_no_other_field_of_their_accounts(self):
        placement, reached = self._place(), []
        for record, names in (
            (self.customer, ("internal_note", "balance", "overdue", "credit_limit", "message_ids", "placement_ids")),
            (placement, ("commission", "amount_claimed", "pack_id", "agency_id", "message_ids", "line_ids")),
        ):
            for name in names:
                for way, attempt in self._attempts(record.with_user(self.user), name).items():
                    try:
                        attempt()
                    except AccessError:
                        continue
                    reached.append((record._name, name, way))
        self.assertEqual(reached, [])

    @staticmethod
    def _attempts(model, name):
        """Return {name: call} of the ways to a field, or to what it holds."""
        field = model._fields[name]
        attempts = {"read": lambda: model.read([name]), "search_read": lambda: model.search_read([], [name])}
        if not field.required and (field.store or field.type == "one2many"):
            attempts["search"] = lambda: model.search([(name, "!=", False)])
        if field.store and field.column_type:
            attempts["order"] = lambda: model.search([], order=name)
            attempts["group"] = lambda: model.formatted_read_group([], [name])
        return attempts

    @mute_logger(*DENIED)
    def test_other_customers_are_found_nowhere(self):
        """Every model with a contact that the user may read: by name, by path, by group, by value."""
        self._place()
        for model in self._readable_models():
            records = self.env[model].with_user(self.user)
            for name, field in records._fields.items():
                is_partner = field.type == "many2one" and field.comodel_name == "res.partner" and field.store
                if not is_partner or not records._has_field_access(field, "read"):
                    continue
                with self.subTest(model=model, field=name):
                    self.assertFalse(records.search([(name, "=", self.hidden.id)]))
                    self.assertFalse(records.search([(f"{name}.name", "ilike", "Hidden Secret")]))
        partners = self.env["res.partner"].with_user(self.user)
        self.assertFalse(partners.name_search("Hidden Secret"))
        self.assertFalse(partners.search([("email", "ilike", "hidden@secret")]))
        groups = partners.formatted_read_group([("name", "ilike", "Secret")], ["name"], ["__count"])
        self.assertFalse(groups)
        self.assertEqual(partners.name_search("Late Payer")[0][0], self.partner.id)
        self.assertFalse(self.env["res.partner.bank"].with_user(self.user).search([("acc_number", "ilike", "SECRET")]))

    def _readable_models(self):
        return [
            name
            for name, model in self.registry.items()
            if not model._abstract
            and not model._transient
            and model._auto
            and self.env[name].with_user(self.user).has_access("read")
        ]

    @mute_logger(*DENIED)
    def test_messages_attachments_and_invoices_are_closed(self):
        placement = self._place()
        self.customer.message_post(body="secret note")
        file = self.env["ir.attachment"].create(
            {"name": "secret.txt", "raw": b"x", "res_model": "ar.customer", "res_id": self.customer.id}
        )
        user = self.user
        for record in (file, placement.sudo().pack_id, self.customer.message_ids[:1]):
            with self.subTest(record._name), self.assertRaises(AccessError):
                record.with_user(user).read(["id", "display_name"])
        found = self.env["mail.message"].with_user(user).search([("body", "ilike", "secret note")])
        self.assertFalse(found)
        names = self.env["ir.attachment"].with_user(user).search([("res_model", "in", ("ar.customer", "ar.placement"))])
        self.assertFalse(names)
        for model in ("account.move", "account.move.line", "account.payment", "ar.promise", "mail.mail"):
            with self.subTest(model):
                self.assertFalse(self.env[model].with_user(user).has_access("read"))

    @mute_logger(*DENIED)
    def test_no_export_no_settings_no_write(self):
        self._place()
        for model in ("ar.customer", "ar.placement", "res.partner"):
            with self.subTest(model), self.assertRaisesRegex(UserError, "cannot export"):
                self.env[model].with_user(self.user).search([]).export_data(["id", "display_name"])
        for record, values in (
            (self.customer, {"excluded": True}),
            (self.partner, {"email": "mine@agency.example.com"}),
            (self.agency, {"vat_percent": 1}),
            (self.policy, {"name": "x"}),
        ):
            with self.subTest(record), self.assertRaises(AccessError):
                record.with_user(self.user).write(values)

    @mute_logger(*DENIED)
    def test_who_may_edit_contacts_besides_changes_none_of_customers(self):
        self._place()
        self.user.sudo().group_ids += self.env.ref("base.group_partner_manager")
        with self.assertRaises(AccessError):
            self.partner.with_user(self.user).email = "mine@agency.example.com"
        self.user.partner_id.with_user(self.user).phone = "+1 555 0101"

    @mute_logger(*DENIED)
    def test_no_button_of_staff(self):
        placement = self._place()
        account = self.customer.with_user(self.user)
        for name in ("action_promise", "action_place", "action_new_payment_plan", "action_resume"):
            with self.subTest(name), self.assertRaises(UserError):
                getattr(account, name)()
        for name in ("action_recall", "action_download_pack", "action_update", "action_report", "action_approve"):
            with self.subTest(name), self.assertRaises(UserError):
                getattr(placement.with_user(self.user), name)()

    @mute_logger(*DENIED)
    def test_the_dialog_opens_no_other_account(self):
        self._place()
        with self.assertRaises(AccessError):
            self._log(self.hidden_customer, kind="call", call_result="reached")
        dialog = self.env["ar.external.log"].with_user(self.user)
        with self.assertRaises(AccessError):
            dialog.with_context(default_customer_id=self.hidden_customer.id).default_get(["customer_id"])

    @mute_logger(*DENIED)
    def test_notes_messages_and_files_of_contacts_are_closed(self):
        self._place()
        self.partner.comment = "Secret: about to merge"
        self.partner.message_post(body="secret chatter")
        values = {"name": "contract.txt", "raw": b"x", "res_model": "res.partner", "res_id": self.partner.id}
        file = self.env["ir.attachment"].create(values)
        partner = self.partner.with_user(self.user)
        self.assertTrue(partner.read(["name", "phone", "email"]))
        for name in ("read", "search_read"):
            with self.subTest(name), self.assertRaises(AccessError):
                self._attempts(partner, "comment")[name]()
        view = partner.get_views([(False, "form")])
        self.assertNotIn("comment", view["models"]["res.partner"]["fields"])
        self.assertNotIn('name="comment"', view["views"]["form"]["arch"])
        self.assertFalse(self.env["mail.message"].with_user(self.user).search([("body", "ilike", "secret chatter")]))
        with self.assertRaises(AccessError):
            file.with_user(self.user).read(["name"])
        self.assertFalse(self.env["ir.attachment"].with_user(self.user).search([("id", "=", file.id)]))

    def test_cards_on_a_phone_show_no_more_than_the_list(self):
        for model, wanted in (("ar.customer", "external_amount"), ("ar.placement", "amount_left")):
            views = self.env[model].with_user(self.user).get_views([(False, "kanban"), (False, "list")])
            self.assertIn(f'name="{wanted}"', views["views"]["kanban"]["arch"])
            for name in ("credit_limit", "collector_id", "commission", "agency_id"):
                self.assertNotIn(f'name="{name}"', views["views"]["kanban"]["arch"])

    @mute_logger(*DENIED)
    def test_no_public_method_does_staffs_work(self):
        placement, reached = self._place(), set()
        for record in (self.customer, placement):
            for name in self._public_methods(record):
                try:
                    with self._on(), self.env.cr.savepoint() as savepoint:
                        found = getattr(record.with_user(self.user), name)()
                        savepoint.rollback()
                except (UserError, TypeError):
                    continue
                finally:
                    self.env.invalidate_all()
                is_window = name.startswith("action_open_") and found["res_model"] not in THEIRS
                if not is_window:  # a window of a model that is closed to them, see above
                    reached.add(f"{record._name}.{name}")
        harmless = {"ar.customer.get_worklist_notice", "ar.customer.action_external_log"}
        self.assertEqual(reached - WINDOWS - ADDRESSES, harmless)

    @staticmethod
    def _public_methods(record):
        """Return the names of the methods of our files that RPC may call."""
        return sorted(
            {
                name
                for part in type(record).mro()
                if ".ar_collections." in part.__module__
                for name, value in vars(part).items()
                if inspect.isfunction(value) and not name.startswith("_") and name not in OF_ODOO
            }
        )

    def test_staff_has_its_own_dialogs(self):
        with self.assertRaisesRegex(AccessError, "external collectors"):
            self.customer.with_user(self.collector).action_external_log()
