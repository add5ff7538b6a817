from odoo.tests import tagged

from odoo.addons.ar_collections.core.credit.effect import BLOCK

from .common_order import ArOrderCommon


@tagged("post_install", "-at_install")
class TestOrderInvoice(ArOrderCommon):
    """The invoice of an order is checked when it is posted, and counts once."""

    def test_an_invoice_takes_the_place_of_its_order(self):
        self.policy.sudo().effect_invoice = BLOCK
        for counts_drafts in (True, False):
            self.policy.sudo().exposure_drafts = counts_drafts
            order = self._order(500)
            with self._on(), self.subTest(counts_drafts=counts_drafts):
                order.action_confirm()
                invoice = order._create_invoices()
                invoice.action_post()
                self.assertEqual(invoice.state, "posted")
