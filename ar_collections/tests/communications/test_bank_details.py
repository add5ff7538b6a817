import re
from itertools import count
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError

from odoo.addons.account.tools import is_valid_structured_reference

from ..common import ArCommon

NUMBER = "IE29 AIBK 9311 5212 3456 78"


class TestBankDetails(ArCommon):
    """Who pays by transfer finds account and reference in each message, whether online payment is possible or not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].sudo().set_param("account_payment.enable_portal_payment", "True")
        cls.company.partner_id.bank_ids.unlink()
        cls.bank = cls._bank(NUMBER)
        cls.numbers = count(1)

    @classmethod
    def _bank(cls, number, **values):
        values = {"acc_number": number, "partner_id": cls.company.partner_id.id, **values}
        return cls.env["res.partner.bank"].create(values)

    def _transfers(self, customer):
        """Return the transfers of the message that is planned for the customer today."""
        self._run()
        return self._communications(customer)._get_transfers()

    # === ACCOUNT === #

    def test_a_mail_names_account_holder_number_amount_and_reference(self):
        customer, invoice = self._late()
        (mail,) = self._day()
        for text in (NUMBER, self.company.name, "$ 100.00".replace(" ", "\xa0"), invoice.payment_reference):
            self.assertIn(text, mail["body"].split("By bank transfer")[1])
        self.assertIn(f"Account: {NUMBER}", mail["body_alternative"])

    def test_the_account_of_the_invoice_comes_first(self):
        other = self._bank("IE64 IRCE 9205 0112 3456 78")
        customer, invoice = self._late()
        invoice.partner_bank_id = other
        self._invoice(customer.partner_id, 6, 40).partner_bank_id = self.bank
        rows = {transfer["bank"]: transfer["amount"] for transfer in self._transfers(customer)}
        self.assertEqual(rows, {other: "$\xa0100.00", self.bank: "$\xa040.00"})

    def test_an_account_that_was_archived_is_not_named(self):
        customer, invoice = self._late()
        self.assertEqual(invoice.partner_bank_id, self.bank)
        new = self._bank("IE64 IRCE 9205 0112 3456 78")
        self.bank.active = False
        self.assertEqual(self._transfers(customer)[0]["bank"], new)

    def test_a_credit_note_names_no_account_of_the_customer(self):
        customer, invoice = self._late()
        theirs = self._bank("IE64 IRCE 9205 0112 3456 78", partner_id=customer.partner_id.id)
        note = self._invoice(customer.partner_id, 1, 30, move_type="out_refund")
        note.partner_bank_id = theirs
        details, currency = self.env["ar.bank.details"], self.company.currency_id
        debt, credit = self._debt(invoice), self._debt(note)
        self.assertEqual(details._get_transfers(customer, currency, {credit: -30}), [])
        (transfer,) = details._get_transfers(customer, currency, {debt: 100, credit: -30})
        self.assertEqual(
            (transfer["bank"], transfer["amount"], transfer["reference"]),
            (self.bank, "$\xa070.00", invoice.payment_reference),
        )

    def test_the_company_account_is_one_for_the_currency_and_trusted(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        details = self.env["ar.bank.details"]
        in_euro = self._bank("IE64 IRCE 9205 0112 3456 78", currency_id=euro.id)
        trusted = self._bank("BE68 5390 0754 7034", allow_out_payment=True)
        self.assertEqual(details._get_company_account(self.company, self.company.currency_id), trusted)
        self.assertIn(details._get_company_account(self.company, euro), trusted | in_euro)

    def test_without_an_account_messages_go_out_and_the_policy_says_so(self):
        self.bank.unlink()
        _customer, invoice = self._late()
        self.assertIn(self.company.name, self.policy.bank_warning)
        (mail,) = self._day()
        self.assertIn(invoice.name, mail["body"])
        self.assertNotIn("By bank transfer", mail["body"])

    # === AMOUNT AND REFERENCE === #

    def test_credits_are_deducted_from_the_transfer(self):
        customer, _invoice = self._late(amount=500)
        self._invoice(customer.partner_id, 1, 120, move_type="out_refund")
        (transfer,) = self._transfers(customer)
        self.assertEqual(transfer["amount"], "$\xa0380.00")

    def test_a_few_documents_are_named_by_their_numbers(self):
        customer, invoice = self._late()
        second = self._invoice(customer.partner_id, 6, 50)
        (transfer,) = self._transfers(customer)
        self.assertEqual(set(transfer["reference"].split(", ")), {invoice.name, second.name})

    def test_many_documents_are_paid_with_the_customers_reference(self):
        customer, _invoice = self._late()
        self._invoices([customer.partner_id] * 4, 6)
        customer.partner_id.ref = "C 4711"
        (transfer,) = self._transfers(customer)
        self.assertIn("C 4711", transfer["reference"])

    def test_structured_references_are_used_where_the_journal_has_them(self):
        self.company_data["default_journal_sale"].invoice_reference_model = "euro"
        customer, invoice = self._late()
        (transfer,) = self._transfers(customer)
        self.assertEqual(transfer["reference"], invoice.payment_reference)
        self.assertTrue(is_valid_structured_reference(transfer["reference"]))
        other, first = self._late(name="Other", email="other@customer.example.com")
        self._invoice(other.partner_id, 4, 50)
        (transfer,) = self._transfers(other)
        self.assertTrue(is_valid_structured_reference(transfer["reference"]))
        self.assertIn(f"Reference {first.payment_reference}", re.sub(r"\s+", " ", self._communications(other).body))

    def _reference(self, build, size=2, ref=False):
        """Return the reference of a transfer for several invoices, where a localization builds the customer's.

        :param build: stands for the localization's method
        """
        self.company_data["default_journal_sale"].invoice_reference_model = "number"
        number = next(self.numbers)
        customer, invoice = self._late(name=f"Payer {number}", email=f"payer{number}@customer.example.com", ref=ref)
        invoices = invoice + self._invoices([customer.partner_id] * (size - 1), 6)
        with patch.object(self.registry["account.move"], "_get_invoice_reference_number_partner", build):
            (transfer,) = self._transfers(customer)
            (group,) = customer._get_page_values()["groups"]
        self.assertEqual(group["transfers"][0]["reference"], transfer["reference"])
        self.assertIn(f">{transfer['reference']}</span>", self._communications(customer).body)
        return customer.partner_id, invoices, transfer["reference"]

    def test_a_customers_reference_may_read_number_date_and_account_of_an_invoice(self):
        """As those of Norway, Slovenia and Switzerland do."""
        seen = []

        def build(move):
            digits = "".join(sign for sign in move.name if sign.isdigit())
            is_valid = move.move_type == "out_invoice" and move.partner_bank_id == self.bank and bool(move.currency_id)
            seen.append((digits, is_valid))
            return f"{move.partner_id.id}-{move.invoice_date.year}-{digits[-7:]}"

        partner, _invoices, reference = self._reference(build)
        self.assertEqual(reference, f"{partner.id}-2000-0000000")
        self.assertEqual(set(seen), {(f"{partner.id}0000000000", True)})

    def test_without_a_customers_reference_a_few_documents_are_named(self):
        def refuse(_move):
            raise UserError("OCR Reference Number length is greater than allowed.")

        for build in (refuse, lambda _move: False, lambda _move: ""):
            _partner, invoices, reference = self._reference(build)
            self.assertEqual(set(reference.split(", ")), set(invoices.mapped("payment_reference")))
            self.assertTrue(all(invoices.mapped("payment_reference")))

    def test_without_a_customers_reference_many_documents_are_paid_with_the_customers_number(self):
        _partner, _invoices, reference = self._reference(lambda _move: False, size=5, ref="C 4711")
        self.assertEqual(reference, "C 4711")
        partner, _invoices, reference = self._reference(lambda _move: False, size=5)
        self.assertEqual(reference, str(partner.id))

    def test_a_method_of_another_module_that_fails_stops_no_message(self):
        with self.assertLogs("odoo.addons.ar_collections.models.customers.core_flow", "WARNING"):
            _partner, invoices, reference = self._reference(lambda move: move.invoice_origin.upper())
        self.assertEqual(set(reference.split(", ")), set(invoices.mapped("payment_reference")))

    def test_a_customers_number_without_digits_is_no_reference(self):
        """Odoo's own *Numbers only* gives nothing there."""
        self.company_data["default_journal_sale"].invoice_reference_model = "number"
        customer, _invoice = self._late(ref="ACME")
        self._invoices([customer.partner_id] * 4, 6)
        (transfer,) = self._transfers(customer)
        self.assertEqual(transfer["reference"], "ACME")

    # === QR CODE === #

    def _qr_codes(self, params):
        banks = self.registry["res.partner.bank"]
        return (
            patch.object(banks, "_get_available_qr_methods", lambda _model: [("sample", "Sample", 1)]),
            patch.object(banks, "_get_qr_code_generation_params", lambda _bank, *args, **kwargs: params),
        )

    def test_a_mail_links_to_the_qr_code_and_a_letter_contains_it(self):
        customer, _invoice = self._late()
        params = {"barcode_type": "QR", "value": "pay me", "width": 128, "height": 128}
        methods, values = self._qr_codes(params)
        with methods, values:
            (mail,) = self._day()
            (printed,) = self._communications(customer)._get_transfers(with_image=True)
        self.assertIn(f'src="{customer.get_base_url()}/report/barcode/?', mail["body"])
        self.assertNotIn("data:image", mail["body"])
        self.assertLess(len(mail["body"]), 50_000)
        self.assertTrue(printed["qr_code"].startswith("data:image/png;base64,"))

    def test_without_a_format_of_the_country_there_is_none(self):
        customer, _invoice = self._late()
        methods, values = self._qr_codes({})
        with methods, values:
            self.assertEqual([row["qr_code"] for row in self._transfers(customer)], [""])


