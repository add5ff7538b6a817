from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.tools.misc import format_decimalized_amount, formatLang

#: Key figures of the digest, each with its field of the snapshot.
FIGURES = {"kpi_ar_overdue": "overdue", "kpi_ar_dso": "dso_simple"}


class DigestDigest(models.Model):
    """Overdue receivables and DSO in the digest, from the last snapshot of the period."""

    _inherit = "digest.digest"

    kpi_ar_overdue = fields.Boolean("Overdue Receivables")
    kpi_ar_overdue_value = fields.Monetary(compute="_compute_kpi_ar_overdue_value")
    kpi_ar_dso = fields.Boolean("Days Sales Outstanding")
    kpi_ar_dso_value = fields.Float(compute="_compute_kpi_ar_dso_value")

    # One method per figure: `digest` invalidates each figure on its own between periods.

    def _compute_kpi_ar_overdue_value(self):
        for digest in self:
            digest.kpi_ar_overdue_value = digest._get_ar_snapshot(digest.company_id or self.env.company).overdue

    def _compute_kpi_ar_dso_value(self):
        for digest in self:
            digest.kpi_ar_dso_value = digest._get_ar_snapshot(digest.company_id or self.env.company).dso_simple or 0

    def _get_ar_snapshot(self, company):
        """Return the company's last snapshot before the end of the period, empty if there is none.

        :raise AccessError: for users without a role in collections; `digest` then leaves the figure out
        """
        user = self.env.user
        if company not in user.company_ids or not user.has_group("ar_collections.ar_collections_group_auditor"):
            raise AccessError(
                self.env._("Receivables are visible to collections staff only; this figure is left out of the digest.")
            )
        end = fields.Date.to_date(self.env.context.get("end_datetime")) or company._ar_today()
        domain = [("company_id", "=", company.id), ("date", "<", end)]
        # sudo: the digest may be of a company that is not active now; access was checked above.
        return self.env["ar.metric.snapshot"].sudo().search(domain, order="date desc", limit=1)

    def _compute_kpis(self, company, user):
        """Override of `digest` to format these figures in the currency of their company.

        A figure that is not available is left out, because it is not zero. For both figures less is better, which
        determines their color.
        """
        kpis = super()._compute_kpis(company, user)
        ours = [kpi for kpi in kpis if kpi["kpi_name"] in FIGURES]
        if not ours:
            return kpis
        snapshot = self.with_user(user).with_company(company)._get_ar_snapshot(self.company_id or company)
        texts = self._get_ar_texts(snapshot)
        for kpi in ours:
            kpi["less_is_better"] = True
            for column in ("kpi_col1", "kpi_col2", "kpi_col3"):
                kpi[column]["value"] = texts[kpi["kpi_name"]]
        return [kpi for kpi in kpis if kpi not in ours or kpi["kpi_col1"]["value"]]

    def _get_ar_texts(self, snapshot):
        """Return {key figure: formatted value}, `None` where a figure is not available."""
        if not snapshot:
            return dict.fromkeys(FIGURES)
        overdue = self._format_currency_amount(format_decimalized_amount(snapshot.overdue), snapshot.currency_id)
        dso = snapshot.dso_simple
        return {
            "kpi_ar_overdue": overdue,
            "kpi_ar_dso": None if dso is None else formatLang(self.env, dso, digits=1),
        }

    def _compute_kpis_actions(self, company, user):
        """Override of `digest` to link the figures to the aging report and to the snapshots."""
        menu = self.env.ref("account.menu_finance").id
        return {
            **super()._compute_kpis_actions(company, user),
            "kpi_ar_overdue": f"ar_collections.ar_aging_action?menu_id={menu}",
            "kpi_ar_dso": f"ar_collections.ar_metric_snapshot_action?menu_id={menu}",
        }
