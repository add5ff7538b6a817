"""The key that the visitor of the present request came with.

It lives as long as the request: it is stored nowhere, and no context or parameter of a remote call can set it.
"""

from odoo.http import request


def set_visitor_key(customer, key):
    """Remember the key by which the visitor opened the page of an account; the caller checked it."""
    request.ar_visitor_keys = {**_get_visitor_keys(), customer.id: key}
    customer.invalidate_recordset(["access_token"], flush=False)


def get_visitor_key(customer):
    """Return the key by which the visitor opened the page of an account; empty without one, or outside a request."""
    return _get_visitor_keys().get(customer.id, "") if request else ""


def _get_visitor_keys():
    return getattr(request, "ar_visitor_keys", {})
