from odoo import Command, fields
from odoo.tests import tagged

from odoo.addons.ar_collections.tests.migration.common_migration import run_migration

from ...core.evidence import BY_REASON
from ...models.evidence.ar_stripe_evidence_line import FIELDS
from ..disputes.stripe_disputes_lookalike import FILE_FIELDS, TEXT_FIELDS
from .common_stripe_evidence import ArStripeEvidenceCommon


@tagged("post_install", "-at_install")
class TestStripeEvidenceGather(ArStripeEvidenceCommon):
    """What Odoo knows is gathered by the reason of the chargeback; what is missing is named."""

    def _consent(self, token):
        return self.env["ar.autopay.consent"].sudo().create(
            {
                "customer_id": self.customer.id,
                "token_id": token.id,
                "name": "Pat Payer",
                "agreed_on": fields.Datetime.to_datetime("2026-01-02 03:04:05"),
                "ip_address": "203.0.113.7",
                "text": "I agree to automatic payments.",
                "method": "Visa 4242",
            }
        )  # fmt: skip

    def _token(self):
        return self.env["payment.token"].sudo().create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.card.id,
                "partner_id": self.payer.id,
                "provider_ref": "cus_1",
                "stripe_payment_method": "pm_card_visa",
                "payment_details": "4242",
            }
        )  # fmt: skip

    def test_who_paid_and_for_what(self):
        self.payer.write({"street": "1 High Street", "city": "Springfield"})
        _data, evidence = self._gathered()
        self.assertEqual(self._value(evidence, "customer_name"), self.payer.name)
        self.assertIn("1 High Street", self._value(evidence, "billing_address"))
        for invoice in self.old + self.new:
            self.assertIn(invoice.name, self._value(evidence, "product_description"))
        self.assertTrue(self._value(evidence, "receipt").startswith(b"%PDF"))
        printed = [ids for report, ids, _data in self.printed if report == "account.account_invoices"]
        self.assertEqual(printed, [self.old.ids, self.new.ids])
        receipt = evidence.line_ids.filtered(lambda line: line.field == "receipt")
        self.assertEqual(receipt.pages, 2, "One file for both.")

    def test_communications_are_printed_with_their_text_and_without_notes_of_calls(self):
        self.env["ar.communication"].sudo().create(
            [
                {
                    "customer_id": self.customer.id, "channel": "email", "state": "sent", "subject": "Your invoice",
                    "body": "<p>Please pay.</p>", "date": self.TODAY, "date_sent": self.TODAY, "tone": "friendly",
                },
                {
                    "customer_id": self.customer.id, "channel": "call", "state": "sent", "body": "<p>Rude.</p>",
                    "date": self.TODAY, "date_sent": self.TODAY, "tone": "friendly",
                },
            ]
        )  # fmt: skip
        self._gathered()
        (rows,) = [data["rows"] for _report, _ids, data in self.printed if data and "rows" in data]
        texts = str(rows)
        self.assertIn("Please pay.", texts)
        self.assertNotIn("Rude", texts)

    def test_what_the_payer_of_the_group_was_sent_is_printed_without_what_others_owe(self):
        payer = self._customer(self._partner(name="Head", email="head@customer.example.com"))
        items = self._debt(self.old), self._debt(self._late(5, 70.0, name="Sister")[1])
        accounts = self.customer, self._customer(items[1].partner_id)
        self.env["ar.communication"].sudo().create(
            {
                "customer_id": payer.id, "channel": "email", "state": "sent", "subject": "Your group",
                "body": "<p>Sister owes.</p>", "date": self.TODAY, "date_sent": self.TODAY, "tone": "friendly",
                "is_for_group": True, "line_ids": [
                    Command.create({"member_id": account.id, "move_line_id": item.id, "move_id": item.move_id.id,
                                    "name": item.move_id.name, "currency_id": item.currency_id.id})
                    for account, item in zip(accounts, items, strict=True)
                ],
            }
        )  # fmt: skip
        self._gathered()
        (rows,) = [data["rows"] for _report, _ids, data in self.printed if data and "rows" in data]
        self.assertIn("Your group", str(rows))
        self.assertIn(self.old.name, str(rows))
        self.assertNotIn("Sister", str(rows))
        self.assertNotIn(items[1].move_id.name, str(rows))

    def test_fraud_shows_consent_address_visits_and_earlier_payments(self):
        token = self._token()
        self._consent(token)
        earlier, _intent = self._pay_by_card(self.old)
        self.transaction.sudo().token_id = token
        self.env.cr.execute(
            "UPDATE payment_transaction SET create_date = create_date - INTERVAL '90 days' WHERE id = %s", [earlier.id]
        )
        self.env.invalidate_all()
        self._key(self.customer)  # a link that was used, by whomever
        self.customer.sudo()._make_link("preview", days=0)
        self.env["ar.portal.link"].sudo().search([("customer_id", "=", self.customer.id)]).used_on = self.TODAY
        _data, evidence = self._gathered(reason="fraudulent")
        self.assertNotIn("opened", self._value(evidence, "access_activity_log"))
        with self._on():
            self.old._record_seen()
        evidence.action_gather()
        self.assertEqual(self._value(evidence, "customer_purchase_ip"), "203.0.113.7")
        self.assertIn("203.0.113.7", self._value(evidence, "access_activity_log"))
        seen = f"{self.TODAY}: opened invoice {self.old.name} on the invoice page"
        self.assertIn(seen, self._value(evidence, "access_activity_log"))
        self.assertEqual(self._value(evidence, "access_activity_log").count("opened"), 1)
        self.assertIn(earlier.reference, self._value(evidence, "uncategorized_text"))
        printed = list(self.printed)
        for version, expected in ((None, "2026-06-10: opened by a scanner"), ("19.0.1.1.1", seen)):
            evidence.line_ids.sudo().filtered(lambda line: line.field == "access_activity_log").write(
                {"text": "2026-06-10: opened by a scanner", "is_edited": False}
            )
            run_migration(self.env, "19.0.1.1.2/post-evidence.py", version, "ar_collections_stripe")
            self.assertIn(expected, self._value(evidence, "access_activity_log"))
        self.assertEqual(self.printed, printed, "No paper is printed for it.")
        *_before, consent = [
            data for _report, _ids, data in self.printed if data and "Consent" in data.get("title", "")
        ]
        self.assertIn("Pat Payer", str(consent))

    def test_a_credit_not_processed_shows_the_policy_and_the_credit_notes(self):
        self.provider.ar_stripe_refund_policy = "Refunds within 30 days."
        note = self._invoice(self.payer, amount=10.0, move_type="out_refund")
        _data, evidence = self._gathered(reason="credit_not_processed")
        self.assertEqual(self._value(evidence, "refund_policy_disclosure"), "Refunds within 30 days.")
        self.assertIn(note.name, self._value(evidence, "uncategorized_text"))
        self.assertIn("Why no refund is due", evidence.missing)
        self.assertIn("of 150,000 characters, 0.", evidence.usage)
        self._add(evidence, "refund_refusal_explanation", "Used for a year.")
        self.assertFalse(evidence.missing and "Why no refund is due" in evidence.missing)

    def test_no_credit_note_is_said_only_where_none_is_due(self):
        said = "No credit note was issued"
        _data, evidence = self._gathered(reason="credit_not_processed")
        self.assertIn(said, self._value(evidence, "uncategorized_text") or "")
        draft = self._invoice(self.payer, amount=10.0, move_type="out_refund")
        draft.button_draft()
        evidence.action_gather()
        self.assertNotIn(said, self._value(evidence, "uncategorized_text") or "")
        draft.button_cancel()
        evidence.stripe_dispute_id.sudo().dispute_ids.write({"state": "partly"})
        evidence.action_gather()
        self.assertNotIn(said, self._value(evidence, "uncategorized_text") or "")

    def test_credit_notes_of_all_whose_invoices_were_paid(self):
        sister, theirs = self._late(5, 70.0, name="Sister")
        note = self._invoice(sister.partner_id, amount=10.0, move_type="out_refund")
        _data, evidence = self._gathered(reason="credit_not_processed")
        evidence.stripe_dispute_id.sudo().dispute_ids.line_ids[:1].copy(
            {"move_id": theirs.id, "move_line_id": self._debt(theirs).id}
        )
        evidence.action_gather()
        self.assertIn(note.name, self._value(evidence, "uncategorized_text"))
        self.assertEqual(self._value(evidence, "customer_name"), self.payer.name)
        self.transaction.sudo().ar_customer_id = sister  # on whose page it was paid
        evidence.action_gather()
        self.assertEqual(self._value(evidence, "customer_name"), "Sister")

    def test_payments_of_different_invoices_are_said_to_be_no_duplicates(self):
        twin = self.transaction
        invoice = self._invoice(self.payer, overdue_days=2, amount=150.0)
        self.transaction, self.intent = self._pay_by_card(invoice)
        data, evidence = self._gathered(reason="duplicate")
        charge = self.stripe.intents[twin.provider_reference]["charges"]["data"][0]["id"]
        self.assertEqual(self._value(evidence, "duplicate_charge_id"), charge)
        text = self._value(evidence, "duplicate_charge_explanation")
        for part in ("different invoices", twin.reference, self.old.name, self.new.name, invoice.name):
            self.assertIn(part, text)
        self.assertTrue(self._value(evidence, "duplicate_charge_documentation"))
        evidence.action_stage()
        self.assertEqual(self.stripe.evidence[data["id"]]["duplicate_charge_id"], charge)

    def test_two_payments_of_the_same_invoice_are_left_to_a_person(self):
        """Whichever of them is contested."""
        intents = self.intent, self._pay_by_card(self.old, amounts={self.old: "150"})[1]
        for self.intent in intents:
            _data, evidence = self._gathered(reason="duplicate")
            self.assertTrue(self._value(evidence, "duplicate_charge_id").startswith("ch_"))
            for field in ("duplicate_charge_explanation", "duplicate_charge_documentation"):
                self.assertIsNone(self._value(evidence, field))
            self.assertIn("Why they are two payments", evidence.missing)

    def test_a_payment_by_another_method_is_one_too(self):
        self._pay(self.old, 150.0)
        _data, evidence = self._gathered(reason="duplicate")
        for field in ("duplicate_charge_id", "duplicate_charge_explanation"):
            self.assertIsNone(self._value(evidence, field))

    def test_money_on_the_banks_statement_is_one_too(self):
        self.env["account.bank.statement.line"].sudo().create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": self.TODAY,
                "payment_ref": "Transfer",
                "partner_id": self.payer.id,
                "amount": 150.0,
            }
        )  # fmt: skip
        _data, evidence = self._gathered(reason="duplicate")
        self.assertIsNone(self._value(evidence, "duplicate_charge_explanation"))

    def test_a_payment_whose_amount_was_paid_once(self):
        _data, evidence = self._gathered(reason="duplicate")
        self.assertIn("no other payment", self._value(evidence, "duplicate_charge_explanation"))
        self.assertIn("The other payment", evidence.missing)

    def test_deliveries_where_stock_is_installed(self):
        if "stock.picking" not in self.env or "sale_line_ids" not in self.env["account.move.line"]._fields:
            self.skipTest("sale_stock is not installed.")
        product = self.env["product.product"].create({"name": "Chair", "type": "consu", "is_storable": True})
        order = self.env["sale.order"].sudo().with_company(self.company).create(
            {
                "partner_id": self.payer.id,
                "company_id": self.company.id,
                "order_line": [(0, 0, {"product_id": product.id, "product_uom_qty": 2, "price_unit": 75})],
            }
        )  # fmt: skip
        order.action_confirm()
        picking = order.picking_ids
        picking.move_ids.quantity = 2
        picking.move_ids.picked = True
        picking._action_done()
        self.new.sudo().invoice_line_ids[:1].sale_line_ids = order.order_line
        _data, evidence = self._gathered()
        self.assertTrue(self._value(evidence, "shipping_documentation"))
        self.assertEqual(self._value(evidence, "shipping_date"), str(picking.date_done.date()))
        self.assertIn(("stock.action_report_delivery", picking.ids, None), self.printed)

    def test_what_a_person_wrote_stays_and_a_paper_that_fails_stops_nothing(self):
        _data, evidence = self._gathered()
        evidence.line_ids.filtered(lambda line: line.field == "product_description").text = "Two chairs"
        self.patch(type(self.env["ir.actions.report"]), "_render_qweb_pdf", self._fail)
        evidence.action_gather()
        self.assertEqual(self._value(evidence, "product_description"), "Two chairs")
        self.assertIn("no printer", evidence.gathering_notes)
        self.assertEqual(self._value(evidence, "customer_name"), self.payer.name)

    @staticmethod
    def _fail(_reports, _report, ids=None, data=None):
        raise ValueError("no printer")

    def test_every_field_is_one_of_stripes_and_every_reason_gathers(self):
        self.assertLessEqual({name for name, _label in FIELDS}, FILE_FIELDS | TEXT_FIELDS)
        data, evidence = self._gathered()
        for reason in (*BY_REASON, "general", "a_new_reason"):
            evidence.stripe_dispute_id.sudo().reason = reason
            evidence.action_gather()
            evidence.action_stage()
            self.assertTrue(self.stripe.evidence[data["id"]]["customer_name"])

    @tagged("post_install", "-at_install", "ar_print")
    def test_the_papers_are_printed_by_odoo(self):
        _data, evidence = self._gathered()
        html = self.env["ir.actions.report"]._render_qweb_html(
            "ar_collections_stripe.action_report_evidence", evidence.ids, {"title": "T", "rows": [["head", "été 東京"]]}
        )[0].decode()  # fmt: skip
        self.assertIn("été 東京", html)
        self.assertIn(evidence.stripe_dispute_id.reference, html)
        self.printing.stop()
        printer = evidence.sudo().with_context(force_report_rendering=True)
        content = printer._print_list("T", [("head", "line\n" * 200)])
        self.assertTrue(content.startswith(b"%PDF"))
        self.assertGreater(evidence.line_ids._count_pages(content), 1)
        self.printing.start()
