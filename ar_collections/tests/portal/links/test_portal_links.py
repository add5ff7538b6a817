import re
from datetime import timedelta
from email.message import EmailMessage
from unittest.mock import patch

from markupsafe import Markup

from ....core.portal.links import hash_key
from ....models.portal.links.ar_portal_link import ArPortalLink
from ...communications.delivery.common_recipients import RecipientsCommon

KEY = re.compile(r"access_token=([\w-]{43})\b")

#: The stored texts that staff, or whoever gets a copy of the database, could search for a key.
TEXTS = (
    "SELECT body FROM mail_message",
    "SELECT body_html FROM mail_mail",
    "SELECT body FROM ar_communication",
    "SELECT row_to_json(link)::text FROM ar_portal_link link",
    "SELECT note FROM mail_activity",
    "SELECT old_value_char || new_value_char FROM mail_tracking_value",
)


class TestLinksInMessages(RecipientsCommon):
    """Each reader gets a link of their own, which is in the delivered message and nowhere else."""

    @property
    def links(self):
        return self.env["ar.portal.link"].search([("customer_id", "=", self.customer.id)], order="id")

    def _keys(self, text):
        return set(KEY.findall(text))

    def assertNowhereStored(self, key):
        self.env.flush_all()
        for query in TEXTS:
            self.env.cr.execute(query)
            self.assertFalse([row for (row,) in self.env.cr.fetchall() if key in (row or "")], query)

    def test_every_reader_gets_a_key_of_their_own_in_both_parts_of_the_message(self):
        first, second = self._deliver()
        keys = []
        for mail in (first, second):
            (key,) = self._keys(mail["body"])
            self.assertEqual(self._keys(mail["body_alternative"]), {key})
            keys.append(key)
        self.assertNotEqual(*keys)
        self.assertEqual(self.links.sudo().mapped("key_hash"), [hash_key(key) for key in keys])
        self.assertEqual(self.links.mapped("address"), ["first@customer.example.com", "second@customer.example.com"])
        self.assertEqual(self.links.partner_id, self.first | self.second)
        self.assertEqual(self.links.mapped("subject"), [self.communication.subject] * 2)
        for key in keys:
            self.assertNowhereStored(key)

    def test_what_is_stored_holds_the_address_of_the_page_alone(self):
        address = f"{self.customer.get_base_url()}/my/receivables/{self.customer.id}?message={self.communication.id}"
        for text in (
            self.communication.body,
            self.communication.message_id.body,
            self.communication.sudo().address_ids.mail_mail_id[:1].body_html,
        ):
            self.assertIn(address, text)
            self.assertNotIn("access_token", text)

    def test_the_link_is_stored_when_the_message_is_about_to_leave(self):
        """Whatever happens after the mail server took it, the reader's link works."""
        stored = []

        def attempt(mails, *args):
            mails.env.cr.execute("SELECT address FROM ar_portal_link WHERE customer_id = %s", [self.customer.id])
            stored.append(len(mails.env.cr.fetchall()))
            return origin(mails, *args)

        origin = type(self.env["mail.mail"])._attempt
        with patch.object(type(self.env["mail.mail"]), "_attempt", attempt):
            self._deliver()
        self.assertEqual(stored, [1, 2])

    def test_a_repeated_attempt_replaces_the_key(self):
        refused = {"first": "451 greylisted", "second": "451 greylisted"}
        self._work(replies=refused)
        tried = self.links.sudo().mapped("key_hash")
        self.assertEqual(len(tried), 2)
        self.communication.sudo().address_ids.mail_mail_id.scheduled_date = False
        self.assertEqual(sorted(self._work()), ["first", "second"])
        self.env.invalidate_all()
        self.assertEqual(len(self.links), 2)
        self.assertFalse(set(tried) & set(self.links.sudo().mapped("key_hash")))
        self.assertEqual(self.links.mapped("is_valid"), [True, True])

    def test_a_message_that_is_not_sent_makes_no_link(self):
        self._pay(self.invoice)
        self.assertEqual(self._deliver(), [])
        self.assertFalse(self.links)

    def test_a_link_takes_one_statement(self):
        stored = []

        def store(links, *args):
            before = links.env.cr.sql_log_count
            origin(links, *args)
            stored.append(links.env.cr.sql_log_count - before)

        def prepare(links, customer, origin_, address, partner, *args):
            self.assertTrue(partner.commercial_partner_id)  # the reader is read anyway, for the message's header
            before = links.env.cr.sql_log_count
            values = prepare_origin(links, customer, origin_, address, partner, *args)
            self.assertEqual(links.env.cr.sql_log_count, before)
            return values

        origin, prepare_origin = ArPortalLink._store, ArPortalLink._prepare_vals
        with patch.object(ArPortalLink, "_store", store), patch.object(ArPortalLink, "_prepare_vals", prepare):
            self._deliver()
        self.assertEqual(stored, [1, 1])

    def test_links_are_valid_for_the_days_of_the_company(self):
        self.company.ar_link_days = 30
        self._deliver()
        self.assertEqual(set(self.links.mapped("valid_until")), {self.TODAY + timedelta(days=30)})
        with self._on(self.TODAY + timedelta(days=30)):
            self.links.invalidate_recordset()
            self.assertEqual(self.links.mapped("is_valid"), [True, True])
        with self._on(self.TODAY + timedelta(days=31)):
            self.links.invalidate_recordset()
            self.assertEqual(self.links.mapped("is_valid"), [False, False])


