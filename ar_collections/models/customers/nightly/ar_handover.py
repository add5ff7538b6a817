from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ....const import NOBODY_CAN


class ArHandover(models.AbstractModel):
    """Passes on what users are responsible for, when they leave, or lose the company or the role for it.

    It happens at once when a user is changed; the nightly run does the same for whatever got past that. Who takes over
    is decided by each model, see `ar.access.mixin._get_task_owner`. The collector set on a customer stays: who is
    responsible instead is computed, see `ar.customer.collector_id`.
    """

    _name = "ar.handover"
    _description = "Handover of Tasks"

    # === EXTENSION POINT === #

    @api.model
    def _pass_on(self, users=None, company=None):
        """Pass on what is no task: an override changes the owners of its own records.

        :param users: `res.users` who may not be able to go on; records of nobody are looked at as well
        :param company: without users: all records of this company
        """

    @api.model
    def _get_owned_domain(self, field, users, company):
        """Return the domain of the records that :meth:`_pass_on` looks at, by the field of their owner."""
        if company:
            return [("company_id", "=", company.id)]
        return [(field, "in", [*users.ids, False])]

    # === AT ONCE === #

    @api.model
    def _release(self, users):
        """Take the tasks from users who are about to leave, so that these are not deleted with them."""
        self._find_tasks(users).with_context(mail_activity_quick_update=True).write({"user_id": False})

    @api.model
    def _hand_over(self, users):
        """Pass on what these users cannot do any more, and what belongs to nobody."""
        self.env["ar.absence"]._invalidate_collectors()
        self._pass_on(users=users)
        self._reassign(self._find_tasks(users) | self._find_tasks(users.browse()))

    @api.model
    def _find_tasks(self, users):
        """Return the tasks of these users on records of ours; without users the tasks of nobody."""
        domain = [("user_id", "in", users.ids or [False]), ("res_model", "in", self._get_models())]
        return self.env["mail.activity"].sudo().search(domain)  # those of colleagues, whatever the user may read

    # === NIGHTLY RUN === #

    @api.model
    def _hand_over_company(self, company, today, auto_commit=False):
        """Step of the nightly run: pass on what nobody can do any more.

        :return: False where the time ran out
        """
        self._pass_on(company=company)
        run = self.env["ar.nightly"]._batch_run(company, NOBODY_CAN, auto_commit)
        return run.over_records(self._find_tasks_of(company), self._reassign, whole=True).finished

    @api.model
    def _find_tasks_of(self, company):
        """Return the company's tasks on records of ours that have no user, or one without the usual role for them."""
        self.env.flush_all()
        ids = []
        for name in self._get_models():
            # sudo: tasks of all users, whoever changes one of them.
            model = self.env[name].sudo().with_context(active_test=False)
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT id
                      FROM mail_activity
                     WHERE active AND res_model = %s AND (user_id IS NULL OR user_id <> ALL(%s::int[])) AND res_id IN %s
                    """,
                    name,
                    company._ar_get_users(model._task_role).ids,
                    model._search([("company_id", "=", company.id)]).subselect(),
                )
            )
            ids += [task_id for (task_id,) in rows]
        return self.env["mail.activity"].sudo().browse(ids)  # as in `_find_tasks`

    # === TASKS === #

    @api.model
    def _get_models(self):
        """Return the names of the models of ours that have tasks."""
        names = self.env.registry.descendants(["ar.access.mixin"], "_inherit")
        return sorted(name for name in names if name in self.env and "activity_ids" in self.env[name]._fields
                      and not self.env[name]._abstract)  # fmt: skip

    @api.model
    def _reassign(self, tasks):
        """Assign those of the tasks that their users cannot do to whoever takes over; without anybody to nobody."""
        quiet = tasks.with_context(mail_activity_quick_update=True)
        owners = {}
        for name, group in quiet.grouped("res_model").items():
            # sudo: as in `_find_tasks_of`.
            records = self.env[name].sudo().browse(set(group.mapped("res_id"))).exists().grouped("id")
            for task in group:
                record = records.get(task.res_id)
                if record and not record._can_do_task(task, task.user_id):
                    owners[task] = record._get_task_owner(task)
        self._set_owners(owners)

    @api.model
    def _set_owners(self, owners):
        """Change the field ``user_id`` of records, with one write for each new owner.

        :param dict owners: {record: `res.users`}, records of one model
        """
        given = defaultdict(list)
        for record, owner in owners.items():
            if record.user_id != owner:
                given[owner].append(record)
        for owner, records in given.items():
            records[0].union(*records[1:]).user_id = owner