class TestReadability(ArCommon):
    """Mail programs and screen readers find their way."""

    def test_columns_and_rows_have_header_cells(self):
        self._late()
        (mail,) = self._day()
        self.assertEqual(mail["body"].count('scope="col"'), 3)
        self.assertIn('scope="row"', mail["body"])
        table = mail["body"][mail["body"].index("o_ar_items") - 20 :][:60]
        self.assertNotIn("presentation", table)

    def test_the_line_beside_the_subject_says_how_much_until_when(self):
        customer, invoice = self._late()
        (mail,) = self._day()
        text = mail["body"].split("o_ar_preheader")[1].split("</div>")[0]
        for part in (
            "$\xa0100.00",
            invoice.name,
            self._communications(customer)._format_date(self._communications(customer).deadline),
        ):
            self.assertIn(part, text.replace("&nbsp;", "\xa0"))

    def test_a_notice_of_several_currencies_names_each(self):
        self.env["res.partner.bank"].search([("partner_id", "=", self.company.partner_id.id)]).unlink()
        euro = self.env.ref("base.EUR")
        euro.rate_ids = [Command.clear(), Command.create({"name": "2026-01-01", "company_rate": 0.5})]
        customer, _invoice = self._late(amount=100)
        self._invoice(customer.partner_id, 4, 70, currency_id=euro.id)
        self._day()
        self.assertIn("$\xa0100.00 + 70.00\xa0€", self._communications(customer)._get_preheader())
