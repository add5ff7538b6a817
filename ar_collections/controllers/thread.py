from werkzeug.exceptions import BadRequest, NotFound

from odoo import http
from odoo.http import request

from odoo.addons.mail.controllers.attachment import AttachmentController
from odoo.addons.portal.controllers.thread import PortalThreadController

from ..core.portal.limits import KILOBYTES
from ..core.portal.request_values import clean_token, read_id, strip_controls

MODEL = "ar.customer"


class ReceivablesThread(PortalThreadController, AttachmentController):
    """Messages and files on the thread of the customer page: Odoo's own routes take them, here they are counted."""

    @http.route()
    def mail_message_post(self, thread_model, thread_id, post_data, context=None, **kwargs):
        """Override of `mail` to limit the messages of a day on an account."""
        if customer := self._find_limited(thread_model, thread_id, kwargs):
            customer._count_start("message", request.httprequest.remote_addr)
            if not isinstance(post_data, dict):
                raise BadRequest("Invalid message")
            texts = {name: strip_controls(value) for name, value in post_data.items() if isinstance(value, str)}
            post_data = {**post_data, **texts}
        return super().mail_message_post(thread_model, thread_id, post_data, context=context, **kwargs)

    @http.route()
    def mail_attachment_upload(self, ufile, thread_id, thread_model, is_pending=False, **kwargs):
        """Override of `mail` to limit the files of a day on an account, by their size."""
        if customer := self._find_limited(thread_model, thread_id, kwargs):
            size = ufile.stream.seek(0, 2)
            ufile.stream.seek(0)
            customer._count_start("upload", request.httprequest.remote_addr, 1 + size // KILOBYTES)
        return super().mail_attachment_upload(ufile, thread_id, thread_model, is_pending=is_pending, **kwargs)

    def _find_limited(self, thread_model, thread_id, access):
        """Return the account on whose thread a visitor may post; None for other threads, and for staff.

        :param dict access: what the visitor brings as access; invalid tokens in it are replaced by empty ones
        :raise NotFound: where it is no account, or the visitor has no access
        """
        if thread_model != MODEL or request.env.user._is_internal():
            return None
        access.update({name: clean_token(access[name]) for name in ("token", "hash") if access.get(name)})
        if access.get("pid"):
            access["pid"] = read_id(access["pid"])
        thread = read_id(thread_id) and self._get_thread_with_access_for_post(thread_model, thread_id, **access)
        if not thread:
            raise NotFound()
        return thread.sudo()  # visitors have no rights on accounts; their access was checked
