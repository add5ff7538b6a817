import base64

from odoo import models
from odoo.tools.urls import urljoin

from ....core.portal.links import Key, insert_key
from ....formats import get_formats

#: Notices that list invoices, which the customer may not have got.
LISTING_NOTICES = (False, "account_statement")


class ArCommunication(models.Model):
    """Messages link to the customer page: by a code on letters, and by links to its forms in emails."""

    _inherit = "ar.communication"

    def _get_message_values(self):
        """Override to add what the page can do: whether all, or a part, can be paid online, and ``copy_url``.

        That is the address of the form that sends the listed invoices again; may be missing. The link leads to the form
        and changes nothing, because mail scanners open links. ``form_items``: see `_get_form_items`.
        """
        items = self._get_form_items()
        values = {**super()._get_message_values(), **self._get_payment_abilities(), "form_items": items}
        if any(move.is_sale_document(include_receipts=True) for move in items.move_id):
            values["copy_url"] = self._get_form_url("copy")
        return values

    def _get_form_url(self, code):
        """Return the address of a form of the page with the items of this message; it changes nothing.

        :param str code: see `ar.customer._get_possible_asks`
        """
        return urljoin(self.get_base_url(), self.customer_id._get_page_address(f"/{code}", message=self.id))

    def _get_form_items(self):
        """Return the lines about which the message links to forms of the page; none in letters, calls and most notices.

        They are the recipient's own items: customers that it pays for answer for themselves.
        """
        if not self._get_channel()._has_addresses or self.notice not in LISTING_NOTICES:
            return self.line_ids.browse()
        return self._get_lines_of(self.customer_id).filtered(lambda line: line.kind == "item")

    def _get_payment_abilities(self):
        """Return {can_pay_online, can_pay_part}: providers are read once for all messages of a company in a batch."""
        company, policy = self.company_id, self.customer_id.policy_id
        formats = get_formats(self.env)
        offered = formats.once(("online_currencies", company.id), company._ar_get_online_currencies)
        wanted = self._get_wanted_currencies()
        return {
            "can_pay_online": bool(wanted) and not {*wanted, None}.isdisjoint(offered),
            "can_pay_part": policy.allow_partial_payment or not policy,
        }

    def _get_wanted_currencies(self):
        """Return the currencies of what the message is about, without inactive ones, in which Odoo books no payment.

        Some notices list no items: then it is the currency of their plan or dispute, else the company's.
        """
        self.ensure_one()
        currencies, agreement = self.line_ids.currency_id, self._get_agreement()
        if not currencies and agreement is not None and "currency_id" in agreement:
            currencies = agreement.sudo().exists().currency_id  # the reader of the message needs no right on it
        return (currencies or self.company_id.currency_id).filtered("active")

    def _get_printed_link(self):
        """Return the link of a letter that is being printed, as the source of an image; empty for a copy of it."""
        self.ensure_one()
        key = self.env.context.get("ar_page_key")
        if not isinstance(key, Key):  # of this process: what a remote caller passes is plain text
            return ""
        base_url = self.customer_id.get_base_url()
        address = insert_key(base_url + self._get_pay_url(), base_url, key)
        image = self.env["ir.actions.report"].barcode("QR", address, width=300, height=300)
        return f"data:image/png;base64,{base64.b64encode(image).decode()}"

    def _get_link_end(self):
        """Return the last day on which a link made today is valid, in the customer's language."""
        return self._format_date(self.env["ar.portal.link"]._get_last_day(self.company_id))
