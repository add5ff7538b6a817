from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_portal_autopay import PortalAutopayCase


@tagged("post_install", "-at_install")
class TestAutopayInvite(PortalAutopayCase):
    """Staff invite a customer to automatic payments, by a message with the ordinary link to its page."""

    def _dialog(self, user=None):
        action = self.customer.with_user(user or self.collector).action_invite_autopay()
        return self.env[action["res_model"]].with_user(user or self.collector).browse(action["res_id"])

    def _sent(self):
        return [mail for mail in self._deliver(self.TODAY) if "automatically" in mail["subject"]]

    def test_the_invitation_is_shown_and_sent_with_a_link(self):
        dialog = self._dialog()
        self.assertIn("have your invoices paid automatically", dialog.subject)
        self.assertIn(f"/my/receivables/{self.customer.id}/autopay", dialog.text)
        self.assertNotIn("access_token", dialog.text)
        dialog.action_send()
        (mail,) = self._sent()
        self.assertIn(f"/my/receivables/{self.customer.id}/autopay?access_token=", mail["body"])

    def test_it_is_a_communication_and_no_reminder(self):
        self._dialog().action_send()
        communication = self.env["ar.communication"].search([("notice", "=", "autopay_invite")])
        self.assertEqual((communication.customer_id, communication.step_id.id), (self.customer, False))
        self.assertTrue(communication.is_manual)
        self.assertFalse(communication.line_ids)

    def test_it_is_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.env.ref("ar_collections.mail_template_autopay_invite")
        template.with_context(lang="fr_FR").subject = "Payer automatiquement"
        self.payer.lang = "fr_FR"
        self.assertEqual(self._dialog().subject, "Payer automatiquement")

    def test_what_would_lead_nowhere_is_refused(self):
        dialog = self._dialog()
        self._accept()
        for action in (self._dialog, dialog.action_send):
            with self.assertRaisesRegex(UserError, "already pays automatically"):
                action()
        self.customer._stop_autopay("test")
        self.env["payment.provider"].sudo().search([]).write({"allow_tokenization": False})
        for action in (self._dialog, dialog.action_send):
            with self.assertRaisesRegex(UserError, "No payment provider"):
                action()

    def test_auditors_send_none(self):
        with self.assertRaisesRegex(UserError, "Only the role"):
            self._dialog(self._user("auditor"))
