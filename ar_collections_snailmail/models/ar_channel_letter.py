import logging

import psycopg2

from odoo import api, models

from odoo.addons.ar_collections.models.communications.channels.request_errors import was_not_sent

from ..core import service

_logger = logging.getLogger(__name__)


class ArChannelLetter(models.AbstractModel):
    """Letters given to Odoo's postal service: one call for each, its answer understood."""

    _inherit = "ar.channel.letter"

    @api.model
    def _send(self, communications):
        """Override to let the queue of the postal service look at new letters."""
        result = super()._send(communications)
        if any(communication.is_posted_by_service for communication in communications):
            self.env["ar.post.queue"]._trigger_queue()
        return result

    @api.model
    def _print_for_post(self, letter):
        """Return the letter as PDF: (the copy that is stored, what is posted), as the service wants it."""
        posted = self.env["snailmail.letter"].sudo().new(self._prepare_snailmail_vals(letter))  # as in `_hand_over`
        stored, content = self.with_context(snailmail_layout=not posted.cover)._print(letter)
        content = posted._overwrite_margins(content)
        return stored, posted._append_cover_page(content) if posted.cover else content

    @api.model
    def _hand_over(self, letter, content):
        """Give a letter, that is committed as being sent, to the postal service.

        :param bytes content: what is posted
        :return: (one of the values of `core.service`, the service's code or None, a reason as text)
        """
        posted = self._create_snailmail(letter, content)
        error = self._call_service(posted)
        if error is not None:
            outcome, code, reason = (service.LATER if was_not_sent(error) else service.UNKNOWN), None, str(error)
        else:
            outcome = service.read_answer(posted.state, posted.error_code)
            code, reason = posted.error_code, posted._get_error_message(posted.error_code) if posted.error_code else ""
        if outcome != service.SENT:
            posted.cancel()  # Odoo's own queue sends some of those that failed again
        self._drop_file(posted)
        return outcome, code, reason

    @api.model
    def _drop_file(self, posted):
        """Delete what was posted: it holds the key of the link, every employee may read letters of the service, and
        without it nobody can send the letter once more. The stored copy is on the communication.
        """
        file = posted.attachment_id
        posted.attachment_id = False  # deleting it would delete the letter
        file.unlink()

    @api.model
    def _create_snailmail(self, letter, content):
        """Return the `snailmail.letter`, which nobody else sees before it was sent."""
        letters = self.env["snailmail.letter"].sudo()  # users have no access to the service
        posted = letters.with_company(letter.company_id).create(
            {**self._prepare_snailmail_vals(letter), "ar_communication_id": letter.id}
        )
        # sudo: as above; `_drop_file` deletes it after the call.
        posted.attachment_id = self.env["ir.attachment"].sudo().create(
            {
                "name": self.env._("Letter.pdf"), "raw": content, "mimetype": "application/pdf",
                "res_model": "snailmail.letter", "res_id": posted.id,
            }
        )  # fmt: skip
        return posted

    @api.model
    def _prepare_snailmail_vals(self, letter):
        """Return the values of the `snailmail.letter`, with the company's settings of the service."""
        company, reader = letter.company_id, letter._get_post_reader()
        return {
            "model": "ar.customer",
            "res_id": letter.customer_id.id,
            "partner_id": reader.id,
            "company_id": company.id,
            "user_id": letter.user_id.id or self.env.uid,
            "color": company.snailmail_color,
            "cover": company.snailmail_cover,
            "duplex": company.snailmail_duplex,
            "street": reader.street,
            "street2": reader.street2,
            "zip": reader.zip,
            "city": reader.city,
            "country_id": reader.country_id.id,
        }

    @api.model
    def _call_service(self, posted):
        """Let Odoo send one letter; return the error, or None."""
        try:
            posted._snailmail_print_valid_address()
        except psycopg2.Error:
            # The cursor is unusable; by the committed state the nightly run knows that it is unknown.
            raise
        except Exception as error:  # stored on the letter; it must not stop the others
            _logger.info("The postal service failed: %s", error)
            return error
        return None
