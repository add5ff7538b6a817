import datetime

from odoo import api, fields, models
from odoo.tools import pdf

#: Marks the files of print runs among the attachments.
PRINT_RUN = "ar_collections print run"


class ArChannelLetter(models.AbstractModel):
    """Letters: they wait in state `planned` for the next print run, see `ar.communication.action_print`."""

    _name = "ar.channel.letter"
    _inherit = "ar.channel"
    _description = "Letter"

    _is_editable = True
    _is_printable = True
    _icon = "fa-file-text-o"

    @api.model
    def _reaches(self, row):
        """Override to require street and city."""
        return row["postal"]

    @api.model
    def _deliver(self, communications):
        """Override to print the letters in one run, each stored as it was printed; they are sent then.

        They are rendered one by one, because not every build of wkhtmltopdf accepts several documents at once.

        :return: the PDF of the whole run, an attachment
        """
        self._renew(communications)
        contents = []
        for letter in communications:
            stored, content = self._print(letter)
            letter.attachment_ids = self.env["ar.outreach"]._attach(letter, self.env._("Letter"), stored)
            contents.append(content)
        for company, group in communications.grouped("company_id").items():
            group._set_state("sent", date_sent=company._ar_today())
        communications._update_last_contact()
        merged = contents[0] if len(contents) == 1 else pdf.merge_pdf(contents)
        run = {"name": self.env._("Reminder letters.pdf"), "raw": merged, "mimetype": "application/pdf"}
        run["description"] = PRINT_RUN  # deleted after a day: it shows the letters with the keys of their links
        # It is attached to no record, because it shows the letters of several customers: only its creator may read it.
        return self.env["ir.attachment"].create(run)

    @api.model
    def _renew(self, letters):
        """Let letters that waited say what is so on the day on which they leave; they were checked right before.

        To whom: a contact who left, was archived or is not the best address any more gets no letter of the customer.
        """
        self.env.flush_all()  # addresses are read with plain SQL
        rows = self.env["ar.facts"]._read_recipients(letters.customer_id)
        partners = self.env["res.partner"]
        for letter in letters:
            customer = letter.customer_id
            chosen = self._choose_recipients(rows[customer.id])
            reader = partners.browse([row["id"] for row in chosen]) or customer.partner_id
            if (reader, customer.collector_id) != (letter.recipient_ids, letter.user_id):
                vals = self.env["ar.outreach"]._prepare_address_vals(self, customer, chosen)
                lang = self.env["ar.outreach"]._choose_lang(customer, reader[:1])
                letter.write({**vals, "user_id": customer.collector_id.id, "lang": lang})
        letters._renew_day()

    @api.model
    def _print(self, letter):
        """Return the letter as PDF: (the copy that is stored, what is printed).

        Extension point: an override prints what must not be stored.
        """
        reports = self.env["ir.actions.report"].with_context(lang=letter.lang).sudo()  # the role was checked
        content = reports._ar_render_pdf("ar_collections.action_report_reminder_letter", letter.ids)
        return content, content

    @api.model
    def _get_preview(self, communication):
        """Override to return the pages of the letter as HTML, which need no program that prints."""
        reports = self.env["ir.actions.report"].with_context(lang=communication.lang).sudo()  # the role was checked
        content, _kind = reports._render_qweb_html("ar_collections.action_report_reminder_letter", communication.ids)
        return content.decode()

    @api.autovacuum
    def _gc_print_runs(self):
        """Delete the files of print runs after a day, because they hold links to customer pages; letters are kept."""
        yesterday = fields.Datetime.now() - datetime.timedelta(days=1)
        domain = [
            ("description", "=", PRINT_RUN), ("res_model", "=", False), ("create_date", "<", yesterday),
        ]  # fmt: skip
        # sudo: only their creators may read them.
        self.env["ir.attachment"].sudo().search(domain, limit=1000).unlink()
