import base64
import io
from unittest.mock import patch

from reportlab.pdfgen.canvas import Canvas

from ..disputes.common_stripe_disputes import ArStripeDisputesCommon

PNG = b"\x89PNG\r\n\x1a\n"


def pdf(pages=1, size=0):
    """Return a PDF with so many pages, and at least so many bytes."""
    output = io.BytesIO()
    canvas = Canvas(output)
    for number in range(pages):
        canvas.drawString(72, 720, f"Page {number}")
        canvas.showPage()
    canvas.save()
    content = output.getvalue()
    return content + b"\n%" + b"x" * (size - len(content)) if size else content


class ArStripeEvidenceCommon(ArStripeDisputesCommon):
    """A chargeback and its evidence; documents are printed by a stand-in for wkhtmltopdf."""

    def setUp(self):
        super().setUp()
        self.printed = []
        reports = type(self.env["ir.actions.report"])
        self.printing = patch.object(reports, "_render_qweb_pdf", self._print)
        self.printing.start()
        self.addCleanup(self.printing.stop)

    def _print(self, report, ids=None, data=None):
        """Stand in for wkhtmltopdf; keep what was printed."""
        self.printed.append((report, list(ids or ()), data))
        return pdf(), "pdf"

    def _gathered(self, **values):
        """Let the customer contest the payment, and gather the evidence; return (Stripe's dispute, our evidence)."""
        data, chargeback = self._contest(**values)
        action = chargeback.with_user(self.manager).action_open_evidence()
        return data, self.env["ar.stripe.evidence"].with_user(self.manager).browse(action["res_id"])

    def _value(self, evidence, field):
        """Return the text of a field, the bytes of its file, or ``None`` where there is none."""
        line = evidence.line_ids.filtered(lambda each: each.field == field)
        return (line._get_content() if line.is_file else line.text) if line else None

    def _add(self, evidence, field, text=None, content=None, name="file.pdf"):
        """Add a text or a file as a person does; return the line."""
        values = {"evidence_id": evidence.id, "field": field, "text": text}
        if content is not None:
            values.update(file=base64.b64encode(content), file_name=name)
        return evidence.line_ids.create(values)
