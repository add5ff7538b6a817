from odoo import http
from odoo.exceptions import LockError
from odoo.http import request

from ..const import REPORTED_PAYMENT_METHODS
from ..core.disputes import attachment
from ..core.portal.allocation import RequestRefused
from ..core.portal.request_values import read_day
from ..core.reported_payments import report as rules
from ..formats import format_typed_amount, read_typed_amount
from ..messages import DISPUTE_REFUSALS
from ..models.portal.limits.ar_customer_limits import LimitReached
from .disputes import ReceivablesDisputes

#: Maximum length of the note and of the reference, in characters.
NOTE_LENGTH, REFERENCE_LENGTH = 1000, 140


class ReceivablesReportedPayments(ReceivablesDisputes):
    """Payments that customers report on their page. Nothing in a request is trusted, as in disputes."""

    @http.route(
        "/my/receivables/<int:customer_id>/reported",
        type="http", auth="public", methods=["GET"], website=True, sitemap=False,
    )  # fmt: skip
    def receivables_reported_form(self, customer_id, access_token=None, message=None, **_kwargs):
        """Show the form with the selected items, or those of a reminder, whose link leads here and changes nothing."""
        customer = self._find_account(customer_id, access_token)
        if not customer:
            return self._ask_for_new_link()
        return self._render_reported_form(customer, message=message)

    @http.route(
        "/my/receivables/<int:customer_id>/reported",
        type="http", auth="public", methods=["POST"], website=True, sitemap=False,
    )  # fmt: skip
    def receivables_reported(self, customer_id, access_token=None, **kwargs):
        """Record the payment with its proof; a refused one shows the form again with the entries."""
        customer = self._find_account(customer_id, access_token)
        if not customer:
            return self._ask_for_new_link()
        if "reported" not in customer._get_possible_asks():
            return self._render_reported_form(customer)
        try:
            with request.env.cr.savepoint():
                self._count_start(customer, "reported")
                reported = self._record_report(customer, kwargs)
            self._confirm(reported._get_confirmation())
        except LimitReached as refused:
            return self._render_reported_form(customer, str(refused), kwargs)
        except rules.ReportRefused as refused:
            return self._render_reported_form(customer, customer._get_report_refusal(refused.code), kwargs)
        except RequestRefused as refused:
            refusal = request.env._(DISPUTE_REFUSALS[refused.code])
            return self._render_reported_form(customer, refusal, kwargs)
        except LockError:
            refusal = request.env._("Your account is being used in another window. Please try again in a moment.")
            return self._render_reported_form(customer, refusal, kwargs)
        return request.redirect(customer.get_portal_url(query_string="&thanks=1", anchor="agreements"))

    # === HELPERS === #

    def _record_report(self, customer, form):
        """Record the payment from the submitted form and return it.

        :raise core.reported_payments.report.ReportRefused: when it is not accepted
        :raise RequestRefused: when a file is not accepted
        :raise LockError: when another transaction holds the account
        """
        methods = dict(REPORTED_PAYMENT_METHODS)
        return customer._report_payment(
            read_day(form.get("date")),
            self._read_paid_amounts(form),
            origin="portal",
            files=self._read_files(customer),
            method=form.get("method") if form.get("method") in methods else "other",
            reference=(form.get("reference") or "").strip()[:REFERENCE_LENGTH],
            note=(form.get("note") or "").strip()[:NOTE_LENGTH],
        )

    def _read_paid_amounts(self, form):
        """Return {item id: Decimal, or None for all that is open} as entered; the model checks them.

        :raise core.reported_payments.report.ReportRefused: for an invalid amount, or an unknown item
        """
        item_ids = self._get_ticked_ids()
        currencies = self._get_currencies(item_ids)
        if not set(item_ids) <= set(currencies):
            raise rules.ReportRefused(rules.UNKNOWN_ITEM)
        try:
            return {
                item_id: read_typed_amount(request.env, form.get(f"amount_{item_id}"), currencies[item_id])
                for item_id in item_ids
            }
        except ValueError as error:
            raise rules.ReportRefused(rules.BAD_AMOUNT) from error

    def _render_reported_form(self, customer, refusal=None, entries=None, message=None):
        """Return the form.

        :param str refusal: text why the report was not accepted
        :param dict entries: the previous entries
        :param message: see `_get_listed_items`
        """
        entries = entries or {}
        today = customer.company_id._ar_today()
        listed = self._get_listed_items(customer, message)
        names = customer._get_item_names([row["line"] for row in listed])
        reportable = customer._get_reportable_amounts()
        values = {
            **self._get_layout_values(customer),
            "page_name": "receivables",
            "offered": "reported" in customer._get_possible_asks(),
            "pays_for_others": len(customer._get_group()) > 1,
            "rows": [self._get_reported_row(row, names, reportable, entries) for row in listed],
            "refusal": refusal,
            "day": entries.get("date", today.isoformat()),
            "last_day": today.isoformat(),
            "methods": request.env["ar.reported.payment"]._fields["method"]._description_selection(request.env),
            "method": entries.get("method", "transfer"),
            "reference": entries.get("reference", ""),
            "note": entries.get("note", ""),
            "accept": attachment.ACCEPT,
        }
        return request.render("ar_collections.portal_receivables_reported", values)

    def _get_reported_row(self, row, names, reportable, entries):
        """Return the form's row of one listed item; its amount is the entered one, else all that is open.

        :param dict reportable: see `ar.customer._get_reportable_amounts`
        """
        item, line = row["item"], row["line"]
        left = reportable.get(item.item_id, 0)
        typed = format_typed_amount(request.env, left, line.currency_id)
        return {
            "id": item.item_id,
            "name": names[line.id],
            "date_due": item.due_date,
            "currency": line.currency_id,
            "left": float(item.residual_currency),
            "is_open": left > 0,
            "ticked": row["ticked"],
            "amount": entries.get(f"amount_{item.item_id}", typed),
        }
