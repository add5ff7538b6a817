from odoo.tests import tagged

from .common_portal import ArPortalCommon


@tagged("post_install", "-at_install", "ar_tour")
class TestVisit(ArPortalCommon):
    """All requests in one visit: pay one invoice, dispute another, promise a third."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        demo = cls._prepare_provider("demo", company=cls.company, update_values={"is_published": True})
        demo.journal_id = cls.company_data["default_journal_bank"]
        cls.middle = cls._invoice(cls.payer, overdue_days=20, amount=60.0)

    def test_pay_one_dispute_one_promise_one(self):
        self.start_tour(self._link(), "ar_collections_visit")
        self.env.invalidate_all()
        dispute = self.env["ar.dispute"].search([("customer_id", "=", self.customer.id)])
        promise = self.env["ar.promise"].search([("customer_id", "=", self.customer.id)])
        self.assertEqual((dispute.line_ids.move_line_id.move_id, dispute.amount_total), (self.middle, 60.0))
        self.assertEqual((promise.line_ids.move_line_id.move_id, promise.amount_total), (self.new, 100.0))
        self.assertEqual([i.amount_residual for i in (self.old, self.middle, self.new)], [0.0, 60.0, 100.0])
        self.assertEqual(len(self._day()), 3)  # the answers to dispute and promise, and the receipt; no reminder
        self.assertEqual(
            set(self._communications(self.customer).mapped("notice")), {"dispute_received", "promise_confirmed"}
        )
        thread = " ".join(self.customer.message_ids.mapped("body"))
        for agreement in (dispute, promise):
            self.assertIn(agreement.name, thread)


@tagged("post_install", "-at_install", "ar_tour")
class TestVisitOnAPhone(TestVisit):
    browser_size = "375x667"
    touch_enabled = True