class TestLinksInOtherMails(RecipientsCommon):
    """Mails that are not of a run: what staff writes, and notifications about messages on the thread."""

    def setUp(self):
        super().setUp()
        self.env["mail.mail"].sudo().search([]).unlink()

    def _post(self, partners, body=""):
        """Post on the customer's thread as the collector; return the mails that go out."""
        with self.mock_mail_gateway():
            self.customer.with_user(self.collector).message_post(
                body=body or "Please see your account.",
                partner_ids=partners.ids,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                body_is_html=True,
            )
            return list(self._mails)

    def _body_of(self, mails, partner):
        (mail,) = [mail for mail in mails if partner.email in mail["email_to"][0]]
        return mail["body"]

    def test_the_button_of_a_notification_opens_the_page(self):
        customer = self.customer.partner_id
        body = self._body_of(self._post(customer), customer)
        self.assertRegex(body, rf'href="[^"]*/my/receivables/{self.customer.id}\?access_token=[\w-]{{43}}"')
        self.assertNotIn("pid=", body)
        self.assertNotIn("/mail/view", body)

    def test_an_address_of_the_page_that_staff_wrote_gets_the_readers_key(self):
        page = self.customer.get_base_url() + self.customer._get_page_address()
        colleague = self._user("collector", login="colleague", email="colleague@company.example.com").partner_id
        stranger = self._partner(name="Stranger", email="stranger@elsewhere.example.com")
        mails = self._post(self.first | colleague | stranger, f'<a href="{page}">Your account</a>')
        self.assertRegex(self._body_of(mails, self.first), r"access_token=[\w-]{43}")
        for other in (colleague, stranger):
            self.assertIn(page, self._body_of(mails, other))
            self.assertNotIn("access_token", self._body_of(mails, other))

    def test_a_person_with_two_addresses_gets_one_key_and_two_persons_none(self):
        page = self.customer.get_base_url() + self.customer._get_page_address()
        self.first.email = "first@customer.example.com, private@first.example.com"
        self.assertRegex(self._post(self.first, page)[0]["body"], r"access_token=[\w-]{43}")
        values = {"model": "ar.customer", "res_id": self.customer.id, "body_html": page}
        for cc, has_key in (
            ("private@first.example.com", True),
            (self.second.email, False),
            ("stranger@elsewhere.example.com", False),
        ):
            to = {"email_to": "first@customer.example.com", "email_cc": cc}
            mail = self.env["mail.mail"].sudo().create({**values, **to})
            with self.subTest(cc=cc), self.mock_mail_gateway():
                mail.send()
                self.assertEqual("access_token" in self._mails[0]["body"], has_key)

    def test_pages_on_other_servers_get_no_key(self):
        body = f'<a href="https://elsewhere.example.com/my/receivables/{self.customer.id}">Your account</a>'
        self.assertNotIn("access_token", self._body_of(self._post(self.first, body), self.first))

    def test_no_caller_chooses_the_key(self):
        page = self.customer.get_base_url() + self.customer._get_page_address()
        customer = self.customer.with_context(ar_page_key='"><script>')
        with self.mock_mail_gateway():
            customer.message_post(body=page, partner_ids=self.first.ids, subtype_xmlid="mail.mt_comment")
            (mail,) = [mail for mail in self._mails if self.first.email in mail["email_to"][0]]
        self.assertNotIn("script", mail["body"])
        self.assertRegex(mail["body"], r"access_token=[\w-]{43}")


