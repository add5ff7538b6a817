from werkzeug.exceptions import abort

from odoo import models
from odoo.http import Response, request

from ...core.portal.request_values import clean_values

#: The beginning of the paths of the customer page.
PAGE = "/my/receivables"


class IrHttp(models.AbstractModel):
    """Requests to the customer page are cleaned before any of its routes sees them.

    A route then finds texts, numbers and empty values, and answers what makes no sense as it answers a wrong entry.
    """

    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        """Override of `base` to refuse a JSON body whose parameters are not named (status 400)."""
        result = super()._pre_dispatch(rule, args)
        if cls._ar_is_customer_page(rule.endpoint) and rule.endpoint.routing["type"] == "jsonrpc":
            try:
                body = request.get_json_data()
            except ValueError:  # also for a body that is not encoded as UTF-8
                body = None
            if not (isinstance(body, dict) and isinstance(body.get("params", {}), dict)):
                abort(Response("Invalid JSON-RPC data", status=400))  # as Odoo does, without a traceback
        return result

    @classmethod
    def _dispatch(cls, endpoint):
        """Override of `base` to clean the parameters, see `core.portal.request_values`."""
        if cls._ar_is_customer_page(endpoint):
            request.params = clean_values(request.params)
        return super()._dispatch(endpoint)

    @classmethod
    def _ar_is_customer_page(cls, endpoint):
        """Return whether a route belongs to the customer page."""
        return any(str(route).startswith(PAGE) for route in endpoint.routing["routes"])
