"""The requests of each attacker, drawn from a seed: all routes of the customer page, all models of the add-on."""

import io
import re

from dev.hostile.values import AMOUNTS, BODIES, DATES, IDS, LONG, TEXTS, TOKENS

#: Crafted requests of a link to each of its routes, and of others.
OF_LINK, OF_OTHERS = 12, 3
#: Models besides ours whose records are read, with the domain.
OTHER_MODELS = {
    "account.move": [], "account.move.line": [], "account.payment": [], "payment.transaction": [], "payment.token": [],
    "mail.message": [["model", "=like", "ar.%"]], "mail.activity": [["res_model", "=like", "ar.%"]],
    "ir.attachment": [["res_model", "=like", "ar.%"]],
}  # fmt: skip


class Attacks:
    """Draws requests.

    :param random.Random rng: decides about everything, so that a seed repeats a run
    :param Target target: what is attacked
    :param routes: [(path pattern, method, type)] of the customer page
    :param models: {model: (is a dialog, public methods, names of fields)} of the add-on
    """

    def __init__(self, rng, target, routes, models):
        self.rng, self.target, self.routes, self.models = rng, target, routes, models

    # === THE PAGE === #

    def on_page_without_access(self, client):
        """Try every route with tokens that give no access, and with ids of others; yield the answers."""
        csrf = client.read_csrf("/web/login")
        for path, method, kind in self.routes:
            for _attempt in range(OF_OTHERS):
                token = self.rng.choice([*TOKENS, self.target.other_token])
                yield self._request(client, path, method, kind, token, csrf)

    def on_page_with_link(self, client):
        """Try every route with a valid token and values that make no sense; yield the answers."""
        page = f"/my/receivables/{self.target.customer_id}?access_token={self.target.token}"
        csrf = client.read_csrf(page)
        for path, method, kind in self.routes:
            for _attempt in range(OF_LINK):
                yield self._request(client, path, method, kind, self.target.token, csrf)
        yield from self._on_transactions(client, csrf)
        yield from self._on_thread(client, csrf)

    def _request(self, client, path, method, kind, token, csrf):
        """Send one crafted request to a route; return the answer."""
        path = re.sub(r"<(?:[^:>]+:)?(\w+)>", lambda match: self._draw_argument(match.group(1)), path)
        if kind == "jsonrpc":
            if self.rng.random() < 0.5:
                return client.call_json(path, body=self.rng.choice(BODIES))
            return client.call_json(path, {**self._draw_seen(), "access_token": token})
        values = {**self._draw_form(), "access_token": token}
        if method == "GET":
            values = {name: value[:2000] if isinstance(value, str) else value for name, value in values.items()}
            return client.send("GET", path, params={**values, "access_token": token[:2000]})
        if self.rng.random() < 0.9:
            values["csrf_token"] = csrf
        if self.rng.random() < 0.2:
            return client.send(method, path, data=values, files=self._draw_files())
        return client.send(method, path, data=values)

    def _draw_argument(self, name):
        """Return a value for a part of a path: one that exists in most cases, or a crafted one."""
        known = {
            "customer_id": [self.target.customer_id],
            "plan_id": self.target.ids["ar.payment.plan"],
            "dispute_id": self.target.ids["ar.dispute"],
            "move_id": self.target.ids["account.move"],
            "invoice_id": self.target.ids["account.move"],
            "kind": ["xlsx", "pdf"],
        }.get(name, ["0" * 32])
        crafted = self.rng.random() < (0.1 if name == "customer_id" else 0.3)
        return str(self.rng.choice(["0", "2147483648", "99999999999999999999"] if crafted else known))

    def _draw_form(self):
        """Return the values of a form, some of them left out."""
        rng, lines = self.rng, self.target.ids["account.move.line"]
        items = rng.sample([*lines, *lines, *IDS], rng.randint(0, 4))
        text = lambda: rng.choice(TEXTS)  # noqa: E731
        values = {
            "item": items, "credit": rng.sample([*lines, *IDS], rng.randint(0, 2)),
            **{f"amount_{item}": rng.choice(AMOUNTS) for item in items},
            "date": rng.choice(DATES), "first": rng.choice(DATES), "count": rng.choice([*IDS, "3"]),
            "down_payment": rng.choice(AMOUNTS), "frequency": rng.choice(["month", "abc"]), "note": text(),
            "text": text(), "reason": rng.choice([*IDS, "1"]), "name": text(), "accept": rng.choice(["", "1"]),
            "scope": rng.choice(["all", "overdue", "selected", "x"]), "currency": rng.choice(["USD", "XXX", LONG[:99]]),
            "language": rng.choice(["xx_XX", "en_US", ""]), "address": text()[:2000], "call": text(),
            "installment": rng.choice(IDS), "do": rng.choice(["stop", "x"]), "method": rng.choice(IDS),
            "page": rng.choice(IDS), "items": rng.choice(IDS), "paid": rng.choice(IDS),
            "message": rng.choice([*IDS, *map(str, self.target.ids["ar.communication"])]),
            "refused": rng.choice(["busy", "x"]), "ask": rng.choice(["promise", "dispute", "plan", "x"]),
            "version": "x", "terms_version": "x", "total": rng.choice(AMOUNTS), "download": "1",
        }  # fmt: skip
        return {name: value for name, value in values.items() if rng.random() < 0.8}

    def _draw_seen(self):
        """Return what the page's script sends of items that were looked at, or something else in its place."""
        lines = "-".join(map(str, self.target.ids["account.move.line"]))
        return {"items": self.rng.choice([lines, f"{lines}-1 OR 1=1", *IDS, LONG, [], {}, None, 2**70]), "x": "y"}

    def _draw_files(self):
        """Return files to upload: empty, of forbidden types, with a path in the name, too many, for other fields."""
        rng = self.rng
        names = ["a.pdf", "../../etc/passwd", "x.exe", "\x00.txt", "", "é" * 300 + ".txt", "a.html"]
        contents = [b"", b"MZ\x90\x00", b"%PDF-1.4", b"<script>", b"\x00" * 1000, b"text"]
        count = rng.choice([1, 2, 7])
        field = rng.choice(["files", "files", "text", "access_token", "item"])
        return [(field, (rng.choice(names), io.BytesIO(rng.choice(contents)))) for _file in range(count)]

    def _on_transactions(self, client, csrf):
        """Start a payment, then send its transaction request in crafted forms."""
        base, line = f"/my/receivables/{self.target.customer_id}", self.target.ids["account.move.line"][3]
        form = {"access_token": self.target.token, "scope": "selected", "item": line, "csrf_token": csrf}
        page = client.send("POST", f"{base}/choose", data=form)
        yield page
        route = re.search(r'data-transaction-route="([^"]+)"', page.text)
        amount = re.search(r'data-amount="([^"]+)"', page.text)
        if not route:
            return
        good = {
            "access_token": self.target.token, "provider_id": 1, "payment_method_id": 1, "token_id": None,
            "amount": float(amount.group(1)), "flow": "direct", "tokenization_requested": False, "landing_route": "/x",
            "is_validation": False,
        }  # fmt: skip
        odd = [None, [], {}, "x", -1, 1e400, True, "\x00", 2**70, float("nan"), [1], {"a": 1}]
        for name in good:
            for value in self.rng.sample(odd, 4):
                yield client.call_json(route.group(1), {**good, name: value})
        yield client.call_json(route.group(1), {**good, "partner_id": 1, "currency_id": 1, "state": "done"})
        for body in BODIES:
            yield client.call_json(route.group(1), body=body)

    def _on_thread(self, client, csrf):
        """Post messages and files on the thread in crafted forms."""
        post = {"body": "x", "message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
        good = {"thread_model": "ar.customer", "thread_id": self.target.customer_id, "token": self.target.token}
        for token in [*TOKENS, [], {}, 1, None]:
            yield client.call_json("/mail/message/post", {**good, "token": token, "post_data": post})
        for number in [*IDS, 2**70, [], {}, None]:
            yield client.call_json("/mail/message/post", {**good, "thread_id": number, "post_data": post})
        for text in TEXTS:
            yield client.call_json("/mail/message/post", {**good, "post_data": {**post, "body": text}})
        files = {"ufile": ("x.txt", io.BytesIO(b"x"))}
        yield client.send("POST", "/mail/attachment/upload", data={**good, "csrf_token": csrf}, files=files)

    # === MODELS === #

    def on_models(self, client):
        """Read, change and create records of every model, call all of its methods, open all dialogs."""
        for model, (is_dialog, methods, fields) in sorted(self.models.items()):
            if is_dialog:
                yield from self._on_dialog(client, model, fields)
                continue
            yield client.call_model(model, "search_read", [[]], limit=20)
            yield client.call_model(model, "name_search", ["Quill"])
            values = {"name": "x", "customer_id": self.target.customer_id}
            yield client.call_model(model, "create", [[{name: values[name] for name in values if name in fields}]])
            ids = self.target.ids.get(model)
            if not ids:
                continue
            yield client.call_model(model, "read", [ids])
            yield client.call_model(model, "web_read", [ids], specification={"display_name": {}})
            yield client.call_model(model, "export_data", [ids, ["id", "display_name"]])
            name, value = self._draw_field(fields), self.rng.choice([False, 1, 2])
            yield client.call_model(model, "write", [ids, {name: value}])
            yield client.call_model(model, "unlink", [ids])
            yield client.call_model(model, "copy", [ids])
            for method in methods:
                yield client.call_model(model, method, [ids[:1]])
        for model, domain in OTHER_MODELS.items():
            yield client.call_model(model, "search_read", [domain], limit=20)
        yield client.call_model("ar.dashboard", "get_data")
        for report, model in (("payment_plan", "ar.payment.plan"), ("reminder_letter", "ar.communication"),
                              ("statement", "ar.customer")):  # fmt: skip
            numbers = ",".join(map(str, self.target.ids[model][:2] or [1]))
            yield client.send("GET", f"/report/html/ar_collections.report_{report}/{numbers}")
            yield client.send("GET", f"/report/html/ar_collections.report_{report}/{self.rng.choice(IDS)}")

    def _draw_field(self, fields):
        """Return the name of a field that nobody writes by hand."""
        names = ["access_token", "balance", "policy_id", "state", "customer_id", "company_id", "amount_total", "name"]
        return self.rng.choice([name for name in names if name in fields] or ["id"])

    def _on_dialog(self, client, model, fields):
        """Create the dialog for records of the customer, and let it show their names."""
        names = {"customer_id": "ar.customer", "dispute_id": "ar.dispute", "plan_id": "ar.payment.plan",
                 "communication_id": "ar.communication", "move_id": "account.move",
                 "move_line_id": "account.move.line"}  # fmt: skip
        for name, target in names.items():
            if name not in fields:
                continue
            value = (self.target.ids[target] or [1])[0]
            spec = {name: {"fields": {"display_name": {}}}}
            yield client.call_model(model, "create", [[{name: value}]])
            yield client.call_model(model, "onchange", [[], {name: value}, [name], spec])
            yield client.call_model(model, "default_get", [[name]], context={f"default_{name}": value})
        lists = {"customer_ids": "ar.customer", "promise_ids": "ar.promise", "line_ids": "account.move.line"}
        for name, target in lists.items():
            if name not in fields:
                continue
            value = [[6, 0, self.target.ids[target]]]
            yield client.call_model(
                model, "onchange", [[], {name: value}, [name], {name: {"fields": {"display_name": {}}}}]
            )
