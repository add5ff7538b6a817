from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize_all, is_html_empty

from ...notification import notification


class ArMessageNew(models.TransientModel):
    """Dialog for a message that uses no step: the last reminder again, copies of invoices, or a free text.

    The schedule does not count it. It waits in the mail queue like reminders, and is canceled there when the amounts
    it lists have changed.
    """

    _name = "ar.message.new"
    _inherit = ["ar.wizard.mixin"]
    _description = "Message to a Customer"

    customer_id = fields.Many2one("ar.customer", required=True, readonly=True, ondelete="cascade")
    commercial_partner_id = fields.Many2one(related="customer_id.partner_id", string="Company of the Customer")
    kind = fields.Selection(selection="_get_kinds", required=True, readonly=True)
    warning = fields.Char(readonly=True)
    placed_text = fields.Char(readonly=True)
    recipient_ids = fields.Many2many(
        "res.partner",
        string="Recipients",
        domain="[('commercial_partner_id', '=', commercial_partner_id), ('email_normalized', '!=', False)]",
        help="Contacts of this customer with an email address.",
    )
    subject = fields.Char(required=True)
    text = fields.Html()
    line_ids = fields.Many2many("account.move.line", string="Items", readonly=True)
    numbers = fields.Char("Documents", readonly=True)

    @api.model
    def _get_kinds(self):
        return self.env["ar.communication"]._get_written_kinds()

    @api.model
    def _open_for(self, customer, kind, lines):
        """Return the action that opens the dialog; the caller checked the user's rights.

        :param str kind: one of ``const.WRITTEN``
        :param lines: open items that the message is about
        """
        self.env.flush_all()  # addresses are read with plain SQL
        wizard = self.create(self._prepare_vals(customer, kind, lines))
        return {
            "type": "ir.actions.act_window",
            "name": self._get_title(kind),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "large"},
        }

    @api.model
    def _get_title(self, kind):
        titles = {
            "repeat": self.env._("Send the Last Reminder Again"),
            "copies": self.env._("Send Copies of Invoices"),
            "message": self.env._("Write a Message"),
        }
        return titles[kind]

    @api.model
    def _prepare_vals(self, customer, kind, lines):
        rows = self.env["ar.facts"]._read_recipients(customer)[customer.id]
        chosen = self.env["ar.channel.email"]._choose_recipients(rows)
        items = self._choose_items(customer, kind, lines)
        placed = customer._find_placed(lines)
        items -= placed
        values = {
            "customer_id": customer.id,
            "kind": kind,
            "warning": customer._get_message_warning(),
            "placed_text": customer._get_placed_text(placed),
            "recipient_ids": [Command.set([row["id"] for row in chosen])],
            "line_ids": [Command.set(items.ids)],
            "numbers": customer._get_numbers(items.move_id),
        }
        return {**values, **customer._get_written_text(kind, items)}

    @api.model
    def _choose_items(self, customer, kind, lines):
        """Return those of the items that a message of this kind is about."""
        if kind == "message":
            return lines.browse()
        if kind == "copies":
            return lines.filtered(lambda line: line.move_id.is_sale_document(include_receipts=True))
        return lines & lines.browse(customer._get_repeated_items(customer._get_group_facts()))

    def action_send(self):
        """Put the message into the mail queue.

        :raise UserError: without text, subject or a recipient who can be reached
        """
        self.ensure_one()
        customer = self.customer_id
        customer._require("collector")
        customer.check_access("write")
        self._check_text()
        self._check_recipients()
        lines = self.line_ids
        if lines.partner_id.commercial_partner_id - customer._with_members().partner_id:
            raise UserError(self.env._("Select open items of one customer first."))
        self.env.flush_all()  # open items are read with plain SQL
        if lines - customer._get_group_lines():
            raise UserError(self.env._("Some of these items are no longer open. Reload the page."))
        customer._write_message(self.kind, self.subject, self.text, self.recipient_ids, lines)
        return notification(self.env._("“%(subject)s” is being sent.", subject=self.subject))

    def _check_text(self):
        """Check that there are a subject and a text.

        :raise UserError: where one is missing
        """
        if not (self.subject or "").strip():
            raise UserError(self.env._("Enter a subject for the message."))
        if is_html_empty(self.text):
            raise UserError(self.env._("Write at least one sentence: a list of invoices alone is not a message."))

    def _check_recipients(self):
        """Check that all recipients are contacts of the customer whose address works.

        :raise UserError: with the addresses that do not work, or without a recipient
        """
        customer, recipients = self.customer_id, self.recipient_ids
        if recipients.commercial_partner_id - customer.partner_id:
            raise UserError(
                self.env._(
                    "Choose contacts of %(customer)s: the message cannot be sent to anybody else.",
                    customer=customer.display_name,
                )
            )
        self.env.flush_all()  # addresses are read with plain SQL
        bounced = self.env["ar.facts"]._read_bounced(customer)[customer.id]
        addresses = email_normalize_all(", ".join(email for email in recipients.mapped("email") if email))
        failed = [address for address in addresses if address in bounced]
        if failed:
            raise UserError(
                self.env._(
                    "Messages to %(addresses)s came back: correct the address, or mark it as valid on the customer.",
                    addresses=", ".join(failed),
                )
            )
        if not addresses:
            raise UserError(self.env._("Choose a recipient with an email address."))
