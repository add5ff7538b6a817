import datetime

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...core.fingerprint import fingerprint

#: The run is called every hour; its end is stored again after this time.
RUN_STORED_AFTER = datetime.timedelta(hours=3)


class ResCompanyActive(models.Model):
    """Whether collections of a company are active: in the database in which a manager activated them, in no other.

    Odoo gives an identifier of its own to each copy that it makes, also to a backup that it restores as a copy. There,
    what was sent or charged since is not known, and what is a copy must reach nobody. So collections wait until a
    manager says that it is the real database; see decision 34.
    """

    _inherit = "res.company"

    ar_active = fields.Boolean(
        "Collections are active",
        compute="_compute_ar_active",
        inverse="_inverse_ar_active",
        search="_search_ar_active",
        help="Nothing is sent to customers of this company before a manager activates it, nor in a copied database.",
    )
    ar_database = fields.Char(
        "Activated in Database",
        readonly=True,
        copy=False,
        help="A fingerprint of the database in which collections were activated; empty where they are not active.",
    )
    ar_is_elsewhere = fields.Boolean(
        "Activated in Another Database",
        compute="_compute_ar_active",
        help="This database is a copy, a restored backup, or was moved to another server: nothing is sent.",
    )

    ar_run_ended_on = fields.Datetime(
        "Last Nightly Run",
        readonly=True,
        copy=False,
        help=(
            "When the steps up to the messages of the day were gone through last; before the first run the activation."
        ),
    )

    @api.depends("ar_database")
    def _compute_ar_active(self):
        here = self._ar_get_database()
        for company in self:
            company.ar_active = company.ar_database == here
            company.ar_is_elsewhere = bool(company.ar_database) and not company.ar_active

    def _inverse_ar_active(self):
        here = self._ar_get_database()
        for is_active, companies in self.grouped("ar_active").items():
            begun = companies.filtered(lambda company: company.ar_database != here)
            companies.ar_database = here if is_active else False
            if is_active:
                begun.ar_run_ended_on = fields.Datetime.now()  # nothing is missing before it
        problems = self.env["ar.problem"].sudo()  # whoever may activate collections
        problems._clear(self, "other_database")
        problems._search_accepted(self, "other_database").is_accepted = False

    def _search_ar_active(self, operator, value):
        """Find the companies whose collections are active in this database."""
        if operator not in ("in", "not in") or set(value) - {True, False}:
            return NotImplemented
        here = Domain("ar_database", "=", self._ar_get_database())
        return here if (True in value) == (operator == "in") else ~here

    @api.model
    def _ar_store_run(self, company, today, auto_commit=False):
        """Last step of the first part of the nightly run: store that it was reached, a few times a day.

        :param date today: the company's date
        :param bool auto_commit: as for other steps; the run commits after each
        """
        now = fields.Datetime.now()
        if not company.ar_run_ended_on or company.ar_run_ended_on < now - RUN_STORED_AFTER:
            company.sudo().ar_run_ended_on = now  # the run may be called by users without a right to companies
        return True

    @api.model
    def _ar_get_database(self):
        """Return the fingerprint of this database, 16 hexadecimal digits: its identifier is for administrators."""
        # sudo: parameters are administrators' alone.
        return fingerprint(self.env["ir.config_parameter"].sudo().get_param("database.uuid") or "-")

    @api.model
    def _ar_sql_active(self):
        """Return the SQL condition that collections are active, in a query that joins `res_company` as `company`."""
        column = SQL.identifier("company", "ar_database", to_flush=self._fields["ar_database"])
        return SQL("%s = %s", column, self._ar_get_database())
