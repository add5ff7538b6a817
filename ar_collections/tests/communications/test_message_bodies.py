from unittest.mock import patch

from lxml import html

from odoo.tools import html_sanitize

from odoo.addons.ar_collections.core.communications.known_html import KnownHtml
from odoo.addons.ar_collections.models.communications.mail.mail_message import Sanitized

from ..common import ArCommon

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "</td></table><svg/onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<!--",
    "{{ 7 * 7 }}<t t-out='7'/>",
]
ACTIVE = {"script", "iframe", "object", "embed", "svg", "math", "style", "form", "input", "base", "link"}


class TestMessageBodies(ArCommon):
    """What stands in the chatter is safe, whoever wrote a part of it, and is not sanitized for each message anew."""

    def _message(self, **values):
        """Run the day for a customer with one late invoice; return the communication."""
        customer, _invoice = self._late(**values)
        self._run()
        return self._communications(customer)

    def assertInactive(self, *texts):
        for text in texts:
            for node in html.fromstring(f"<div>{text}</div>").iter():
                if not isinstance(node.tag, str):
                    continue  # a comment
                self.assertNotIn(node.tag, ACTIVE, text)
                for name, value in node.attrib.items():
                    self.assertFalse(name.startswith("on"), text)
                    self.assertNotIn("javascript:", value.replace(" ", "").lower())

    def assertSafe(self, message):
        """Assert that nothing in the stored texts acts, and that the chatter's is as Odoo sanitizes it."""
        self.assertInactive(message.body, message.message_id.body, message.address_ids.mail_mail_id.body_html)
        expected = html_sanitize(message.body, sanitize_attributes=True, sanitize_style=True, sanitize_form=True)
        self.assertEqual(message.message_id.body, expected)

    def test_names_and_references_of_customers(self):
        for number, word in enumerate(HOSTILE):
            with self.subTest(word=word):
                customer, invoice = self._late(name=f"{word} {number}")
                invoice.payment_reference = word
                self._run()
                message = self._communications(customer)
                self.assertSafe(message)
                self.assertIn(word, html.fromstring(message.message_id.body).text_content())

    def test_name_of_the_company_and_signature_of_the_collector(self):
        self.company.name = HOSTILE[0]
        self.collector.signature = f"<p>Bye <b>{HOSTILE[1]}</b> <a href='javascript:alert(1)'>x</a></p>"
        self.assertSafe(self._message())

    def test_an_active_template_is_sanitized_for_the_chatter(self):
        template = self.friendly.mail_template_id
        for body in (
            "<div><p>Pay</p><img src='x' onerror='alert(1)'/></div>",
            "<div><p>Pay</p><a href='javascript:alert(1)'>x</a><t t-out='object.items_html'/></div>",
            "<div><p style='position: fixed; color: red'>Pay</p><form action='/x'><input name='y'/></form></div>",
            "<div><p>Pay</p><script>alert(1)</script></div>",
        ):
            with self.subTest(body=body):
                self.env.cr.execute(
                    "UPDATE mail_template SET body_html = jsonb_build_object('en_US', %s::text) WHERE id = %s",
                    [body, template.id],
                )
                self.env.invalidate_all()
                message = self._message()
                self.assertInactive(message.message_id.body)
                self.assertNotIn("fixed", message.message_id.body)

    def test_an_edited_text(self):
        message = self._message().sudo()
        text = "<p onclick='alert(1)'>Hello<script>alert(1)</script> <a href='javascript:alert(1)'>x</a></p>"
        words = {"text_above": text, "text_below": text, "subject": "Hello"}
        message._write_edited_text(message._prepare_edited_vals(words, message.browse().recipient_ids))
        posted = self.env["ar.channel.email"]._create_messages(message)
        self.assertIn("Hello", posted.body)
        self.assertInactive(message.body, posted.body)

    def test_ordinary_messages_are_sanitized_by_their_tags(self):
        seen = []

        def clean(known, text):
            seen.append(original(known, text))
            return seen[-1]

        original = KnownHtml.clean
        with patch.object(KnownHtml, "clean", clean):
            message = self._message()
        self.assertEqual(seen, [message.message_id.body])

    def test_a_large_batch_is_written_in_parts(self):
        partners = self._partners(5)
        self._invoices(partners, 4)
        with patch("odoo.addons.ar_collections.models.communications.outreach.ar_outreach.TEXTS", 2):
            self._run()
        messages = self._communications(
            self.env["ar.customer"].search([("partner_id", "in", [p.id for p in partners])])
        )
        self.assertEqual(len(messages), 5)
        for message, partner in zip(messages.sorted("partner_id"), partners, strict=True):
            for text in (message.body, message.message_id.body, message.address_ids.mail_mail_id.body_html):
                self.assertIn(f"Dear {partner.name},", text)

    def test_a_remote_caller_cannot_skip_the_sanitizer(self):
        text = "<p onclick='alert(1)'>Hello</p>"
        customer = self._late()[0]
        for done in ([text], {text}, frozenset([text])):
            posted = customer.with_context(ar_sanitized=done).message_post(body=text, body_is_html=True)
            self.assertInactive(posted.body)
        other = customer.with_context(ar_sanitized=Sanitized(["<p>Other</p>"])).message_post(
            body=text, body_is_html=True
        )
        self.assertInactive(other.body)


class TestCompiledTemplates(ArCommon):
    """A mail template is compiled once for its text and language."""

    def _compiled(self):
        """Run the day; return how many templates given as XML were compiled for rendering."""
        qweb, count = type(self.env["ir.qweb"]), []
        compile_new = qweb._generate_code_uncached

        def counted(model, template):
            if not isinstance(template, (int, str)):
                count.append(template)
            return compile_new(model, template)

        with patch.object(qweb, "_generate_code_uncached", counted):
            self._run()
        return len(count)

    def test_once_for_all_messages_of_a_run_and_the_next_ones(self):
        self.env.registry.clear_cache("templates")
        self._invoices(self._partners(5), 4)
        self.assertEqual(self._compiled(), 1)
        self._late()
        self.assertEqual(self._compiled(), 0)

    def test_a_changed_template_is_used_at_once(self):
        self._late()
        self._run()
        self.friendly.mail_template_id.body_html = "<p>Another text <t t-out='object.items_html'/></p>"
        customer = self._late()[0]
        self.assertEqual(self._compiled(), 1)
        self.assertIn("Another text", self._communications(customer).body)

    def test_each_language_has_its_own(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.friendly.mail_template_id
        template.with_context(lang="fr_FR").body_html = "<p>Bonjour <t t-out='object.items_html'/></p>"
        customers = [self._late(lang=lang)[0] for lang in ("en_US", "fr_FR")]
        self._run()
        english, french = (self._communications(customer).body for customer in customers)
        self.assertIn("Dear", english)
        self.assertIn("Bonjour", french)
        self.assertNotIn("Bonjour", english)
