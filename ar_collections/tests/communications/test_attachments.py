from datetime import timedelta
from unittest.mock import patch

from odoo.tools import mute_logger

from ..common import TEMPLATE_LOGS, ArCommon


class TestAttachments(ArCommon):
    """Documents are printed when a message is delivered, not while the nightly run holds the customers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.friendly.attach_invoices = True
        cls.customer, cls.invoice = cls._late()
        reports = type(cls.env["ir.actions.report"])
        cls.startClassPatcher(patch.object(reports, "_render_qweb_pdf", cls._print))

    @staticmethod
    def _print(_reports, _name, ids, **_options):
        """Stand in for wkhtmltopdf."""
        return b"%PDF of " + str(ids).encode(), "pdf"

    def test_the_run_prints_nothing(self):
        self._run()
        message = self._communications(self.customer)
        self.assertFalse(message.attachment_ids | message.message_id.attachment_ids)
        self.assertIn(self.invoice.name, message.body)

    def test_they_are_attached_at_delivery(self):
        self._run()
        with self._smtp() as server:
            self._work_queue()
        message = self._communications(self.customer)
        self.assertEqual(message.attachment_ids.mapped("name"), [f"{self.invoice.name.replace('/', '-')}.pdf"])
        self.assertEqual(message.message_id.attachment_ids, message.attachment_ids)
        self.assertEqual(
            [part.get_filename() for part in server.messages[0].iter_attachments()],
            message.attachment_ids.mapped("name"),
        )

    def test_once_for_all_recipients_and_attempts(self):
        for name in ("first", "second"):
            self.env["res.partner"].create(
                {
                    "name": name,
                    "type": "collections",
                    "email": f"{name}@customer.example.com",
                    "parent_id": self.customer.partner_id.id,
                }
            )
        self._run()
        with self._smtp() as server:
            self._work_queue()
        self.assertEqual([len(list(message.iter_attachments())) for message in server.messages], [1, 1])
        self.assertEqual(len(self._communications(self.customer).attachment_ids), 1)

    def test_an_invoice_in_installments_is_attached_once(self):
        self._run()
        message = self._communications(self.customer)
        message.line_ids.sudo().copy({"uses_step": False})
        attachments = self.env["ar.outreach"]._make_attachments(message)
        self.assertEqual(attachments.mapped("name"), [f"{self.invoice.name.replace('/', '-')}.pdf"])

    def test_what_is_not_sent_is_not_printed(self):
        self._run()
        self._pay(self.invoice)
        self.assertEqual(self._deliver(), [])
        self.assertFalse(self._communications(self.customer).attachment_ids)

    def test_a_document_that_cannot_be_printed_is_stored_and_tried_again(self):
        self._run()
        reports = type(self.env["ir.actions.report"])
        with (
            patch.object(reports, "_render_qweb_pdf", side_effect=ValueError("no printer")),
            mute_logger(*TEMPLATE_LOGS),
        ):
            self.assertEqual(self._deliver(), [])
        self.assertIn("no printer", self.customer.run_error)
        self.assertEqual(self._states(self.customer), [(3, "planned")])
        self.assertEqual(len(self._deliver()), 1)
        self.env.invalidate_all()
        self.assertFalse(self.customer.run_error)

    def test_a_message_written_anew_has_its_own(self):
        self._run()
        tomorrow = self.TODAY + timedelta(days=1)
        self.assertEqual(len(self._deliver(tomorrow) + self._deliver(tomorrow)), 1)
        old, new = self._communications(self.customer)
        self.assertEqual((len(old.attachment_ids), len(new.attachment_ids)), (0, 1))
