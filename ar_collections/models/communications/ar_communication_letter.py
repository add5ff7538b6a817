import logging

import psycopg2

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import pdf

_logger = logging.getLogger(__name__)


class ArCommunicationLetter(models.Model):
    """Letters: one print run for all that wait, each kept as it was printed."""

    _inherit = "ar.communication"

    def action_print(self):
        """Print the letters in one run; each is checked again, and those printed count as spoken.

        :return: the action that downloads the PDF
        :raise UserError: when no letter is left to print
        """
        self._require("collector")
        letters = self.sudo().filtered(lambda c: c.channel == "letter" and c.state == "planned")  # the engine's log
        printed = letters._check_before_sending_one_by_one()
        printed |= letters.filtered(lambda letter: letter.cancel_reason == "outdated")._get_replacements()
        if not printed:
            return letters._explain_nothing_printed()
        run = printed._render_letters()
        for company, group in printed.grouped("company_id").items():
            group._set_state("sent", date_sent=company._ar_today())
        printed._update_last_contact()
        return {"type": "ir.actions.act_url", "url": f"/web/content/{run.id}?download=true", "target": "self"}

    def _check_before_sending_one_by_one(self):
        """Pass the gate together; customer by customer when one of them fails, so that it stops nobody else.

        :return: the letters that may be printed now, see :meth:`_check_before_sending`
        """
        try:
            with self.env.cr.savepoint():
                return self._check_before_sending()
        except psycopg2.OperationalError:
            raise  # the transaction is lost, not one letter
        except Exception:  # whatever it is, it must not stop the others
            _logger.info("A print run of %s letters failed; checking them one by one.", len(self), exc_info=True)
            self.env.invalidate_all(flush=False)
        passed = self.browse()
        for customer, letters in self.grouped("customer_id").items():
            try:
                with self.env.cr.savepoint():
                    passed |= letters._check_before_sending()
            except psycopg2.OperationalError:
                raise
            except Exception as error:
                self.env.invalidate_all(flush=False)
                customer._store_run_error(error)
        return passed

    def _explain_nothing_printed(self):
        """Tell why none of the letters was printed.

        :return: a notification, so that what the gate gave up or gave back to a person is kept
        :raise UserError: where nothing changed
        """
        failed = self.customer_id.filtered("run_error")
        if failed:
            message = self.env._(
                "No letter was printed because of errors for %(customers)s: open the customer account for details.",
                customers=", ".join(failed.mapped("display_name")),
            )
        elif self.filtered(lambda letter: letter.state != "planned"):
            message = self.env._(
                "No letter was printed: their items changed or were paid in the meantime. Edited letters were "
                "returned to their editors for review."
            )
        else:
            raise UserError(
                self.env._(
                    "No letter can be printed now: the letters were printed, paid or canceled in the meantime, or "
                    "are waiting for a day on which the customer may be contacted."
                )
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _get_replacements(self):
        """Return what the gate wrote today in place of these messages, and what waits to be spoken."""
        return self.search(
            [
                ("customer_id", "in", self.customer_id.ids),
                ("channel", "in", self.mapped("channel")),
                ("state", "=", "planned"),
                ("date", "in", [company._ar_today() for company in self.company_id]),
                ("id", "not in", self.ids),
            ]
        )

    def _render_letters(self):
        """Render each letter, keep it with its communication, and return the whole run as one attachment.

        One by one, because not every build of wkhtmltopdf takes several documents at once.
        """
        contents = []
        for letter in self:
            reports = self.env["ir.actions.report"].with_context(lang=letter.lang).sudo()  # the engine's own document
            content, _kind = reports._render_qweb_pdf("ar_collections.action_report_reminder_letter", letter.ids)
            letter.attachment_ids = self.env["ar.outreach"]._attach(letter, self.env._("Letter"), content)
            contents.append(content)
        merged = contents[0] if len(contents) == 1 else pdf.merge_pdf(contents)
        run = {"name": self.env._("Reminder letters.pdf"), "raw": merged, "mimetype": "application/pdf"}
        # It hangs on no customer, because it shows the letters of all: it is of whoever printed it.
        return self.env["ir.attachment"].create(run)
