import base64
import io

from openpyxl import load_workbook

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common_placements import PlacementCommon


@tagged("post_install", "-at_install")
class TestPaymentOrder(PlacementCommon):
    """The sheet says what the form of a payment order asks for, in its order, and what is not known yet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.regime = cls.env.ref("ar_collections.late_charge_regime_de")

    def _open(self, records, user=None):
        with self._on():
            action = records.with_user(user or self.collector).action_payment_order()
            return self.env["ar.payment.order"].with_user(user or self.collector).browse(action["res_id"])

    def _complete(self):
        """Enter all that the form needs."""
        germany = self.env.ref("base.de")
        address = {"street": "Hauptstr. 1", "zip": "10115", "city": "Berlin", "country_id": germany.id}
        self.company.write(
            {"ar_legal_form": "GmbH", "ar_legal_representative": "Director A", "company_registry": "HRB 1"}
        )
        self.company.partner_id.write(address)
        self.partner.write({**address, "company_registry": "HRB 2"})
        self.customer.with_user(self.collector).write({"legal_form": "AG", "legal_representative": "Board member B"})

    def test_what_is_missing_is_listed_with_where_to_enter_it(self):
        self.partner.write({"company_registry": False, "vat": False})
        missing = " ".join(self._open(self.customer)._get_sheet_values()["missing"])
        for words in (
            "Claimant, Legal form: enter it under Settings > Invoicing > Legal Steps",
            f"Defendant, Legal form: enter it under Customers > Collections > {self.partner.name}, tab Legal",
            "Defendant, Represented by",
            "Defendant, Register number: enter it under the contact Late Payer, Company ID",
            "Interest: choose the rules",
        ):
            self.assertIn(words, missing)

    def test_a_complete_sheet_in_the_order_of_the_form(self):
        self._complete()
        sheet = self._open(self.customer)
        self.assertEqual(sheet.form, "eu" if self.company.country_id.code != "DE" else "de")
        sheet.write({"form": "de", "catalogue_number": "11", "court": "Amtsgericht Mitte", "regime_id": self.regime.id})
        values = sheet._get_sheet_values()
        self.assertEqual(values["missing"], [])
        self.assertEqual([part["title"] for part in values["parts"]], ["Claimant", "Defendant"])
        self.assertEqual([(row["name"], row["value"]) for row in values["rows"]],
                         [(self.old.name, 300), (self.new.name, 100)])  # fmt: skip
        self.assertIn("9 points above", values["rows"][0]["interest"])
        self.assertEqual(values["rows"][0]["catalogue"], "11")
        html = str(sheet.preview)
        order = [html.index(words) for words in ("Claimant", "Defendant", "Principal and interest", "Amtsgericht")]
        self.assertEqual(order, sorted(order))

    def _note_cost(self):
        with self._on():
            self.env["ar.legal.cost"].create(
                {"customer_id": self.customer.id, "name": "Letter", "kind": "lawyer", "amount": 80, "date": self.TODAY}
            )

    def test_costs_and_lump_sums_are_ancillary_claims(self):
        self._note_cost()
        self.assertEqual([label for label, _amount in self._open(self.customer)._get_sheet_values()["ancillary"]],
                         ["Lawyer"])  # fmt: skip

    def test_the_sheet_of_a_case_has_its_items_and_the_lawyer(self):
        self.agency.kind = "lawyer"
        placement = self._place(self.old)
        sheet = self._open(placement)
        values = sheet._get_sheet_values()
        self.assertEqual([row["name"] for row in values["rows"]], [self.old.name])
        self.assertEqual([part["title"] for part in values["parts"]],
                         ["Claimant", "Represented in court by", "Defendant"])  # fmt: skip

    @tagged("post_install", "-at_install", "ar_print")
    def test_workbook_and_pdf(self):
        self._complete()
        self.partner.name = "=HYPERLINK()"
        self._note_cost()
        sheet = self._open(self.customer)
        sheet.action_export()
        rows = list(load_workbook(io.BytesIO(base64.b64decode(sheet.with_context(bin_size=False).file))).active.values)
        self.assertIn("=HYPERLINK()", [row[1] for row in rows])
        self.assertIn(300, [row[5] for row in rows])
        total = next(row[5] for row in rows if row[0] == "Principal")
        self.assertEqual(total, sum(sheet.item_ids.mapped("amount_residual_currency")))
        self.assertIn(("Lawyer", 80), [(row[0], row[5]) for row in rows], "a number")
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        content, _type = report._render_qweb_pdf("ar_collections.action_report_payment_order", sheet.ids)
        self.assertTrue(content.startswith(b"%PDF"))

    def test_items_of_others_and_paid_ones_are_refused(self):
        other, invoice = self._late(overdue_days=50, name="Another")
        sheet = self._open(self.customer)
        sheet.item_ids |= self._debt(invoice)
        with self.assertRaisesRegex(UserError, "Select overdue items of Late Payer"):
            sheet.action_print()
        self._pay(self.old)
        self._pay(self.new)
        with self.assertRaisesRegex(UserError, "Nothing is overdue"):
            self._open(self.customer)
        self.assertTrue(other)

    def test_what_is_claimed_in_insolvency_is_no_matter_for_the_court(self):
        with self._on():
            self.env["ar.insolvency"].create({"customer_id": self.customer.id, "opened_on": self.TODAY})
        with self.assertRaisesRegex(UserError, "Nothing is overdue"):
            self._open(self.customer)

    def test_auditors_and_users_without_a_role_make_none(self):
        auditor = self._user("auditor", login="order-auditor")
        with self.assertRaisesRegex(UserError, "Only the role"):
            self._open(self.customer, auditor)
        plain = self.env["res.users"].create({"name": "Plain", "login": "order-plain"})
        with self.assertRaises(UserError):
            self._open(self.customer, plain)
