from werkzeug.exceptions import BadRequest, NotFound

from odoo import http
from odoo.http import request

from odoo.addons.mail.controllers.attachment import AttachmentController
from odoo.addons.portal.controllers.portal_thread import PortalChatter
from odoo.addons.portal.controllers.thread import PortalThreadController

from ..core.portal.limits import KILOBYTES
from ..core.portal.request_values import clean_token, read_id, strip_controls
from ..models.portal.limits.ar_customer_limits import LimitReached

MODEL = "ar.customer"

#: In place of a token, for contacts of the customer who are logged in; it opens nothing to anybody else.
BY_LOGIN = "login"


class ReceivablesThread(PortalThreadController, AttachmentController, PortalChatter):
    """Messages and files on the thread of the customer page: Odoo's own routes take them, here they are counted."""

    @http.route()
    def portal_chatter_init(self, thread_model, thread_id, **kwargs):
        """Override of `portal` for contacts who are logged in."""
        self._admit_login(thread_model, kwargs)
        return super().portal_chatter_init(thread_model, thread_id, **kwargs)

    @http.route()
    def portal_message_fetch(self, thread_model, thread_id, fetch_params=None, **kw):
        """Override of `portal`, which asks for the thread only where there is a token, to do so for every visitor."""
        if customer := self._find_visited(thread_model, thread_id, kw):
            thread_id = customer.id
        return super().portal_message_fetch(thread_model, thread_id, fetch_params=fetch_params, **kw)

    @http.route()
    def mail_message_post(self, thread_model, thread_id, post_data, context=None, **kwargs):
        """Override of `mail` to limit the messages of a day on an account."""
        if customer := self._find_visited(thread_model, thread_id, kwargs):
            customer._count_start("message", request.httprequest.remote_addr)
            thread_id = customer.id
            if not isinstance(post_data, dict):
                raise BadRequest("Invalid message")
            texts = {name: strip_controls(value) for name, value in post_data.items() if isinstance(value, str)}
            post_data = {**post_data, **texts}
        return super().mail_message_post(thread_model, thread_id, post_data, context=context, **kwargs)

    @http.route()
    def mail_attachment_upload(self, ufile, thread_id, thread_model, is_pending=False, **kwargs):
        """Override of `mail` to limit the files of a day on an account, by their size."""
        if customer := self._find_visited(thread_model, thread_id, kwargs):
            size = ufile.stream.seek(0, 2)
            ufile.stream.seek(0)
            try:
                customer._count_start("upload", request.httprequest.remote_addr, 1 + size // KILOBYTES)
            except LimitReached as refused:  # shown by Odoo's uploader
                return request.make_json_response({"error": str(refused)})
            thread_id = customer.id
        return super().mail_attachment_upload(ufile, thread_id, thread_model, is_pending=is_pending, **kwargs)

    def _admit_login(self, thread_model, access):
        """Add to what a visitor brings as access that a contact who is logged in needs no token."""
        if thread_model == MODEL and not access.get("token") and not request.env.user._is_public():
            access["token"] = BY_LOGIN

    def _find_visited(self, thread_model, thread_id, access):
        """Return the account on whose thread a visitor may read and post; None for other threads, and for staff.

        That of a merged account is the one that took it over.

        :param dict access: what the visitor brings as access; invalid tokens in it are replaced by empty ones
        :raise NotFound: where it is no account, or the visitor has no access
        """
        if thread_model != MODEL or request.env.user._is_internal():
            return None
        access.update({name: clean_token(access[name]) for name in ("token", "hash") if access.get(name)})
        if access.get("pid"):
            access["pid"] = read_id(access["pid"])
        self._admit_login(thread_model, access)
        # Visitors have no rights on accounts; their access is checked right here.
        customer = request.env[MODEL].sudo().browse(read_id(thread_id)).exists()
        survivor = customer and customer._get_survivor()
        brought = {name: access[name] for name in ("token", "hash", "pid") if name in access}
        if not survivor or not self._get_thread_with_access_for_post(thread_model, survivor.id, **brought):
            raise NotFound()
        return survivor
