from odoo.tests import tagged

from ..evidence.common_stripe_evidence import ArStripeEvidenceCommon


@tagged("post_install", "-at_install", "ar_tour")
class TestStripeChargebackTour(ArStripeEvidenceCommon):
    """In the browser: from the list of chargebacks to the submitted evidence."""

    def test_a_manager_answers_a_chargeback(self):
        data, chargeback = self._contest()
        self._move(data, -15000)
        self.manager.sudo().password = self.manager.login
        action = self.env.ref("ar_collections_stripe.ar_stripe_dispute_action")
        self.start_tour(f"/odoo/action-{action.id}", "ar_collections_stripe_chargeback", login=self.manager.login)
        self.env.invalidate_all()
        self.assertEqual(self._residuals(), (200.0, 100.0))
        evidence = chargeback.evidence_ids
        self.assertEqual((evidence.state, evidence.submitted_by_id), ("submitted", self.manager))
        self.assertIn("collected the goods", self.stripe.evidence[data["id"]]["uncategorized_text"])
        self.assertEqual(data["evidence_details"]["submission_count"], 1)
