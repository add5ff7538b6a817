import base64
import io

from odoo.exceptions import UserError
from odoo.tools.pdf import PdfFileReader

from .common_post import ArPostCommon


class TestPost(ArPostCommon):
    """Letters by the postal service: each once, and printed by us where it cannot send them."""

    def _letter(self):
        self._run()
        return self._communications(self.customer)[-1:]

    def test_a_letter_is_posted_once(self):
        letter = self._letter()
        self.assertEqual((letter.state, letter.letter_hint), ("planned", "Sent by the postal service"))
        (document,) = self._queue()
        self.assertEqual((document["address"]["zip"], document["address"]["country_code"]), ("12345", "US"))
        self.assertTrue(document["pdf_bin"])
        self.assertEqual((letter.state, letter.date_sent), ("sent", self.TODAY))
        self.assertEqual(self.customer.last_contact_date, self.TODAY)
        self.assertTrue(letter.attachment_ids.raw.startswith(b"%PDF"))
        posted = letter.snailmail_ids
        self.assertEqual((posted.state, posted.attachment_id.ids), ("sent", []))
        self.assertFalse(self._queue())
        # Whoever sets it back: Odoo's own queue has nothing to send.
        posted.sudo().state = "pending"
        with self._service() as got:
            posted.sudo()._snailmail_print_valid_address()
        self.assertFalse(got)
        self.assertEqual((posted.state, posted.error_code), ("error", "ATTACHMENT_ERROR"))

    def test_a_cover_page_holds_the_address(self):
        self.company.sudo().write({"snailmail_cover": True, "snailmail_duplex": True})
        self._letter()
        (document,) = self._queue()
        pages = PdfFileReader(io.BytesIO(base64.b64decode(document["pdf_bin"]))).pages
        self.assertEqual(len(pages), 3)  # the cover, its empty back, the letter
        self.assertIn("Springfield", pages[0].extract_text())

    def test_a_payment_before_it_is_posted_stops_it(self):
        letter = self._letter()
        self._pay(self.invoice)
        self.assertFalse(self._queue())
        self.assertEqual(letter.state, "cancelled")

    def test_a_contact_who_left_gets_no_letter_of_the_customer(self):
        partner = self.customer.partner_id
        values = {"name": "Jane", "type": "invoice", "parent_id": partner.id, "street": "Elm Street 1"}
        values |= {"city": partner.city, "zip": partner.zip, "country_id": partner.country_id.id}
        jane = self.env["res.partner"].create(values)
        letter = self._letter()
        self.assertEqual(letter.recipient_ids, jane)
        jane.parent_id = self._partner(name="Elsewhere")
        (document,) = self._queue()
        self.assertEqual((letter.recipient_ids, document["address"]["street"]), (partner, partner.street))

    def test_an_incomplete_address_is_said_and_the_letter_printed(self):
        self.customer.partner_id.write({"zip": False, "country_id": False})
        letter = self._letter()
        self.assertFalse(self._queue())
        self.assertEqual((letter.state, letter.post_obstacle), ("planned", "The address is incomplete: Zip, Country"))
        self.assertEqual(letter.letter_hint, letter.post_obstacle)
        collector = self.env(user=self.collector)
        with self._on():
            letter.with_env(collector).action_print()
        self.assertEqual(letter.state, "sent")
        with self.assertRaises(UserError):
            letter.with_env(collector).action_send_by_post()

    def test_a_corrected_address_is_tried_again(self):
        self.customer.partner_id.zip = False
        letter = self._letter()
        self._queue()
        self.customer.partner_id.zip = "12345"
        with self.assertRaises(UserError):
            letter.with_user(self._user("auditor")).action_send_by_post()
        letter.with_user(self.collector).action_send_by_post()
        self.assertEqual(len(self._queue()), 1)
        self.assertEqual(letter.state, "sent")

    def test_other_policies_and_other_paper_are_printed(self):
        self.company.sudo().paperformat_id = self.env.ref("base.paperformat_us")
        letter = self._letter()
        self.assertFalse(self._queue())
        self.assertIn("A4", letter.post_obstacle)
        self.company.sudo().paperformat_id = self.env.ref("base.paperformat_euro")
        letter.sudo().post_obstacle = False
        self.policy.letters_by = "us"
        self.assertFalse(self._queue())
        self.assertFalse(letter.letter_hint)

    def test_one_without_text_waits_for_somebody_who_writes_it(self):
        self.step.letter_text = "<p><br></p>"
        letter = self._letter()
        self.assertFalse(self._queue())
        self.assertEqual((letter.state, letter.letter_hint), ("planned", "No text"))
        self.step.letter_text = "<p>Please pay.</p>"
        self.assertEqual(len(self._queue()), 1)
