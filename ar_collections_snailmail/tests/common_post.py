import io
from contextlib import contextmanager
from datetime import datetime, time
from unittest.mock import patch

from freezegun import freeze_time
from reportlab.pdfgen.canvas import Canvas

from odoo.addons.ar_collections.tests.common import ArCommon

JSONRPC = "odoo.addons.iap.tools.iap_tools.iap_jsonrpc"


def _make_pdf():
    """Return one empty page: printing takes most of the time, and is tested with letters in general."""
    file = io.BytesIO()
    canvas = Canvas(file)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


PDF = _make_pdf()


class ArPostCommon(ArCommon):
    """A policy whose letters are sent by the service, and a customer with a complete address."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["iap.account"].get("snailmail")
        cls.company.sudo().paperformat_id = cls.env.ref("base.paperformat_euro")
        (cls.step,) = cls._on_schedule({"days": 3, "channel": "letter", "letter_text": "<p>Please pay.</p>"})
        cls.policy.letters_by = "service"
        cls.customer, cls.invoice = cls._late(zip="12345", country_id=cls.env.ref("base.us").id)
        cls.startClassPatcher(patch.object(cls.registry["ar.channel.letter"], "_print", lambda *_args: (PDF, PDF)))

    @contextmanager
    def _service(self, error=None, raised=None):
        """Let the service answer with an error, or without any, or raise one; yield the letters that it got."""
        got = []

        def answer(_url, params, **_options):
            got.extend(params["documents"])
            if raised:
                raise raised
            documents = [
                {**each, "sent": not error, "error": error, "send_id": 5 if not error else False}
                for each in params["documents"]
            ]
            return {"request_code": 200, "request": {"documents": documents}}

        with patch(JSONRPC, side_effect=answer):
            yield got

    def _queue(self, day=None, hour=12, **service):
        """Work the queue of letters at an hour (UTC) of a day; return what the service got."""
        with freeze_time(datetime.combine(day or self.TODAY, time(hour))), self._service(**service) as got:
            self.env["ar.post.queue"]._cron_deliver()
        self.env.invalidate_all()
        return got
