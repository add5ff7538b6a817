from collections import defaultdict
from datetime import date

from odoo import api, models
from odoo.exceptions import UserError

from ....core.money import ZERO, to_decimal
from ....formats import format_amount
from ...customers.core_flow import ignore_failure

#: With more documents or a longer text, a transfer carries the customer's reference instead of their numbers.
FEW_DOCUMENTS = 3
REFERENCE_LENGTH = 140

#: What a customer's reference has in place of an invoice's number: the customer's, followed by more zeros than any
#: invoice's number ends with; and in place of its date: one of no invoice, the same in each year. So it is neither
#: another customer's reference nor that of an invoice.
CUSTOMER_NUMBER, CUSTOMER_DATE = "%s0000000000", date(2000, 1, 1)


class ArBankDetails(models.AbstractModel):
    """What a customer needs to pay by bank transfer: account, reference, and a payment QR code where there is one.

    Account, references and QR codes are those of Odoo: the invoice's recipient bank, its payment reference, and for a
    transfer for several documents the customer's reference in the format that is set on the journal. The formats of QR
    codes come with `account_qr_code_sepa` and the localizations.
    """

    _name = "ar.bank.details"
    _description = "Bank Details"

    @api.model
    def _get_transfers(self, customer, currency, amounts, lang=None, credit=ZERO, with_image=False):
        """Return the bank transfers that pay items of one currency, one for each bank account.

        :param customer: `ar.customer`
        :param dict amounts: {journal item: amount to pay}, in the currency; a negative one is deducted like a credit
        :param str lang: language of the texts; default: that of the environment
        :param credit: amount that is deducted, as a positive number; the first transfers are reduced
        :param bool with_image: the QR code as a data URI, for documents that are printed; else a link to its image
        :return: [{bank: `res.partner.bank`, holder, number, bank_name, bic, amount (text, empty where credits cover
            it), reference, qr_code}]
        """
        groups, credit, transfers = defaultdict(dict), max(to_decimal(credit), ZERO), []
        default = self._get_company_account(customer.company_id, currency)
        for line, amount in amounts.items():
            if amount < 0:
                credit -= to_decimal(amount)
            else:
                groups[self._get_account(line, default)][line] = to_decimal(amount)
        for bank, items in groups.items():
            if bank:
                total = sum(items.values(), ZERO)
                used = min(total, credit)
                credit -= used
                transfer = self._get_transfer(customer, bank, currency, items, total - used, with_image)
                amount = format_amount(self.env, total - used, currency, lang_code=lang) if total > used else ""
                transfers.append({**transfer, "amount": amount})
        return transfers

    @api.model
    def _get_account(self, line, default):
        """Return the bank account that an item is paid to: the invoice's own, else the company's first.

        :param line: journal item; only invoices have an account of the company, credit notes one of the customer
        :param default: the company's account
        """
        own = line.move_id.partner_bank_id if line.move_id.is_inbound() else None
        return own if own and own.active else default

    @api.model
    def _get_company_account(self, company, currency):
        """Return the company's bank account for a currency, by Odoo's rule for invoices; may be empty."""
        banks = company.sudo().partner_id.bank_ids  # read for the customer, whatever the user or visitor may read
        banks = banks.filtered(lambda bank: not bank.company_id or bank.company_id == company)
        return banks.sorted(
            lambda bank: (bool(bank.currency_id) and bank.currency_id != currency, not bank.allow_out_payment)
        )[:1]

    @api.model
    def _get_transfer(self, customer, bank, currency, items, total, with_image):
        """Return one transfer without its amount, see :meth:`_get_transfers`.

        :param dict items: {journal item: Decimal}
        :param Decimal total: to be transferred
        """
        reference = self._get_reference(customer, bank, currency, items)
        qr_code = None
        if total > 0:
            build = bank.build_qr_code_base64 if with_image else bank.build_qr_code_url
            qr_code = build(float(total), reference, reference, currency, customer.partner_id, silent_errors=True)
        return {
            "bank": bank,
            "holder": bank.acc_holder_name or bank.partner_id.name,
            "number": bank.acc_number,
            "bank_name": bank.bank_id.name or "",
            "bic": bank.bank_bic or "",
            "reference": reference,
            "qr_code": qr_code or "",
        }

    @api.model
    def _get_reference(self, customer, bank, currency, items):
        """Return the reference of a transfer, by which it is recognized; never empty.

        For one document it is the document's own. For several it is the numbers of a few documents where references
        are plain numbers, else the customer's reference, as for instance in Belgium, Finland or Norway. Where the
        format has none for this customer or account, the numbers of a few documents are the next best.

        :param items: journal items
        """
        references = list(dict.fromkeys(self._get_item_reference(line) for line in items))
        if len(references) == 1:
            return references[0]
        journals = [line.move_id.journal_id for line in items if line.move_id.is_sale_document(include_receipts=True)]
        is_structured = any(journal.invoice_reference_model != "odoo" for journal in journals)
        text = ", ".join(references)
        is_short = len(references) <= FEW_DOCUMENTS and len(text) <= REFERENCE_LENGTH
        if is_short and not is_structured:
            return text
        journal = journals[0] if journals else self.env["account.journal"]
        reference = self._get_customer_reference(customer, bank, currency, journal)
        return reference or (text if is_short else customer.partner_id.ref or str(customer.partner_id.id))

    @api.model
    def _get_item_reference(self, line):
        """Return the payment reference of an item's document, else its number."""
        return line.move_id.payment_reference or line.move_id.name or line.name or ""

    @api.model
    def _get_customer_reference(self, customer, bank, currency, journal):
        """Return the customer's reference, by Odoo's own method for invoices whose reference names the customer.

        Some localizations read more of the invoice than its customer there: in Norway and Switzerland its number, in
        Slovenia its date, in Switzerland its bank account, too. Some of them have none: the Swiss one for an account
        that is no QR-IBAN or a customer abroad, the Swedish ones for a customer's number that is too long.

        :param journal: decides about the format; may be empty
        :return: empty where there is none
        """
        values = {
            "bank_partner_id": bank.partner_id.id,
            "company_id": customer.company_id.id,
            "currency_id": currency.id,
            "invoice_date": CUSTOMER_DATE,
            "journal_id": journal.id,
            "move_type": "out_invoice",
            "name": CUSTOMER_NUMBER % customer.partner_id.id,
            "partner_bank_id": bank.id,
            "partner_id": customer.partner_id.id,
            "state": "draft",
        }
        invoice = self.env["account.move"].sudo().new(values)  # never stored, only the method is used
        build = getattr(invoice, f"_get_invoice_reference_{journal.invoice_reference_model}_partner", None)
        reference = None
        if build:
            # What another module's method expects of an invoice is not to stop messages and pages.
            with ignore_failure(self.env, "a customer's reference", expected=UserError, writes=False):
                reference = build()
        return reference or ""
