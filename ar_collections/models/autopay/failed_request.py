"""What a failed request to a payment provider says."""

import requests

#: HTTP statuses that do not answer a request: wrong credentials, overload, request in progress.
NO_ANSWER_STATUS = {401, 403, 408, 409, 425, 429}


def request_error(error):
    """Return the `requests` exception that caused an error, or ``None``."""
    while error is not None and not isinstance(error, requests.exceptions.RequestException):
        error = error.__cause__ or error.__context__
    return error


def is_answered(error):
    """Return whether the provider answered, though with a refusal.

    :param error: `requests.RequestException`, or ``None``
    """
    response = getattr(error, "response", None)
    return response is not None and response.status_code not in NO_ANSWER_STATUS and response.status_code < 500
