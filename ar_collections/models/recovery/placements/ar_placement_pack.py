import hashlib
import io
import json
import zipfile

import psycopg2

from odoo import fields, models
from odoo.exceptions import LockError, UserError

#: The date of all files in a pack: the same facts make the same bytes.
EPOCH = (1980, 1, 1, 0, 0, 0)

HASHES = "SHA256SUMS.txt"


class ArPlacementPack(models.Model):
    """The hand-over pack of a case: data, documents and the log of communications, as one ZIP file.

    It is made anew from the facts each time. While these are the same, so are its bytes: printed documents are kept
    and printed again only where what they show has changed. The same pack serves an agency, a lawyer and a court.
    """

    _inherit = "ar.placement"

    pack_id = fields.Many2one("ir.attachment", "Hand-over Pack", readonly=True, copy=False, ondelete="set null")
    pack_hash = fields.Char("SHA-256 of the Pack", readonly=True, copy=False)
    pack_date = fields.Date("Pack of", readonly=True, copy=False, help="Day on which the pack changed the last time.")

    def action_download_pack(self):
        """Make the pack, and download it."""
        self.ensure_one()
        pack = self._allowed("collector")._make_pack()
        return {"type": "ir.actions.act_url", "url": f"/web/content/{pack.id}?download=true", "target": "download"}

    def _make_pack(self):
        """Make the pack in superuser mode, and store it where it differs from the one before.

        :return: the `ir.attachment`
        :raise UserError: where a document cannot be made; nothing is changed then
        """
        self.ensure_one()
        files = self._get_pack_files()
        hashes = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
        content = self._zip({**files, HASHES: hashes.encode()})
        found = hashlib.sha256(content).hexdigest()
        if found != self.pack_hash or not self.pack_id:
            values = {"name": f"{self._get_file_name(self.name)}.zip", "raw": content, "mimetype": "application/zip"}
            # An older version stays: it may be what the agency got.
            pack = self.pack_id.create({**values, "res_model": self._name, "res_id": self.id})
            self.write({"pack_id": pack.id, "pack_hash": found, "pack_date": self.company_id._ar_today()})
        return self.pack_id

    @staticmethod
    def _zip(files):
        """Return the bytes of a ZIP file that depend on nothing but names and contents.

        :param dict files: {name: bytes}
        """
        output = io.BytesIO()
        with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in sorted(files.items()):
                info = zipfile.ZipInfo(name, EPOCH)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.external_attr = 0o644 << 16
                archive.writestr(info, content)
        return output.getvalue()

    @staticmethod
    def _get_file_name(text):
        """Return a text as a part of a file name: a document's number may hold slashes."""
        return "".join(char if char.isalnum() or char in "-_. " else "-" for char in text).strip(". ") or "document"

    # === PRINTED DOCUMENTS === #

    def _print(self, name, shows, render):
        """Return a printed document: the one that was kept, or a new one where what it shows has changed.

        :param str name: of the file
        :param shows: JSON values of what it shows
        :param render: function that returns its bytes
        :raise UserError: where it cannot be made, with the reason
        """
        mark = hashlib.sha256(json.dumps(shows, sort_keys=True, default=str).encode()).hexdigest()
        attachments = self.env["ir.attachment"]
        domain = [("res_model", "=", self._name), ("res_id", "=", self.id), ("name", "=", name)]
        kept = attachments.search([*domain, ("description", "=", mark)], limit=1)
        if not kept:
            content = self._render_document(name, render)
            values = {"name": name, "raw": content, "mimetype": "application/pdf", "description": mark}
            kept = attachments.create({**values, "res_model": self._name, "res_id": self.id})
        return kept.raw

    def _render_document(self, name, render):
        try:
            content = render()
        except (psycopg2.Error, LockError):
            raise  # the transaction is repeated
        except Exception as error:
            raise UserError(self._get_print_problem(name, str(error))) from error
        if not content:
            raise UserError(self._get_print_problem(name, self.env._("it is empty")))
        return content

    def _get_print_problem(self, name, reason):
        return self.env._(
            "“%(document)s” of %(case)s cannot be printed: %(reason)s\nNothing was handed over. Print the document "
            "once by itself to see what is wrong, then try again.",
            document=name,
            case=self.name,
            reason=reason,
        )
