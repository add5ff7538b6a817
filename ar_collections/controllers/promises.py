from odoo import http
from odoo.exceptions import LockError
from odoo.http import request

from ..core.portal.allocation import RequestRefused as AmountRefused
from ..core.portal.request_values import read_day
from ..core.promises.request import WITHDRAWN_BEFORE, PromiseRefused
from ..formats import format_typed_amount
from ..models.portal.limits.ar_customer_limits import LimitReached
from .agreements import ReceivablesAgreements
from .payment import ReceivablesPayment

#: Maximum length of the note to a promise, in characters.
NOTE_LENGTH = 1000


class ReceivablesPromise(ReceivablesAgreements, ReceivablesPayment):
    """Promises to pay that customers make on their page."""

    @http.route(
        "/my/receivables/<int:customer_id>/promise",
        type="http", auth="public", methods=["GET"], website=True, sitemap=False,
    )  # fmt: skip
    def receivables_promise_form(self, customer_id, access_token=None, message=None, **_kwargs):
        """Show the form with the selected items, or those of a reminder, whose link leads here and changes nothing."""
        customer = self._find_account(customer_id, access_token)
        if not customer:
            return self._ask_for_new_link()
        return self._render_promise_form(customer, message=message)

    @http.route(
        "/my/receivables/<int:customer_id>/promise",
        type="http", auth="public", methods=["POST"], website=True, sitemap=False,
    )  # fmt: skip
    def receivables_promise(self, customer_id, access_token=None, **kwargs):
        """Record the promise within the policy's limits; a refused one shows the form again with the entries."""
        customer = self._find_account(customer_id, access_token)
        if not customer:
            return self._ask_for_new_link()
        if "promise" not in customer._get_possible_asks():
            return self._render_promise_form(customer)
        try:
            amounts = self._read_promised_amounts(kwargs)
            note = (kwargs.get("note") or "").strip()[:NOTE_LENGTH]
            with request.env.cr.savepoint():
                self._count_start(customer, "promise")
                promise = customer._promise(read_day(kwargs.get("date")), amounts, note, origin="portal")
            self._confirm(promise._get_confirmation())
        except LimitReached as refused:
            return self._render_promise_form(customer, str(refused), kwargs)
        except PromiseRefused as refused:
            hint = request.env._("Please contact us, and we will find a solution.")
            return self._render_promise_form(customer, customer._get_promise_refusal(refused.code, hint), kwargs)
        except LockError:
            refusal = request.env._("Your account is being used in another window. Please try again in a moment.")
            return self._render_promise_form(customer, refusal, kwargs)
        return request.redirect(customer.get_portal_url(query_string="&thanks=1", anchor="agreements"))

    @http.route(
        "/my/receivables/<int:customer_id>/promise/<int:promise_id>",
        type="http", auth="public", methods=["GET"], website=True, sitemap=False,
    )  # fmt: skip
    def receivables_promise_page(self, customer_id, promise_id, access_token=None, **_kwargs):
        """Show one promise of the customer, with the forms to change its date and to withdraw it."""
        customer = self._find_account(customer_id, access_token)
        promise = customer and customer._get_portal_promise(promise_id)
        if not promise:
            return self._ask_for_new_link()
        return self._render_promise(customer, promise)

    @http.route(
        "/my/receivables/<int:customer_id>/promise/<int:promise_id>/<string:change>",
        type="http", auth="public", methods=["POST"], website=True, sitemap=False,
    )  # fmt: skip
    def receivables_promise_change(self, customer_id, promise_id, change, access_token=None, **kwargs):
        """Change the date of a promise, or withdraw it.

        :param str change: ``date`` or ``withdraw``
        """
        customer = self._find_account(customer_id, access_token)
        promise = customer and customer._get_portal_promise(promise_id)
        if not promise or change not in ("date", "withdraw"):
            return self._ask_for_new_link()
        try:
            with request.env.cr.savepoint():
                self._count_start(customer, "promise" if change == "date" else "withdrawal")
                self._change_promise(promise, change, kwargs)
        except LimitReached as refused:
            return self._render_promise(customer, promise, str(refused), kwargs.get("date"))
        except PromiseRefused as refused:
            hint = request.env._("Please contact us, and we will find a solution.")
            refusal = customer._get_promise_refusal(refused.code, hint)
            return self._render_promise(customer, promise, refusal, kwargs.get("date"))
        except LockError:
            return request.redirect(customer.get_portal_url(query_string="&refused=busy"))
        return request.redirect(customer.get_portal_url(query_string="&thanks=1", anchor="agreements"))

    # === HELPERS === #

    def _change_promise(self, promise, change, kwargs):
        """Change the date of a promise, or withdraw it; parameters as in `receivables_promise_change`."""
        if change == "date":
            promise._change_date(read_day(kwargs.get("date")))
            self._confirm(promise._get_confirmation())
        else:
            promise._withdraw_by_customer()

    def _render_promise(self, customer, promise, refusal=None, day=None):
        """Return the promise's own page.

        :param str refusal: text why the change was not accepted
        :param str day: the date as entered
        """
        values = {
            **self._get_layout_values(customer),
            "promise": promise,
            "is_changeable": promise._is_changeable(),
            "is_movable": promise._is_movable(),
            "refusal": refusal,
            "day": day or promise.date.isoformat(),
            "first_day": customer.company_id._ar_today().isoformat(),
            "last_day": promise._get_last_day(),
        }
        return request.render("ar_collections.portal_receivables_promise_page", values)

    def _render_promise_form(self, customer, refusal=None, entries=None, message=None):
        """Return the form.

        :param str refusal: text why the promise was not accepted
        :param dict entries: the previous entries
        :param message: see `_get_listed_items`
        """
        entries = entries or {}
        today = customer.company_id._ar_today()
        listed = self._get_listed_items(customer, message)
        names = customer._get_item_names([row["line"] for row in listed])
        obstacles = self._get_promise_obstacles(customer, [row["line"].id for row in listed])
        rows = [self._get_promise_row(row, names, obstacles, entries) for row in listed]
        free = [row["id"] for row in rows if row["free"]]
        last_day = customer._get_last_promise_day(free, today)
        if obstacles and not free and not refusal:
            refusal = next(iter(obstacles.values()))
        if last_day < today and not refusal:  # never a form without date and button that does not say why
            refusal = customer._get_promise_refusal(WITHDRAWN_BEFORE)
        values = {
            **self._get_layout_values(customer),
            "page_name": "receivables",
            "offered": "promise" in customer._get_possible_asks(),
            "rows": rows,
            "refusal": refusal,
            "day": entries.get("date", ""),
            "note": entries.get("note", ""),
            "first_day": today.isoformat(),
            "last_day": last_day.isoformat(),
        }
        return request.render("ar_collections.portal_receivables_promise", values)

    def _get_promise_obstacles(self, customer, item_ids):
        """Return {item id: text why no promise about it is possible}; see `ar.customer._find_promise_obstacles`."""
        hint = request.env._("Please contact us, and we will find a solution.")
        codes = customer._find_promise_obstacles(item_ids)
        return {item_id: customer._get_promise_refusal(code, hint) for item_id, code in codes.items()}

    def _get_promise_row(self, row, names, obstacles, entries):
        """Return the form's row of one listed item; its amount is the entered one, else all that is free.

        :param dict obstacles: see `_get_promise_obstacles`
        """
        item, line = row["item"], row["line"]
        return {
            "id": item.item_id,
            "name": names[line.id],
            "date_due": item.due_date,
            "currency": line.currency_id,
            "left": float(item.residual_currency),
            "free": row["free"] > 0 and line.id not in obstacles,
            "obstacle": obstacles.get(line.id) if row["free"] > 0 else None,
            "ticked": row["ticked"],
            "amount": entries.get(
                f"amount_{item.item_id}", format_typed_amount(request.env, row["free"], line.currency_id)
            ),
        }

    def _read_promised_amounts(self, values):
        """Return {item id: Decimal, or None for all that is free} as entered; the model checks them.

        :raise PromiseRefused: for an invalid amount
        """
        try:
            currencies = self._get_currencies(self._get_ticked_ids())
            return {
                item_id: self._read_amount(values.get(f"amount_{item_id}"), currencies.get(item_id))
                for item_id in self._get_ticked_ids()
            }
        except AmountRefused as refused:
            raise PromiseRefused(refused.code) from refused
