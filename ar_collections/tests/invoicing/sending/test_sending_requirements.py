from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...common import PROBLEM_LOG
from .common_sending import SendingCommon

PORTAL = "https://portal.example.com/invoices"


@tagged("post_install", "-at_install")
class TestSendingRequirements(SendingCommon):
    def test_the_customers_reference(self):
        self._require("reference", name="Number of the purchase order")
        without, with_it, blank = self._bill(), self._bill(ref="PO 7"), self._bill(ref="  ")
        self._turn()
        self.assertState(without, "held", "reference")
        self.assertState(blank, "held", "reference")
        self.assertState(with_it, "queued")
        without.ref = "PO 8"
        self._turn()
        self.assertState(without, "queued")

    def test_an_upload_is_marked(self):
        self._require("upload", url=PORTAL)
        invoice = self._bill()
        self._turn()
        row = self.assertState(invoice, "held", "upload")
        self.assertEqual((row.check_ids.url, row.has_open_checks), (PORTAL, True))
        auditor = self._user("auditor")
        with self.assertRaises(UserError):
            row.check_ids.with_user(auditor).action_done()
        row.check_ids.with_user(self.collector).action_done()
        self.assertState(invoice, "waiting")
        check = self._row(invoice).check_ids
        self.assertEqual((check.done_by_id, bool(check.done_on)), (self.collector, True))
        with self.assertRaises(UserError):
            check.action_done()
        check.action_undo()
        self.assertState(invoice, "held", "upload")
        check.action_done()
        self._turn()
        self.assertState(invoice, "queued")

    def test_an_upload_instead_of_paper(self):
        self._require("upload", url=PORTAL)
        self.partner.invoice_sending_method = "manual"
        invoice = self._bill()
        self._turn()
        self._row(invoice).check_ids.action_done()
        self.assertEqual(self.assertState(invoice, "sent").methods, "upload")

    def test_what_is_not_enforced_is_to_do_beside_the_sending(self):
        self._require("upload", url=PORTAL, is_enforced=False)
        self._require("other", name="Call the site manager")
        invoice = self._bill()
        self._turn()
        row = self.assertState(invoice, "held", "other")
        row.check_ids.filtered(lambda check: check.kind == "other").action_done()
        self._turn()
        row = self.assertState(invoice, "queued")
        self.assertTrue(row.has_open_checks)

    def test_only_a_manager_sends_without(self):
        self._require("reference")
        invoice = self._bill()
        self._turn()
        row = self._row(invoice)
        row.with_user(self.collector).action_send()
        self._turn()
        self.assertState(invoice, "held", "reference")
        with self.assertRaises(UserError):
            row.with_user(self.collector).action_override()
        manager = self._user("manager")
        row.with_user(manager).action_override()
        self._turn()
        self.assertEqual(self.assertState(invoice, "queued").user_done_id, manager)
        with self.assertRaises(UserError):
            row.action_not_to_send() if self._deliver() else None

    def test_bad_input(self):
        for values in (
            {"kind": "upload"},
            {"kind": "upload", "url": "portal"},
            {"kind": "upload", "url": "javascript:alert(1)"},
            {"kind": "other", "name": " "},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self._require(**values)
        with self.assertRaises(AccessError):
            self.env["ar.billing.requirement"].with_user(self._user("auditor")).create(
                {"customer_id": self.customer.id, "kind": "reference"}
            )

    def test_a_requirement_that_is_gone_holds_nothing(self):
        requirement = self._require("upload", url=PORTAL)
        done, open_one = self._bill(), self._bill()
        self._turn()
        self._row(done).check_ids.action_done()
        self._turn()
        requirement.unlink()
        self._turn()
        self.assertState(open_one, "queued")
        self.assertFalse(self._row(open_one).check_ids)
        self.assertEqual(self._row(done).check_ids.url, PORTAL)  # who uploaded it, and where, is kept

    def test_merged_customers_and_contacts_that_leave(self):
        own = self._require("reference", is_enforced=False)
        self._require("upload", url=PORTAL)
        invoice = self._bill()
        self._turn()
        other = self._partner(name="Other")
        account = self._customer(other)
        values = {"customer_id": account.id, "kind": "reference", "is_enforced": True}
        self.env["ar.billing.requirement"].create(values)
        with mute_logger(PROBLEM_LOG):
            self.env["base.partner.merge.automatic.wizard"]._merge((self.partner | other).ids, other)
        self.env.invalidate_all()
        kept = self.env["ar.billing.requirement"].search([("customer_id.partner_id", "=", other.id)])
        self.assertEqual(sorted(kept.mapped("kind")), ["reference", "upload"])
        self.assertEqual(sorted(kept.filtered("is_enforced").mapped("kind")), ["reference", "upload"])
        self.assertFalse(own.exists() and own not in kept)
        invoice.ref = "PO 7"
        self._turn()
        self.assertState(invoice, "held", "upload")
        self.assertEqual(self._row(invoice).partner_id, other)
        site = self.env["res.partner"].create({"name": "Site", "parent_id": other.id, "email": "site@example.com"})
        self._invoice(site, -30)
        site.write({"parent_id": False, "is_company": True})
        copied = self.env["ar.billing.requirement"].search([("customer_id.partner_id", "=", site.id)])
        self.assertEqual(sorted(copied.mapped("kind")), ["reference", "upload"])
