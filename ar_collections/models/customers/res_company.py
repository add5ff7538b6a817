import datetime

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ...core.customers.aging import EDGES, first_days, read_edges
from .core_flow import ignore_failure


class ResCompany(models.Model):
    """The company's settings for collections, its local date, and its aging ranges."""

    _inherit = "res.company"

    ar_activated_on = fields.Datetime("Collections activated on", readonly=True)
    ar_activated_by_id = fields.Many2one("res.users", "Collections activated by", readonly=True)
    ar_cutoff_date = fields.Date(
        "Cut-off Date", help="Cut-off date: invoices due before it are never included in automatic reminders."
    )
    ar_daily_ramp = fields.Integer(
        "Maximum Messages per Day", help="Maximum number of customers contacted per day. 0: no limit."
    )

    ar_run_hour = fields.Integer(
        "Run from (hour)", default=6, help="Hour from which the daily run starts, in the company's time zone, 0 to 23."
    )

    ar_policy_ids = fields.One2many(
        "ar.credit.policy", "company_id", "Credit Policies", groups="ar_collections.ar_collections_group_auditor"
    )
    ar_aging_edges = fields.Char(
        "Aging Buckets",
        default=", ".join(map(str, EDGES)),
        help="Last day of each aging bucket: four numbers of days late, separated by commas.",
    )

    ar_time_zone = fields.Char(
        "Time Zone of Collections",
        compute="_compute_ar_time_zone",
        store=True,
        help="Of the calendar, else of the address. Stored, so that posting an invoice reads it with the company.",
    )

    _ar_run_hour_in_day = models.Constraint(
        "CHECK (ar_run_hour >= 0 AND ar_run_hour <= 23)", "The hour of the run must be between 0 and 23."
    )
    _ar_daily_ramp_not_negative = models.Constraint(
        "CHECK (ar_daily_ramp >= 0)", "The number of messages per day cannot be negative; 0 means no limit."
    )

    @api.depends("resource_calendar_id.tz", "partner_id.tz")
    def _compute_ar_time_zone(self):
        for company in self:
            company.ar_time_zone = company.resource_calendar_id.tz or company.partner_id.tz or "UTC"

    def _ar_now(self):
        """Return the company's local date and time, see `ar_time_zone`."""
        self.ensure_one()
        return datetime.datetime.now(pytz.timezone(self.ar_time_zone or "UTC"))

    def _ar_today(self):
        """Return today's date in the company's time zone."""
        return self._ar_now().date()

    def _ar_day(self, moment):
        """Return the date of a stored datetime in the company's time zone; in SQL: `_ar_sql_day`.

        :param datetime moment: in UTC, without time zone, as Odoo stores it
        """
        self.ensure_one()
        return pytz.utc.localize(moment).astimezone(pytz.timezone(self.ar_time_zone or "UTC")).date()

    @api.model
    def _ar_select_zones(self):
        """Return the query of each company's time zone (company_id, name), by the rule of `_ar_now`."""
        return SQL(
            "SELECT id AS company_id, COALESCE(ar_time_zone, 'UTC') AS name FROM res_company",
            to_flush=self._fields["ar_time_zone"],
        )

    @api.model
    def _ar_sql_day(self, moment):
        """Return the SQL of the date of a stored datetime in the company's time zone.

        :param SQL moment: a column in UTC, in a query that joins `_ar_select_zones` as `zone`
        """
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE zone.name)::date", moment)

    def _ar_get_users(self, role, order="id"):
        """Return the internal users who work for the company with a role or a higher one.

        Archived users are never among them, whatever the context includes: OdooBot is one, and so is who has left.

        :param str role: one of `ar.access.mixin`'s
        :param str order: as for `search`
        """
        self.ensure_one()
        group = self.env.ref(f"ar_collections.ar_collections_group_{role}")
        domain = [
            ("active", "=", True),
            ("share", "=", False),
            ("all_group_ids", "in", group.ids),
            ("company_ids", "in", self.ids),
        ]
        return self.env["res.users"].sudo().search(domain, order=order)  # who asks, as visitors, may read no users

    def _ar_get_manager(self):
        """Return the first collections manager who works for the company; may be empty."""
        return self._ar_get_users("manager")[:1]

    def _ar_get_responsible(self):
        """Return who gets what has no collector: who activated collections, else a manager; may be empty."""
        self.ensure_one()
        user = self.sudo().ar_activated_by_id  # as in `_ar_get_users`
        return user if user._ar_works_for(self, "collector") else self._ar_get_manager()

    @api.model_create_multi
    def create(self, vals_list):
        """Override of `base` to create a standard credit policy for each new company."""
        companies = super().create(vals_list)
        with ignore_failure(self.env, "the credit policies of new companies"):
            companies._ar_ensure_policy()
        return companies

    def unlink(self):
        """Override of `base` to delete what was created for these companies, which would keep them.

        :raise AccessError: for who may not delete companies
        """
        self.check_access("unlink")
        everything = self.sudo().with_context(active_test=False)  # a user who deletes companies needs no role of ours
        everything.env["ar.customer"].search([("company_id", "in", self.ids)])._unlink_unused()
        everything.ar_policy_ids.unlink()
        return super().unlink()

    def _ar_ensure_policy(self):
        """Create a standard credit policy for each company without one, if the standard schedule is there for all.

        Nothing is sent before a manager activates collections.
        """
        companies = self.sudo()  # a user who creates companies needs no role of ours
        schedule = companies.env.ref("ar_collections.reminder_schedule_standard", raise_if_not_found=False)
        if not schedule or schedule.company_id:
            return
        for company in companies.filtered(lambda company: not company.ar_policy_ids):
            company.env["ar.credit.policy"].create(
                {
                    "name": self.env._("Standard"),
                    "sequence": 100,
                    "company_id": company.id,
                    "schedule_id": schedule.id,
                    "entry_step_id": schedule.step_ids.filtered(lambda step: step.days > 0)[:1].id,
                    "calendar_id": company.resource_calendar_id.id,
                }
            )

    # === AGING === #

    @api.constrains("ar_aging_edges")
    def _check_ar_aging_edges(self):
        """Check that the ranges are four ascending whole numbers."""
        for company in self:
            try:
                read_edges(company.ar_aging_edges or "")
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "“%(text)s” are not valid aging buckets: enter four ascending numbers of days, as in "
                        "%(example)s.",
                        text=company.ar_aging_edges or "",
                        example=", ".join(map(str, EDGES)),
                    )
                ) from error

    def _ar_aging_edges(self):
        """Return the last day of lateness of each aging range, see `core.customers.aging`."""
        self.ensure_one()
        return read_edges(self.ar_aging_edges or "") if self.ar_aging_edges else EDGES

    def _ar_aging_names(self):
        """Return the headings of the aging ranges: not due, 1-30, 31-60, ..., 120+."""
        edges = self._ar_aging_edges()
        ranges = [f"{first}-{last}" for first, last in zip(first_days(edges), edges, strict=False)]
        return [self.env._("Not due"), *ranges, f"{edges[-1]}+"]

    def _ar_find_archived(self, place, *settings):
        """Return a sentence about the first of these records that is archived; empty where none is.

        Odoo refuses archived accounts and journals when an entry is posted, without the setting that names them.

        :param str place: where another one is chosen
        :param settings: accounts and journals of the company's settings, each may be empty
        """
        self.ensure_one()
        for record in settings:
            if record and not record.active:
                return self.env._(
                    "%(company)s: “%(name)s” is archived: choose another one under %(place)s.",
                    company=self.name,
                    name=record.display_name,
                    place=place,
                )
        return ""
