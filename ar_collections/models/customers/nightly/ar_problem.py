import contextlib
import datetime
import logging

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.constants import GC_UNLINK_LIMIT

from ....const import PROBLEMS
from ....messages import NEXT_RUN_ADVICE, PROBLEM_ADVICE

_logger = logging.getLogger(__name__)

ACTIVITY_TYPE = "ar_collections.mail_activity_type_problem"

#: A problem that no run has met again for so many days is over: what failed is no longer worked on.
OVER_AFTER_DAYS = 7

#: Solved problems are kept for this time.
KEPT_DAYS = 365


class ArProblem(models.Model):
    """Something that failed: on which record, since when, how often, and what to do about it.

    It is the only list of failures. A problem is open until the same work succeeds; a row is kept for each time it
    occurred anew. Extension point: another module adds a value to the selection of `code`, overrides `_get_advice`,
    and calls `_report` and `_clear`.
    """

    _name = "ar.problem"
    _inherit = ["ar.thread.mixin", "mail.activity.mixin"]
    _description = "Collections Problem"
    _order = "last_on desc, id desc"

    _task_role = "manager"

    code = fields.Selection(PROBLEMS, "Problem", required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    res_model = fields.Char("Model", required=True, readonly=True)
    res_id = fields.Many2oneReference("Record ID", model_field="res_model", required=True, readonly=True)
    record_name = fields.Char("Record", compute="_compute_record_name")
    customer_id = fields.Many2one("ar.customer", readonly=True, index="btree_not_null", ondelete="cascade")
    message = fields.Text("What Happened", required=True, readonly=True)
    advice = fields.Text("What to Do", compute="_compute_advice")
    first_on = fields.Datetime("Since", required=True, readonly=True)
    last_on = fields.Datetime("Last Time", required=True, readonly=True)
    times = fields.Integer("Occurrences", required=True, readonly=True)
    solved_on = fields.Datetime("Solved on", readonly=True)
    solved_by_id = fields.Many2one("res.users", "Solved by", readonly=True, help="Empty: it ended by itself.")
    told_on = fields.Datetime("Manager Notified on", readonly=True)
    # A person marked it as solved, and its cause is not known to be gone.
    is_accepted = fields.Boolean("Not Reported Again", readonly=True)

    _open_once = models.UniqueIndex("(res_model, res_id, code, company_id) WHERE solved_on IS NULL")
    _customer_idx = models.Index("(customer_id) WHERE solved_on IS NULL")

    @api.depends("code", "res_model", "res_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["code"]._description_selection(self.env))
        for problem in self:
            problem.display_name = f"{labels[problem.code]}: {problem.record_name}"

    @api.depends("res_model", "res_id")
    def _compute_record_name(self):
        for model, problems in self.grouped("res_model").items():
            # sudo: the name is shown, whatever else the user may read of the record.
            records = self.env[model].sudo().browse(problems.mapped("res_id")).exists() if model in self.env else ()
            names = {record.id: record.display_name for record in records}
            for problem in problems:
                problem.record_name = names.get(problem.res_id) or self.env._("Deleted record")

    @api.depends("code")
    @api.depends_context("lang")
    def _compute_advice(self):
        for problem in self:
            problem.advice = self._get_advice(problem.code)

    @api.model
    def _get_advice(self, code):
        """Return what to do about problems of this code, in the user's language."""
        return self.env._(PROBLEM_ADVICE.get(code, NEXT_RUN_ADVICE))

    # === REPORT AND CLEAR === #

    @api.model
    def _report(self, record, code, error, company=None):
        """Store that something failed on a record; a problem that is open already is counted up.

        The caller has rolled back what failed.

        :param record: the record to look at, of any model
        :param str code: one of ``const.PROBLEMS``
        :param error: the exception, or a sentence for people
        :param company: default: the record's company
        :return: the problem; empty where another transaction stores it at the same time
        """
        _logger.warning("%s: %s failed: %s", code, record, error)
        now, company = fields.Datetime.now(), company or record.company_id
        # sudo: a failure is stored, whoever the user is.
        problems = self.sudo().with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
        problem = problems._search_open(record, code).filtered(lambda row: row.company_id == company)
        if problem:
            problem.write({"message": self._get_message(error), "last_on": now, "times": problem.times + 1})
            return problem
        values = {
            "code": code,
            "company_id": company.id,
            "res_model": record._name,
            "res_id": record.id,
            "customer_id": self._get_customer(record).id,
            "message": self._get_message(error),
            "first_on": now,
            "last_on": now,
            "times": 1,
        }
        with contextlib.suppress(UniqueViolation), self.env.cr.savepoint():  # stored by another transaction meanwhile
            problem = problems.create(values)
        return problem

    @api.model
    def _get_customer(self, record):
        """Return the customer account of a record, empty where it has none."""
        if record._name == "ar.customer":
            return record
        return record.customer_id if "customer_id" in record._fields else self.env["ar.customer"]

    @api.model
    def _get_message(self, error):
        """Return an exception as text: sentences meant for people as they are, others with their type."""
        if not isinstance(error, Exception) or isinstance(error, UserError):
            return str(error)
        return f"{type(error).__name__}: {error}"

    @api.model
    def _search_open(self, records, code, company=None):
        """Return the open problems of the records with this code; with a company all of the model in that company."""
        domain = [("res_model", "=", records._name), ("code", "=", code), ("solved_on", "=", False)]
        domain.append(("company_id", "=", company.id) if company else ("res_id", "in", records.ids))
        return self.search(domain)

    @api.model
    def _search_accepted(self, records, code):
        """Return the problems of records that a person marked as solved while their cause was there, latest first."""
        domain = [("res_model", "=", records._name), ("res_id", "in", records.ids), ("code", "=", code)]
        return self.search([*domain, ("is_accepted", "=", True)], order="id desc")

    @api.model
    def _clear(self, records, code):
        """Mark the open problems of these records as solved, because the work succeeded."""
        if records:
            # sudo: as in `_report`.
            self.sudo()._search_open(records, code)._solve()

    def _solve(self):
        """Mark the problems as solved; their task goes to another open problem of the same kind, or ends."""
        if not self:
            return
        self.write({"solved_on": fields.Datetime.now()})
        for (company, code), problems in self.grouped(lambda problem: (problem.company_id, problem.code)).items():
            tasks = problems.activity_ids
            other = tasks and self.search(
                [("company_id", "=", company.id), ("code", "=", code), ("solved_on", "=", False)], limit=1
            )
            if other and not other.activity_ids:
                tasks[0].write({"res_id": other.id, "summary": other._get_task_summary()})
                (problems | other).invalidate_recordset(["activity_ids"])  # the field does not follow the id
                tasks = tasks[1:]
            tasks.unlink()

    # === BUTTONS === #

    def action_open_record(self):
        """Open the record that the problem is about, or the dialog that ends it."""
        self.ensure_one()
        if self.code == "other_database":
            action = self.env["ir.actions.act_window"]._for_xml_id("ar_collections.ar_activation_action")
            return dict(action, context={"default_company_id": self.company_id.id})
        if self.res_model not in self.env or not self.env[self.res_model].browse(self.res_id).exists():
            raise UserError(self.env._("The record was deleted. The problem can be marked as solved."))
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }

    def action_solve(self):
        """Mark problems as solved by hand, for instance of records that are no longer worked on."""
        self._require("manager")
        opened = self.sudo().filtered(lambda problem: not problem.solved_on)  # no role has write access
        opened.write({"solved_by_id": self.env.uid, "is_accepted": True})
        opened._solve()
        return True

    # === NIGHTLY RUN === #

    @api.model
    def _notify_new(self, company, today, auto_commit=False):
        """Step of the nightly run: end what is over, and notify a manager of what is new, once for each kind.

        :return: True, as there is nothing to continue
        """
        opened = self.search([("company_id", "=", company.id), ("solved_on", "=", False)], order="id")
        oldest = fields.Datetime.now() - datetime.timedelta(days=OVER_AFTER_DAYS)
        over = opened.filtered(lambda problem: problem.last_on < oldest)
        over._solve()
        new = (opened - over).filtered(lambda problem: not problem.told_on)
        for _code, problems in new.grouped("code").items():
            problems._tell_manager(company)
        return True

    def _tell_manager(self, company):
        """Give a manager one task about these problems of one kind."""
        manager = company._ar_get_manager()
        if not manager:
            return  # as soon as there is one
        self.write({"told_on": fields.Datetime.now()})
        first = self[0]._in_language_of(manager)
        summary = first._get_task_summary()
        if len(self) > 1:
            summary = first.env._(
                "%(problem)s (and %(number)s more, see the list of problems)", problem=summary, number=len(self) - 1
            )
        first.with_context(mail_activity_quick_update=True).activity_schedule(
            ACTIVITY_TYPE, summary=summary, user_id=manager.id
        )

    def _get_task_summary(self):
        """Return what happened, in one line: Odoo names the problem before it."""
        self.ensure_one()
        return self.message.strip().partition("\n")[0][:150]

    def _in_language_of(self, user):
        """Return the problem in the language of a user; scheduled actions have none."""
        return self.with_context(lang=user.lang)

    def _get_task_owner(self, task):
        """Override: a manager of the company looks at problems."""
        return self.company_id._ar_get_manager()

    @api.autovacuum
    def _remove_solved(self):
        """Delete problems that were solved more than a year ago."""
        limit = fields.Datetime.now() - datetime.timedelta(days=KEPT_DAYS)
        self.search([("solved_on", "<", limit)], limit=GC_UNLINK_LIMIT).unlink()