class TestKeysThatComeBack(RecipientsCommon):
    """Keys in what readers quote and staff pastes are not stored either."""

    assertNowhereStored = TestLinksInMessages.assertNowhereStored

    def setUp(self):
        super().setUp()
        self.mail = self._deliver()[0]
        self.key = KEY.search(self.mail["body"])[1]
        self.page = f"{self.customer.get_base_url()}/my/receivables/{self.customer.id}"

    def _receive(self, body, subtype):
        """Receive an answer to the message; return what it left on the thread."""
        answer = EmailMessage()
        answer["From"], answer["To"] = self.first.email_formatted, self.communication.message_id.reply_to
        answer["Subject"], answer["Message-Id"] = "Re: reminder", f"<answer-{subtype}@customer.example.com>"
        answer["In-Reply-To"] = self.communication.message_id.message_id
        answer.set_content(body, subtype=subtype)
        with self.mock_mail_gateway():
            self.env["mail.thread"].sudo().message_process(None, answer.as_string())
        self.env.invalidate_all()
        return self.customer.message_ids.filtered(lambda message: "We pay on Friday" in (message.body or ""))

    def test_a_quoted_message_is_stored_without_its_key(self):
        quoted = f"We pay on Friday<blockquote>{self.mail['body']}</blockquote>"
        plain = "We pay on Friday\n" + "".join(f"> {line}\n" for line in self.mail["body_alternative"].splitlines())
        for subtype, body in (("html", quoted), ("plain", plain)):
            with self.subTest(subtype=subtype):
                messages = self._receive(body, subtype)
                self.assertIn(self.page, messages[0].body)
                self.assertNowhereStored(self.key)

    def test_a_link_that_staff_pastes_is_stored_without_its_key(self):
        link = f"{self.page}?access_token={self.key}&items=1-2"
        message = self.customer.with_user(self.collector).message_post(
            body=f"{link} of {self.first.name}",
            partner_ids=self.first.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertIn(f"{self.page}?items=1-2", message.body)
        self.assertNowhereStored(self.key)
        self.customer._message_update_content(message, body=Markup('<a href="%s">Link</a>') % link)
        self.assertIn(f"{self.page}?items=1-2", message.body)
        self.assertNowhereStored(self.key)

    def test_other_keys_in_a_message_stay(self):
        body = Markup('<a href="/my/invoices/3?access_token=abc">Invoice</a>')
        self.assertIn("access_token=abc", self.customer.message_post(body=body).body)


class TestLinksOnLetters(RecipientsCommon):
    """What is printed holds a link as a code; the copy that is stored, and what a report shows, does not."""

    REPORT = "ar_collections.report_reminder_letter"

    def test_the_printed_letter_holds_a_code_and_its_copy_does_not(self):
        def render(reports, _report, ids):
            return reports._render_qweb_html(self.REPORT, ids)[0], "html"

        with patch.object(type(self.env["ir.actions.report"]), "_render_qweb_pdf", render):
            stored, printed = self.env["ar.channel.letter"]._print(self.communication.sudo())
        self.assertIn(b"o_ar_printed_link", printed)
        self.assertNotIn(b"o_ar_printed_link", stored)
        for page in (stored, printed):  # one address, which says that it asks for a login; only the code holds a key
            self.assertEqual(page.count(b"with your login:"), 1)
        link = self.env["ar.portal.link"].search([("customer_id", "=", self.customer.id)])
        self.assertEqual((link.origin, link.partner_id), ("letter", self.communication.recipient_ids[:1]))

    def test_nobody_prints_a_letter_with_a_key_by_a_report(self):
        for user in (self._user("auditor"), self.collector):
            reports = self.env["ir.actions.report"].with_user(user).with_context(ar_page_key="x" * 43)
            page = reports._render_qweb_html(self.REPORT, self.communication.ids)[0]
            self.assertNotIn(b"o_ar_printed_link", page)
            self.assertNotIn(b"access_token", page)
        self.assertFalse(self.env["ar.portal.link"].search([("customer_id", "=", self.customer.id)]))
