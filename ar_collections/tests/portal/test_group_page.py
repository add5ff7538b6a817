"""The page of a payer: the items of the customers it pays for, and nothing of it on anybody else's page."""

from datetime import timedelta
from decimal import Decimal
from unittest.mock import patch

from odoo.tests import tagged

from ...core.promises.request import PromiseRefused
from .common_group import ArGroupCommon


@tagged("post_install", "-at_install")
class TestGroupPage(ArGroupCommon):
    def _values(self, **values):
        self.env.invalidate_all()
        return self.customer.sudo()._get_page_values(**values)

    def test_each_member_is_a_section_with_its_subtotal(self):
        euro = self._invoice(self.north.partner_id, 3, 25.0, currency_id=self.currency_euro.id)
        self._invoice(self.south.partner_id, 0, 20.0, move_type="out_refund")
        dollars, euros = self._values()["groups"]
        self.assertEqual(
            [(part["account"], part["open"], part["credit"]) for part in dollars["members"]],
            [(self.north, 120.0, 0.0), (self.south, 70.0, 20.0)],
        )
        self.assertEqual((dollars["open"], dollars["group_open"], dollars["pay_all"]), (300.0, 490.0, 490.0))
        self.assertEqual([part["account"] for part in euros["members"]], [self.north])
        self.assertEqual((euros["open"], euros["group_open"]), (0.0, 25.0))
        rows = {row["id"]: row for part in dollars["members"] for row in part["rows"]}
        self.assertEqual(set(rows), {self._item(each).id for each in self.every - self.old - self.new})
        page = self._page().text
        self.assertEqual(self._values()["idle_members"], self.empty)
        for text in (self.north_old.name, euro.name, "North", "South", "You also pay for other customers", "Empty"):
            self.assertIn(text, page)
        self.assertNotIn(self.foreign.name, page)
        self.assertNotIn("Stranger", page)

    def test_members_see_nothing_of_the_group(self):
        page = self._page(self.north).text
        self.assertIn(self.north_old.name, page)
        for text in (self.payer.name, "South", self.south_new.name, self.old.name, "You also pay for"):
            self.assertNotIn(text, page)
        self._portal_user(self.south.partner_id, "south")
        self.authenticate("south", "south")
        self.assertEqual(self.url_open(f"/my/receivables/{self.customer.id}").status_code, 404)
        self.assertNotIn(self.north_old.name, self.url_open(f"/my/receivables/{self.south.id}").text)

    def test_who_leaves_is_gone_at_once(self):
        link = self._link()
        self.assertIn(self.north_old.name, self.url_open(link).text)
        document = self._link(suffix=f"/document/{self.north_old.id}", download="1")
        opened = self.url_open(document, allow_redirects=False)
        self.assertEqual(opened.status_code, 200)  # no token of the invoice is handed out
        self.assertFalse(self.north_old.access_token)
        stored = {"res_model": "account.move", "res_id": self.north_old.id, "res_field": "invoice_pdf_report_file"}
        self.env["ir.attachment"].create({"name": "invoice.pdf", "raw": b"%PDF as it was sent", **stored})
        self.env.invalidate_all()
        self.assertEqual(self.url_open(document).content, b"%PDF as it was sent")
        self.north.payer_id = False
        self.assertNotIn(self.north_old.name, self.url_open(link).text)
        self.assertEqual(self.url_open(document).status_code, 404)
        self.customer.action_revoke_links()
        self.assertEqual(self.url_open(link).status_code, 404)
        self.customer.active = False
        self.assertEqual(self.north._get_group(), self.north)

    def test_statements_of_past_days_do_not_tell_what_members_paid(self):
        self._pay(self.north_old)
        yesterday = self.TODAY - timedelta(days=1)
        texts = [self.url_open(self._link(suffix="/statement.csv", date=day)).text for day in (yesterday, self.TODAY)]
        for text in texts:
            self.assertIn(self.old.name, text)
            self.assertNotIn(self.north_old.name, text)
        self.assertIn(self.north_new.name, texts[1])

    def test_documents_of_the_group_alone(self):
        paid = self._invoice(self.south.partner_id, 1, 10.0)
        self._pay(paid)
        for invoice in (self.foreign, paid):
            self.assertEqual(self.url_open(self._link(suffix=f"/document/{invoice.id}")).status_code, 404)
        self.assertEqual(
            self.url_open(self._link(self.north, suffix=f"/document/{self.south_new.id}")).status_code, 404
        )

    def test_what_is_agreed_is_shown_and_nothing_is_agreed_for_a_member(self):
        self.env["res.partner.bank"].create({"acc_number": "IE1", "partner_id": self.company.partner_id.id})
        reason = self.env["ar.dispute.reason"].create({"name": "The price is wrong", "user_id": self.collector.id})
        amounts = {self._item(self.north_old).id: Decimal(70)}
        self.env["ar.dispute"].sudo()._raise_dispute(self.north, reason, amounts, "Broken")
        (row,) = (
            row
            for group in self._values()["groups"]
            for part in group["members"]
            for row in part["rows"]
            if row["id"] == self._item(self.north_old).id
        )
        self.assertEqual([status["text"]._translate("en_US") for status in row["statuses"]], ["In dispute"])
        self.assertEqual((row["payable"], row["ticked"]), (True, False))
        self._invoice(self.north.partner_id, 0, 70.0, move_type="out_refund")
        (group,) = self._values()["groups"]
        (transfer,) = group["transfers"]  # North contests 70 of 120, so its credit pays 50 and nothing of the others
        self.assertEqual((group["pay_all"], transfer["amount"]), (490.0, "$\xa0370.00"))
        self.assertEqual(self._values()["agreements"], [])
        item = self._item(self.north_new).id
        form = self.url_open(self._link(suffix="/promise", item=item)).text
        self.assertNotIn(self.north_new.name, form)
        with self.assertRaises(PromiseRefused):
            self.customer.sudo()._promise(self.TODAY + timedelta(days=3), {item: None}, origin="portal")
        self.assertFalse(self.customer.sudo()._find_copied([item]))
        self.customer.sudo()._record_seen([item])
        self.assertFalse(self.north_new.sudo().ar_arrival_ids.filtered(lambda event: event.kind == "viewed"))

    def test_long_groups_are_paged_and_read_at_once(self):
        self._values()
        few = self._count_queries()
        partners = self.env["res.partner"].union(*self._partners(12))
        self._invoices(partners, 3, 10.0)
        self.env["ar.customer"].search([("partner_id", "in", partners.ids)]).payer_id = self.customer
        self._values()
        self.assertLessEqual(self._count_queries(), few)
        self.startPatcher(patch("odoo.addons.ar_collections.models.portal.ar_customer.PAGE_SIZE", 10))
        values = self._values()
        self.assertEqual((values["page_count"], len(values["members"])), (2, 15))
        (group,) = values["groups"]
        self.assertEqual(sum(len(part["rows"]) for part in group["members"]) + len(group["rows"]), 10)
        self.assertEqual((len(group["members"]), group["pay_all"]), (14, 490.0 + 12 * 10.0))
        found = self._values(search="payer 7")["groups"][0]["members"]
        self.assertEqual([part["account"].display_name for part in found if part["rows"]], ["Payer 7"])
        self.assertEqual(len(self.customer.sudo()._get_items_to_pay("all", "USD")), 17)

    def _count_queries(self):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.customer.sudo()._get_page_values()
        return self.env.cr.sql_log_count - before
