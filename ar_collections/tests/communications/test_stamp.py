import io

from pypdf import PdfReader
from reportlab.pdfgen.canvas import Canvas

from odoo.tests import tagged

from odoo.addons.ar_collections.models.communications.documents.stamp import Sender, stamp

from ..common import ArCommon


def _texts(content):
    """Return the text of each page of a PDF, as a search finds it."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


class TestStamp(ArCommon):
    """Sender and page numbers of printed documents."""

    def _pages(self, number):
        output = io.BytesIO()
        canvas = Canvas(output)
        for index in range(number):
            canvas.drawString(100, 500, f"Body {index}")
            canvas.showPage()
        canvas.save()
        return output.getvalue()

    def test_each_page_names_the_sender_and_its_number(self):
        sender = Sender(("Größe & Łódź", "1 Long Road"), "accounts@example.com | 1234")
        first, second = _texts(stamp(self._pages(2), sender))
        for text, number in ((first, "1 / 2"), (second, "2 / 2")):
            for part in ("Größe & Łódź", "accounts@example.com", number, "Body"):
                self.assertIn(part, text)
        self.assertIn("1 Long Road", first)
        self.assertNotIn("1 Long Road", second)

    def test_a_logo_that_cannot_be_read_is_left_out(self):
        self.assertIn("Body", _texts(stamp(self._pages(1), Sender(("Name",), logo=b"no picture")))[0])

    def test_the_sender_is_the_company_with_its_address(self):
        self.company.write({"street": "1 Long Road", "phone": "1234", "email": "books@example.com"})
        sender = self.env["ir.actions.report"]._ar_get_sender(self.company)
        self.assertEqual(sender.lines[:2], (self.company.name, "1 Long Road"))
        self.assertIn("books@example.com", sender.contact)


@tagged("post_install", "-at_install")
class TestPrintedLetter(ArCommon):
    """A letter as wkhtmltopdf prints it, whichever build the machine has."""

    @tagged("post_install", "-at_install", "ar_print")
    def test_its_text_can_be_searched_and_it_has_sender_and_page_number(self):
        customer, invoice = self._late()
        self._run()
        reports = self.env["ir.actions.report"].sudo().with_context(force_report_rendering=True)
        letters = self._communications(customer)
        with self.allow_pdf_render():
            content, _kind = reports._render_qweb_pdf("ar_collections.action_report_reminder_letter", letters.ids)
        text = " ".join(" ".join(_texts(content)).split())
        for part in (invoice.name, self.company.name, "Payment reminder"):
            self.assertIn(part, text)
        self.assertGreater(len(PdfReader(io.BytesIO(content)).pages), 0)
        if reports._ar_needs_stamp():
            self.assertIn("1 / ", text)
