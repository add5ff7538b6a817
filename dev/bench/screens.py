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
    view = env["ar.customer"].get_view(env.ref("ar_collections.ar_customer_view_list").id, "list")
    names = {node.get("name") for node in etree.fromstring(view["arch"]).iterchildren("field")}
    specification = {name: _columns_of(env["ar.customer"]._fields[name]) for name in names}
    not_snoozed = ["|", ("snooze_until", "=", False), ("snooze_until", "<=", "today")]
    domain = ["|", ("priority_score", ">", 0), ("overdue", ">", 0), *not_snoozed]
    env["ar.customer"].web_search_read(domain, specification, limit=PAGE, count_limit=10001)


def show_dashboard(env, _today):
    """Read what the dashboard shows."""
    env["ar.dashboard"].get_data()


def _columns_of(field):
    return {"fields": {"display_name": {}}} if field.type in ("many2one", "many2many") else {}
