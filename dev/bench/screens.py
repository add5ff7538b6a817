"""The screens that must answer in a second with 200,000 open items: what the browser asks of the server."""

from datetime import timedelta

from lxml import etree

from odoo.addons.ar_collections.models.metrics.ar_aging_item import LATE

#: Rows of a page, as in Odoo's lists.
PAGE = 80


def show_aging(env, today):
    """Read what the first page of the aging report shows, by customer, as of the evening before."""
    items = env["ar.aging.item"].with_context(ar_aging_date=str(today - timedelta(days=1)))
    sums = [f"{name}:sum" for name in ("not_due", *LATE, "credits", "residual")]
    items.web_read_group([], ["partner_id"], sums, limit=PAGE)


def show_worklist(env, _today):
    """Read what the first page of the worklist shows: its columns, with the filters it opens with."""
    not_snoozed = ["|", ("snooze_until", "=", False), ("snooze_until", "<=", "today")]
    domain = ["|", ("priority_score", ">", 0), ("overdue", ">", 0), *not_snoozed]
    _show_list(env["ar.customer"], "ar_customer_view_list", domain)


def show_forecast(env, today):
    """Read the cash forecast: the sums by week, and the first page of the items."""
    show_weeks(env, today)
    _show_list(env["ar.cash.forecast.item"], "ar_cash_forecast_item_view_list", [])


def show_weeks(env, _today):
    """Read the cash forecast as it opens: the sums by week."""
    env["ar.cash.forecast.item"].web_read_group([], ["period"], ["amount:sum"], limit=PAGE)


def show_debtors(env, _today):
    """Read the top debtors with the filter they open with."""
    top = [("overdue_rank", "<=", 20), ("overdue", ">", 0)]
    _show_list(env["ar.top.debtor"], "ar_top_debtor_view_list", top)


def show_board(env, _today):
    """Read the team board."""
    _show_list(env["ar.team.board"], "ar_team_board_view_list", [])


def _show_list(model, view, domain):
    """Read the first page of a list: its columns.

    :param str view: the end of the list's XML id
    """
    arch = model.get_view(model.env.ref(f"ar_collections.{view}").id, "list")["arch"]
    names = {node.get("name") for node in etree.fromstring(arch).iterchildren("field")}
    specification = {name: _columns_of(model._fields[name]) for name in names}
    model.web_search_read(domain, specification, limit=PAGE, count_limit=10001)


def show_dashboard(env, _today):
    """Read what the dashboard shows."""
    env["ar.dashboard"].get_data()


def _columns_of(field):
    return {"fields": {"display_name": {}}} if field.type in ("many2one", "many2many") else {}
