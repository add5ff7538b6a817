"""Whether a request that ended with an error can have reached the gateway."""

import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

from odoo.addons.iap.tools.iap_tools import InsufficientCreditError

#: No connection was made, so nothing was sent.
_NOT_CONNECTED = (requests.exceptions.ConnectTimeout, NewConnectionError, ConnectTimeoutError, InsufficientCreditError)


def was_not_sent(error):
    """Return whether an error says for certain that the gateway did not take the message.

    Odoo replaces the error of the request by one for people, so the errors before it are looked at. An answer lost
    after the request left is no such error.

    :param Exception error: what sending raised
    """
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, _NOT_CONNECTED):
            return True
        if isinstance(error, requests.exceptions.HTTPError) and error.response is not None:
            return 400 <= error.response.status_code < 500
        reason = error.args[0] if isinstance(error, requests.exceptions.ConnectionError) and error.args else None
        if isinstance(reason, MaxRetryError) and isinstance(reason.reason, _NOT_CONNECTED):
            return True
        error = error.__cause__ or error.__context__
    return False
