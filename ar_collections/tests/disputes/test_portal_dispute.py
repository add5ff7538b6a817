import io
import re
import zipfile
from decimal import Decimal
from unittest.mock import patch

from odoo.exceptions import LockError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.ar_collections.core.disputes import attachment

from ..portal.common_portal import ArPortalCommon

PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF"

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489")

EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + b"\x00" * 44 + b"\x80\x00\x00\x00" + b"\x00" * 64


class PortalDisputeCase(ArPortalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env["ar.dispute.reason"].create({"name": "The price is wrong", "user_id": cls.collector.id})
        cls.stranger = cls._partner(name="Other Payer")
        cls.foreign = cls._invoice(cls.stranger, overdue_days=9, amount=77.0)
        cls.other_customer = cls._customer(cls.stranger)

    def _url(self, suffix="", customer=None, token=None, **params):
        customer = customer or self.customer
        query = "".join(f"&{key}={value}" for key, value in params.items())
        return f"/my/receivables/{customer.id}/dispute{suffix}?access_token={token or self._key(customer)}{query}"

    def _csrf(self):
        """Return the token of the visitor's session, as every form of the page holds it."""
        return re.search(r'name="csrf_token" value="([^"]+)"', self._page().text).group(1)

    def _send(self, *invoices, files=(), customer=None, amounts=None, **values):
        """Fill in the form and send it; return the response after its redirects."""
        customer = customer or self.customer
        data = {
            "access_token": self._key(customer),
            "csrf_token": self._csrf(),
            "reason": self.reason.id,
            "text": "Two boxes were broken",
            "item": [self._item(invoice).id for invoice in invoices],
            **{f"amount_{self._item(invoice).id}": amount for invoice, amount in (amounts or {}).items()},
            **values,
        }
        url = f"/my/receivables/{customer.id}/dispute"
        return self.url_open(url, data=data, files=[("files", file) for file in files] or None, method="POST")

    def _disputes(self):
        self.env.invalidate_all()
        return self.env["ar.dispute"].search([("customer_id", "in", (self.customer + self.other_customer).ids)])

    def _dispute(self, invoice=None, customer=None, amount=None):
        requested = {self._item(invoice or self.old).id: amount}
        raised = self.env["ar.dispute"].sudo()  # answers are given in the name of the system here
        return raised._raise_dispute(customer or self.customer, self.reason, requested, "Broken")


@tagged("post_install", "-at_install")
class TestPortalDispute(PortalDisputeCase):
    def test_from_the_ticks_to_the_form(self):
        data = {"access_token": self._key(self.customer), "item": self._item(self.old).id, "ask": "dispute"}
        response = self.url_open(f"/my/receivables/{self.customer.id}/ask", data=data)
        self.assertIn("/dispute?", response.url)
        self.assertIn(self.old.name, response.text)
        self.assertIn("The price is wrong", response.text)
        self.assertNotIn(self.new.name, response.text)

    def test_a_dispute_with_files_is_recorded_and_shown(self):
        response = self._send(
            self.old, self.new, amounts={self.old: "50,5"},
            files=[("photo.png", PNG, "image/png"), ("note.pdf", PDF, "application/pdf")],
        )  # fmt: skip
        self.assertIn("We have recorded your dispute", response.text)
        dispute = self._disputes()
        self.assertEqual(dispute.line_ids.mapped("amount"), [50.5, 100.0])
        self.assertEqual(
            (dispute.origin, dispute.note, dispute.user_id), ("portal", "Two boxes were broken", self.collector)
        )
        self.assertEqual(set(dispute.file_ids.mapped("name")), {"photo.png", "note.pdf"})
        self.assertEqual(set(dispute.file_ids.mapped("public")), {False})
        self.assertIn(dispute.name, response.text)
        self.assertIn("Received", response.text)
        confirmation = self._communications(self.customer)[-1:]
        self.assertEqual(confirmation.notice, "dispute_received")
        self.assertIn("Two boxes were broken", str(confirmation.body))
        self.assertIn("Two boxes were broken", self.url_open(self._url(f"/{dispute.id}")).text)
        self.assertNotEqual(self.customer.message_ids[:1].author_id, self.env.ref("base.public_partner"))

    def test_what_a_colleague_sends_on_the_page_counts_as_recorded_by_staff(self):
        self.authenticate(self.collector.login, self.collector.login)
        self._send(self.old)
        dispute = self._disputes()
        self.assertEqual((dispute.origin, dispute.create_uid), ("staff", self.collector))
        own = dispute.with_user(self.collector).sudo()
        with self.assertRaisesRegex(UserError, "yourself"):
            own._resolve({own.line_ids: own.line_ids._get_exact_amount()}, "All right")

    def test_the_files_cannot_be_read_without_login(self):
        self._send(self.old, files=[("note.pdf", PDF, "application/pdf")])
        self.assertEqual(self.url_open(f"/web/content/{self._disputes().file_ids.id}").status_code, 404)

    def test_works_for_a_contact_who_is_logged_in(self):
        contact = self._partner(name="A contact", is_company=False, parent_id=self.payer.id)
        self._portal_user(contact, "contact-user")
        self.authenticate("contact-user", "contact-user")
        response = self._send(self.old, access_token="none")
        self.assertIn("We have recorded your dispute", response.text)
        self.assertEqual(self._disputes().line_ids.move_id, self.old)

    def test_one_dispute_on_the_page_of_its_own(self):
        dispute = self._dispute()
        self._dispute(self.foreign, self.other_customer)
        page = self.url_open(self._url(f"/{dispute.id}"))
        for text in (dispute.name, "Received", "withdraw this dispute"):
            self.assertIn(text, page.text)
        self.assertNotIn("Broken", page.text)  # recorded by staff
        dispute._resolve({dispute.line_ids: dispute.line_ids._to_exact(0)}, "It is <b>what</b> you ordered")
        page = self.url_open(self._url(f"/{dispute.id}"))
        self.assertIn("It is &lt;b&gt;what&lt;/b&gt; you ordered", page.text)
        self.assertNotIn("withdraw this dispute", page.text)

    def test_files_of_staff_are_not_named_on_the_page(self):
        dispute = self._dispute()
        attachments = self.env["ir.attachment"].sudo()
        attachments.create({"name": "internal.txt", "res_model": "ar.dispute", "res_id": dispute.id})
        self.assertNotIn("internal.txt", self.url_open(self._url(f"/{dispute.id}")).text)

    def test_the_page_lists_what_is_open_and_the_latest_answers(self):
        dispute = self._dispute()
        self.assertIn(dispute.name, self._page().text)
        dispute._resolve({dispute.line_ids: dispute.line_ids._to_exact(0)}, "No")
        self.assertIn("Not accepted", self._page().text)
        dispute.date_resolved = "2020-01-01"
        self.assertNotIn(dispute.name, self._page().text)

    def test_pay_a_disputed_item_all_the_same(self):
        self.env["res.partner.bank"].create({"acc_number": "IE1", "partner_id": self.company.partner_id.id})
        dispute = self._dispute(amount=Decimal(50))
        self.assertEqual(self._form_of(self._select(self.old))[1], 200.0)
        field = f'name="amount_{self._item(self.old).id}" value="150.00"'
        self.assertIn(field, self._page().text)  # what is not disputed is preselected
        # What is transferred for all of it leaves out what is disputed, on the page and on paper.
        (page,) = self.customer._get_page_values()["groups"][0]["transfers"]
        (printed,) = self.customer._get_statement_values()["transfers"]
        self.assertEqual((page["amount"], printed["amount"]), ("$\xa0250.00",) * 2)
        self._dispute(self.new)
        self._dispute(amount=Decimal(150))
        (page,) = self.customer._get_page_values()["groups"][0]["transfers"]
        (printed,) = self.customer._get_statement_values()["transfers"]
        self.assertEqual((page["amount"], printed["amount"], page["number"]), ("", "", "IE1"))
        dispute._resolve({dispute.line_ids: dispute.line_ids._to_exact(0)}, "No")
        item = self._item(self.old).id
        row = next(row for row in self.customer._get_page_values({item})["groups"][0]["rows"] if row["id"] == item)
        self.assertEqual((row["ticked"], row["asked"]), (True, 50.0))  # the link of the answer

    def test_withdraw(self):
        dispute = self._dispute()
        data = {"access_token": self._key(self.customer), "csrf_token": self._csrf()}
        url = f"/my/receivables/{self.customer.id}/dispute/{dispute.id}/withdraw"
        self.assertIn("this has been recorded", self.url_open(url, data=data).text)
        self.env.invalidate_all()
        self.assertEqual((dispute.state, dispute.withdrawn_by_customer), ("withdrawn", True))
        self.assertNotIn(dispute.name, self._page().text)

    def test_an_answered_one_is_not_withdrawn(self):
        dispute = self._dispute()
        dispute._resolve({dispute.line_ids: dispute.line_ids._to_exact(0)}, "No")
        data = {"access_token": self._key(self.customer), "csrf_token": self._csrf()}
        with mute_logger("odoo.addons.ar_collections.models.agreements.ar_agreement"):
            page = self.url_open(f"/my/receivables/{self.customer.id}/dispute/{dispute.id}/withdraw", data=data).text
        self.assertIn("Our answer", page)
        self.assertNotIn("this has been recorded", page)
        self.env.invalidate_all()
        self.assertEqual(dispute.state, "rejected")


@tagged("post_install", "-at_install")
class TestPortalDisputeRefusals(PortalDisputeCase):
    """Whatever is submitted: a clear message, the input is kept, and nothing is stored in part."""

    def _assert_refused(self, response, text):
        self.assertEqual(response.status_code, 200)
        self.assertIn(text, response.text)
        self.assertFalse(self._disputes())
        self.assertFalse(self.env["ir.attachment"].search([("res_model", "=", "ar.dispute"), ("res_id", "!=", False)]))
        self.assertFalse(self._communications(self.customer))

    def test_amounts(self):
        for amount in ("0", "-5", "NaN", "Infinity", "1e3", "12,3,4", "abc", "0.00"):
            with self.subTest(amount=amount):
                response = self._send(self.old, amounts={self.old: amount})
                self._assert_refused(response, "Please enter an amount greater than zero")
        self._assert_refused(self._send(self.old, amounts={self.old: "200.01"}), "higher than the open amount")

    def test_entries_are_kept(self):
        response = self._send(self.old, amounts={self.old: "999"}, text="Ten <boxes>")
        self._assert_refused(response, "higher than the open amount")
        self.assertIn('value="999"', response.text)
        self.assertIn("Ten &lt;boxes&gt;", response.text)
        self.assertRegex(response.text, rf'value="{self.reason.id}"[^>]*checked')

    def test_items_of_others_paid_ones_and_nonsense(self):
        foreign = self._item(self.foreign).id
        for item in (foreign, 99999999):
            with self.subTest(item=item):
                self._assert_refused(self._send(item=[item]), "no longer open")
                self._assert_refused(self._send(item=[self._item(self.old).id, item]), "no longer open")
        for item in ("x", "-1", "1 OR 1=1", ""):
            with self.subTest(item=item):
                self._assert_refused(self._send(item=[item]), "Nothing is selected")
        self._assert_refused(self._send(), "Nothing is selected")
        self._pay(self.new)
        self._assert_refused(self._send(self.new), "already paid")

    def test_mixed_currencies(self):
        euro = self._invoice(self.payer, amount=70.0, overdue_days=1, currency_id=self.currency_euro.id)
        self._assert_refused(self._send(self.old, euro), "one currency at a time")

    def test_reason_and_text(self):
        hidden = self.env["ar.dispute.reason"].create({"name": "For staff", "portal": False})
        company = self._create_company(name="Elsewhere")
        elsewhere = self.env["ar.dispute.reason"].create({"name": "Elsewhere", "company_id": company.id})
        for reason in ("", "x", "0", hidden.id, elsewhere.id):
            with self.subTest(reason=reason):
                self._assert_refused(self._send(self.old, reason=reason), "Please choose what is wrong")
        for text in ("", "  \n "):
            self._assert_refused(self._send(self.old, text=text), "in a few words")

    def test_what_is_in_dispute_already(self):
        dispute = self._dispute()
        response = self._send(self.old)
        self.assertIn("already in dispute", response.text)
        self.assertIn("already in dispute", self.url_open(self._url(item=self._item(self.old).id)).text)
        self.assertEqual(self._disputes(), dispute)

    def test_files_that_are_not_taken(self):
        refused = [
            ("setup.exe", EXE, "application/pdf"),
            ("invoice.pdf", EXE, "application/pdf"),
            ("invoice.pdf.exe", PDF, "application/pdf"),
            ("page.html", b"<html><script>alert(1)</script></html>", "text/plain"),
            ("page.pdf", b"<html><script>alert(1)</script></html>", "application/pdf"),
            ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "image/png"),
            ("drawing.png", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "image/png"),
            ("run.txt", b"#!/bin/sh\nrm -rf /", "text/plain"),
            ("archive.docx", self._zip("program.class"), "application/pdf"),
        ]
        for file in refused:
            with self.subTest(file=file[0]):
                self._assert_refused(self._send(self.old, files=[file]), "a type we do not accept")
        good = ("note.pdf", PDF, "application/pdf")
        self._assert_refused(self._send(self.old, files=[good, refused[0]]), "a type we do not accept")
        self._assert_refused(self._send(self.old, files=[good] * 6), "no more than 5 files")
        self._assert_refused(self._send(self.old, files=[("empty.pdf", b"", "application/pdf")]), "is empty")

    def _zip(self, name):
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as archive:
            archive.writestr(name, "x")
        return data.getvalue()

    def test_office_documents_are_taken(self):
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as archive:
            archive.writestr("[Content_Types].xml", "<Types/>")
            archive.writestr("word/document.xml", "<document/>")
        self.assertIn(
            "We have recorded your dispute", self._send(self.old, files=[("letter.docx", data.getvalue(), "")]).text
        )

    def test_files_that_are_too_large(self):
        with patch.object(attachment, "FILE_BYTES_MAX", 1000), patch.object(attachment, "TOTAL_BYTES_MAX", 1500):
            large = ("note.pdf", PDF + b" " * 1000, "application/pdf")
            half = ("note.pdf", PDF + b" " * 700, "application/pdf")
            self._assert_refused(self._send(self.old, files=[large]), "larger than 10 MB")
            self._assert_refused(self._send(self.old, files=[half, half]), "larger than 25 MB in total")

    def test_names_of_files_are_made_safe(self):
        self._send(self.old, files=[("../../etc/note.pdf", PDF, "application/pdf")])
        self.assertEqual(self._disputes().file_ids.name, "note.pdf")

    def test_text_is_cut_and_never_markup(self):
        self._send(self.old, text="<script>alert(1)</script>" + "x" * 9000)
        dispute = self._disputes()
        self.assertEqual(len(dispute.note), 4000)
        self.assertNotIn("<script>alert", str(self._communications(self.customer).body))
        self.assertNotIn("<script>alert", self.url_open(self._url(f"/{dispute.id}")).text)

    # === WHO MAY === #

    def test_wrong_and_foreign_links_open_nothing(self):
        dispute = self._dispute()
        base = f"/my/receivables/{self.customer.id}/dispute"
        for token in ("wrong", self._key(self.other_customer)):
            data = {"access_token": token, "csrf_token": self._csrf()}
            for answer in (
                self.url_open(self._url(token=token, item=self._item(self.old).id)),
                self.url_open(self._url(f"/{dispute.id}", token=token)),
                self.url_open(base, data={**data, "item": self._item(self.old).id, "text": "x"}),
                self.url_open(f"{base}/{dispute.id}/withdraw", data=data),
            ):
                self.assertEqual(answer.status_code, 404)
                self.assertNotIn(dispute.name, answer.text)
                self.assertNotIn(self.old.name, answer.text)
        self.assertEqual((dispute.state, self._disputes()), ("new", dispute))

    def test_disputes_of_others_are_neither_shown_nor_withdrawn(self):
        theirs = self._dispute(self.foreign, self.other_customer)
        self.assertEqual(self.url_open(self._url(f"/{theirs.id}")).status_code, 404)
        self.assertEqual(self.url_open(self._url("/99999999")).status_code, 404)
        data = {"access_token": self._key(self.customer), "csrf_token": self._csrf()}
        url = f"/my/receivables/{self.customer.id}/dispute/{theirs.id}/withdraw"
        self.assertEqual(self.url_open(url, data=data).status_code, 404)
        self.env.invalidate_all()
        self.assertEqual(theirs.state, "new")

    def test_without_csrf_token_nothing_happens(self):
        dispute = self._dispute(amount=None)
        with mute_logger("odoo.http"):
            answers = [
                self._send(self.new, csrf_token="wrong"),
                self.url_open(
                    f"/my/receivables/{self.customer.id}/dispute/{dispute.id}/withdraw",
                    data={"access_token": self._key(self.customer)},
                ),
            ]
        self.assertEqual([answer.status_code for answer in answers], [400, 400])
        self.env.invalidate_all()
        self.assertEqual((dispute.state, self._disputes()), ("new", dispute))

    def test_the_policy_may_keep_disputes_to_staff(self):
        self.policy.dispute_portal = False
        self.assertNotIn('value="dispute"', self._page().text)
        self.assertNotIn("/dispute", self.url_open(self._url(item=self._item(self.old).id)).url.split("?")[0])
        self._send(self.old)
        self.assertFalse(self._disputes())

    def test_another_window_holds_the_account(self):
        customer_class = type(self.customer)
        with patch.object(customer_class, "_lock_account", side_effect=LockError("busy")):
            response = self._send(self.old)
        self._assert_refused(response, "used in another window")

    def test_nothing_is_left_when_something_breaks_on_the_way(self):
        with (
            patch.object(type(self.env["ar.outreach"]), "_notify", side_effect=ValueError("broken")),
            mute_logger("odoo.http"),
        ):
            self.assertEqual(self._send(self.old, files=[("note.pdf", PDF, "application/pdf")]).status_code, 500)
        self.assertFalse(self._disputes())

    def test_form_without_items_leads_back(self):
        for item in ("", "x", self._item(self.foreign).id):
            self.assertIn("refused=nothing_selected", self.url_open(self._url(item=item)).url)


@tagged("post_install", "-at_install", "ar_tour")
class TestPortalDisputeTour(PortalDisputeCase):
    """From the ticked items to a dispute with a file and back, in a real browser."""

    def _assert_raised_and_withdrawn(self):
        dispute = self._disputes()
        self.assertEqual((dispute.state, dispute.amount_total, dispute.reason_id), ("withdrawn", 50.0, self.reason))
        self.assertEqual(dispute.file_ids.raw, b"Nine of ten boxes arrived.")

    def test_dispute_and_withdraw(self):
        self.start_tour(self._link(), "ar_collections_dispute")
        self._assert_raised_and_withdrawn()


@tagged("post_install", "-at_install", "ar_tour")
class TestPortalDisputePhoneTour(TestPortalDisputeTour):
    browser_size = "375x667"
    touch_enabled = True
