from odoo import models
from odoo.exceptions import UserError
from odoo.tools.pdf import merge_pdf

from ...core.evidence import kind_of

REPORT = "ar_collections_stripe.action_report_evidence"

#: Contacts with the customer that are printed at most, the latest ones.
CONTACTS_MAX = 30


class ArStripeEvidencePapers(models.Model):
    """The files of the evidence: documents of Odoo, printed, and joined into one PDF for each of Stripe's fields."""

    _inherit = "ar.stripe.evidence"

    def _join(self, name, contents):
        """Return (file name, bytes) of documents joined into one PDF, ``None`` without any.

        :raise UserError: where one of them is no PDF
        """
        contents = [content for content in contents if content]
        if not contents:
            return None
        if any(kind_of(content) != "pdf" for content in contents):
            raise UserError(self.env._("a document could not be printed as PDF"))
        return name, contents[0] if len(contents) == 1 else merge_pdf(contents)

    def _print_invoice(self, move):
        """Return an invoice as PDF: the one that was sent, or a new one."""
        if move.invoice_pdf_report_id:
            return move.invoice_pdf_report_id.raw
        reports = self.env["ir.actions.report"].with_context(lang=move.partner_id.lang)
        return reports._render_qweb_pdf("account.account_invoices", move.ids)[0]

    def _print_list(self, title, rows):
        """Return a printed list, ``None`` without rows.

        :param rows: [(heading, text)]
        """
        if not rows:
            return None
        data = {"title": title, "rows": rows}
        return self.env["ir.actions.report"]._render_qweb_pdf(REPORT, self.ids, data=data)[0]

    # === FIELDS === #

    def _find_receipt(self):
        return self._join("invoices.pdf", [self._print_invoice(move) for move in self._get_invoices()])

    def _find_customer_communication(self):
        """Print the contacts about the invoices: what was sent to whom, and what the customer answered.

        Of what was sent to the payer of the customer's group, which lists what others owe, the numbers are printed.
        """
        customers = self._get_customer()
        contacts = self.env["ar.communication"].search(
            [
                ("state", "=", "sent"),
                "|",
                ("customer_id", "in", customers.ids),
                ("line_ids.member_id", "in", customers.ids),
                "|",
                ("line_ids.move_id", "in", self._get_invoices().ids),
                ("line_ids", "=", False),
            ],
            order="id desc",
            limit=CONTACTS_MAX,
        )
        rows = [(self._describe_contact(contact), self._get_text_for(contact, customers)) for contact in contacts[::-1]]
        return self._join("communication.pdf", [self._print_list("Communication with the customer", rows)])

    def _get_text_for(self, contact, customers):
        """Return what a contact said, as far as it is about these customers."""
        if contact.customer_id in customers:
            return contact._get_evidence_text()
        return ", ".join(filter(None, contact._get_lines_of(customers).mapped("name")))

    def _describe_contact(self, contact):
        """Return day, channel, addresses and subject of a contact."""
        addresses = ", ".join(filter(None, contact.address_ids.mapped("address"))) or contact.email_to or ""
        parts = (contact.date_sent or contact.date, contact.channel, addresses, contact.subject)
        return " | ".join(str(part) for part in parts if part)

    def _find_customer_signature(self):
        """Print the consent to automatic payments: its text, who gave it, when, and from which address."""
        rows = [
            (f"{each.agreed_on} UTC | {each.name} | IP {each.ip_address or '-'} | {each.method or ''}", each.text)
            for each in self._get_consents()[:1]
        ]
        return self._join("consent.pdf", [self._print_list("Consent to automatic payments", rows)])

    # === DELIVERY === #

    def _get_deliveries(self):
        """Return the deliveries of the invoices' orders that were done; ``None`` where stock is not installed."""
        lines = self._get_invoices().invoice_line_ids
        if "stock.picking" not in self.env or "sale_line_ids" not in lines._fields:
            return None
        # sudo: the evidence shows what was delivered, whatever else the user may read of the stock.
        orders = lines.sudo().sale_line_ids.order_id
        pickings = orders.picking_ids if "picking_ids" in orders._fields else None
        return pickings and pickings.filtered(
            lambda picking: picking.state == "done" and picking.picking_type_code == "outgoing"
        ).sorted("date_done")

    def _find_shipping_documentation(self):
        pickings = self._get_deliveries()
        reports = self.env["ir.actions.report"].sudo()  # as in `_get_deliveries`
        return pickings and self._join(
            "delivery_slips.pdf", [reports._render_qweb_pdf("stock.action_report_delivery", pickings.ids)[0]]
        )

    def _find_shipping_date(self):
        pickings = self._get_deliveries()
        return pickings and ", ".join(sorted({str(self.company_id._ar_day(picking.date_done)) for picking in pickings}))

    def _find_shipping_address(self):
        pickings = self._get_deliveries()
        return pickings and "\n\n".join(
            partner._display_address().strip().replace("\n\n", "\n") for partner in pickings.partner_id
        )

    def _find_shipping_carrier(self):
        pickings = self._get_deliveries()
        if not pickings or "carrier_id" not in pickings._fields:
            return None
        return ", ".join(pickings.carrier_id.mapped("name"))

    def _find_shipping_tracking_number(self):
        pickings = self._get_deliveries()
        if not pickings or "carrier_tracking_ref" not in pickings._fields:
            return None
        return ", ".join(filter(None, pickings.mapped("carrier_tracking_ref")))
