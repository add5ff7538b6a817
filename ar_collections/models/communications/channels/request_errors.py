"""Whether a request that ended with an error can have reached the service: for channels that call one."""

import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

#: No connection was made, so nothing was sent.
_NOT_CONNECTED = (requests.exceptions.ConnectTimeout, NewConnectionError, ConnectTimeoutError)

#: Request Timeout and Conflict: the service may say so of a request that it processed, or processes still.
_UNCERTAIN = (408, 409)


def was_not_sent(error, refusals=()):
    """Return whether an error says for certain that the service did not take the message.

    Odoo replaces the error of the request by one for people, so the errors before it are looked at. An answer lost
    after the request left is no such error.

    :param Exception error: what the call raised, None: it raised nothing
    :param refusals: further exceptions by which a service says that it did not
    """
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, (*_NOT_CONNECTED, *refusals)):
            return True
        if isinstance(error, requests.exceptions.HTTPError) and error.response is not None:
            return 400 <= error.response.status_code < 500 and error.response.status_code not in _UNCERTAIN
        reason = error.args[0] if isinstance(error, requests.exceptions.ConnectionError) and error.args else None
        if isinstance(reason, MaxRetryError) and isinstance(reason.reason, _NOT_CONNECTED):
            return True
        error = error.__cause__ or error.__context__
    return False
