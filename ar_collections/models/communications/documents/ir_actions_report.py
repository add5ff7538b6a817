import base64
import io

from odoo import models
from odoo.tools import html2plaintext

from odoo.addons.base.models.ir_actions_report import _wkhtml

from .stamp import Sender, stamp


class IrActionsReport(models.Model):
    """Prints sender and page numbers on our documents where wkhtmltopdf cannot print headers and footers.

    That is so for builds without Odoo's version of Qt, as Debian's. They cannot embed web fonts either: the text is
    drawn, and nobody can search or copy it. So the templates ask `_ar_needs_stamp` and use one of the machine's.
    """

    _inherit = "ir.actions.report"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """Override of `base` to add sender and page numbers to our own documents."""
        streams = super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)
        report = self._get_report(report_ref)
        if report.report_name.startswith("ar_collections.") and self._ar_needs_stamp():
            records = self.env[report.model].browse(res_ids)
            for res_id, stream in streams.items():
                company = (records.browse(res_id) if res_id else records[:1]).company_id or self.env.company
                content = stream["stream"].getvalue()
                stream["stream"] = io.BytesIO(stamp(content, self._ar_get_sender(company)))
        return streams

    def _ar_render_pdf(self, name, ids, **options):
        """Return a document as PDF. The report is looked up once; Odoo would look up its name at each step.

        :param str name: external id of the report
        :param options: those of `_render_qweb_pdf`
        :raise UserError: where it cannot be printed
        :rtype: bytes
        """
        content, _kind = self._render_qweb_pdf(self.env.ref(name), ids, **options)
        return content

    def _ar_needs_stamp(self):
        """Return whether wkhtmltopdf ignores headers and footers."""
        return not _wkhtml().is_patched_qt

    def _ar_get_sender(self, company):
        """Return what is printed of a company.

        :rtype: Sender
        """
        company = company.sudo()  # the company writes, whatever the user or visitor may read
        address = company.partner_id._display_address(without_company=True).splitlines()
        contact = html2plaintext(company.report_footer or "").strip() or " | ".join(
            filter(None, (company.phone, company.email, company.website, company.vat))
        )
        return Sender(
            lines=tuple(filter(None, map(str.strip, (company.name, *address)))),
            contact=" | ".join(line.strip() for line in contact.splitlines() if line.strip()),
            logo=b"" if company.uses_default_logo else base64.b64decode(company.logo or b""),
        )
