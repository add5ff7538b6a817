"""A browser of one person: requests over HTTP, with the answers judged at once."""

import json
from dataclasses import dataclass

import requests

#: Errors by which Odoo refuses a call.
REFUSALS = ("odoo.exceptions.", "werkzeug.exceptions.", "odoo.http.SessionExpiredException")

SECONDS = 120


@dataclass(frozen=True)
class Answer:
    """What the server answered.

    :param str what: the request, in a line
    :param bool failed: an error of the server, not a refusal
    """

    what: str
    status: int
    text: str
    failed: bool = False


class Client:
    """The session of one person.

    :param str address: of the server
    """

    def __init__(self, address):
        self.address = address
        self.session = requests.Session()

    def log_in(self, database, login, password):
        """Log in; later requests are those of the user."""
        answer = self.call_json("/web/session/authenticate", {"db": database, "login": login, "password": password})
        if '"uid": ' not in answer.text:
            raise RuntimeError(f"{login} cannot log in: {answer.text[:200]}")

    def read_csrf(self, path):
        """Return the token that forms of this session contain, read from a page; empty where it has none."""
        return self.send("GET", path).text.partition('csrf_token: "')[2].partition('"')[0]

    def send(self, method, path, **options):
        """Send a request and follow redirects."""
        what = f"{method} {path} {str({k: str(v)[:200] for k, v in options.items()})[:400]}"
        try:
            response = self.session.request(method, self.address + path, timeout=SECONDS, **options)
        except requests.exceptions.TooManyRedirects:
            return Answer(what, 500, "too many redirects", True)
        return Answer(what, response.status_code, response.text, response.status_code >= 500)

    def call_json(self, path, params=None, body=None):
        """Call a JSON-RPC route.

        :param body: the raw body, in place of one with `params`
        """
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}) if body is None else body
        data = body.encode("utf-8", "surrogatepass")
        answer = self.send("POST", path, data=data, headers={"Content-Type": "application/json"})
        try:
            error = json.loads(answer.text).get("error") or {}
        except (ValueError, AttributeError):
            return answer
        name = error.get("data", {}).get("name", "")
        ours = "/ar_collections/" in error.get("data", {}).get("debug", "")
        failed = answer.failed or (bool(error) and not name.startswith(REFUSALS) and ours)
        return Answer(answer.what, answer.status, answer.text, failed)

    def call_model(self, model, method, args=(), **kwargs):
        """Call a method of a model, as Odoo's own web client does."""
        params = {"model": model, "method": method, "args": list(args), "kwargs": kwargs}
        return self.call_json(f"/web/dataset/call_kw/{model}/{method}", params)
