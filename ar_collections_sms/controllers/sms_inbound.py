import json

from werkzeug.exceptions import HTTPException, NotFound

from odoo import http
from odoo.http import request

from ..const import BODY_MAX


class ArSmsInboundController(http.Controller):
    """Where a company's gateway sends the replies to text messages; its address holds a key of its own."""

    @http.route(
        "/ar_collections/sms/inbound/<string:key>",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
        max_content_length=BODY_MAX,
    )
    def receive(self, key, **values):
        """Handle a message in a form or in JSON, or in the query of the address; others are answered with 400."""
        company = request.env["res.company"]._ar_find_by_sms_key(key)
        if not company:
            raise NotFound()
        inbound = request.env(su=True)["ar.sms.inbound"].with_company(company)  # the key is the credential
        try:
            message = inbound._read(self._read_body())
            if not message[0]:
                message = inbound._read(values)
        except HTTPException as error:  # larger than allowed
            return request.make_response("", status=error.code)
        except (ValueError, AttributeError, RecursionError):
            return request.make_response("", status=400)
        if not message[0]:
            return request.make_response("", status=400)
        inbound._receive(company, *message)
        return request.make_response("", status=200)

    @staticmethod
    def _read_body():
        """Return names and values of the body; parameters of the address may stand beside it."""
        message = request.httprequest
        return message.form.to_dict() or json.loads(message.get_data() or b"{}")
