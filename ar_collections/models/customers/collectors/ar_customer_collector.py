from collections import defaultdict

from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, plaintext2html
from odoo.tools.misc import get_lang


class ArCustomerCollector(models.Model):
    """The collector who is responsible for a customer today and gets the tasks."""

    _inherit = "ar.customer"

    #: External ids of the types of tasks that are for a manager, whoever the collector is; each file declares its own.
    _manager_tasks = ()

    collector_id = fields.Many2one(
        "res.users",
        "Responsible Collector",
        compute="_compute_collector_id",
        search="_search_collector_id",
        help="Collector, or the substitute while the collector is absent.",
    )

    @api.depends("user_id", "policy_id.user_id")
    def _compute_collector_id(self):
        """Compute the collector: the account's, else the policy's; during an absence, the user who covers.

        Who cannot work on the account any more, see `res.users._ar_works_for`, is passed over; so is a collector
        without a substitute who left.
        """
        for company, customers in self.grouped("company_id").items():
            covers = self.env["ar.absence"]._get_covers(company._ar_today()) if company else {}
            takes_over = {}
            for customer in customers:
                found = self.env["res.users"]
                for user in (customer.user_id, customer.policy_id.user_id):
                    if user not in takes_over:
                        takes_over[user] = user._ar_find_successor(company, covers)
                    found = found or takes_over[user]
                customer.collector_id = found

    def _get_assigned_collector(self):
        """Return the collector who is set on the account, else on its policy, whoever does the work today."""
        return self.user_id or self.policy_id.user_id

    def _in_staff_language(self):
        """Return the account in the language of its collector, else of the company: for texts that colleagues read.

        Whoever causes them, such as a visitor of the customer page, may have another language.
        """
        account = self[:1].sudo()  # what is read is no secret, and visitors may read no user
        wanted = account.collector_id.lang or account.company_id.partner_id.lang or self.env.lang
        return self.with_context(lang=get_lang(account.env, wanted).code)  # users may keep one that is not installed

    @api.model
    def _search_collector_id(self, operator, value):
        """Search customers by the user who is responsible today, absences and users who left considered."""
        if operator == "any":
            users = self.env["res.users"].search(value)
            return self._search_collector_id("in", users.ids)
        if operator != "in":
            return NotImplemented
        users, policies = self._read_collectors()
        companies = self.env["res.company"].sudo().union(*users, *policies)  # as there
        domains = [
            self._search_in_company(company, set(value), users.get(company), policies.get(company))
            for company in companies
        ]
        return Domain.OR([*domains, Domain("company_id", "not in", companies.ids) & Domain(False in value)])

    @api.model
    def _read_collectors(self):
        """Return ({company: users who are set on accounts}, {company: policies}), in superuser mode."""
        # Salespeople may see who is responsible, but have no access to the policies.
        everything = self.sudo().with_context(active_test=False)
        users = defaultdict(everything.env["res.users"].browse)
        # By both, because the users of each company are few, and its customers many.
        for company, user in everything._read_group([("user_id", "!=", False)], ["company_id", "user_id"]):
            users[company] |= user
        policies = everything.env["ar.credit.policy"].search([("company_id", "!=", False)])
        return users, policies.grouped("company_id")

    @api.model
    def _search_in_company(self, company, wanted, collectors, policies):
        """Return the domain of the accounts of a company for whom one of the users is responsible today.

        :param set wanted: ids of users; False: nobody is responsible
        :param collectors: the users who are set on accounts of the company, or None
        :param policies: the policies of the company, or None
        """
        policies = policies or self.env["ar.credit.policy"].sudo()  # none, in the mode of `_read_collectors`
        successor = self._find_successors(company, (collectors or self.env["res.users"]) | policies.user_id)
        left = [user_id for user_id, found in successor.items() if not found]
        owners = [user_id for user_id, found in successor.items() if found and found in wanted]
        without = policies.filtered(lambda policy: not successor.get(policy.user_id.id))
        chosen = policies.filtered(lambda policy: policy.user_id.id in owners)
        if False in wanted:
            chosen |= without
        policy_ids = [*chosen.ids, False] if False in wanted else chosen.ids  # accounts without a policy
        by_policy = Domain("user_id", "in", [*left, False]) & Domain("policy_id", "in", policy_ids)
        return Domain("company_id", "=", company.id) & (Domain("user_id", "in", owners) | by_policy)

    @api.model
    def _find_successors(self, company, users):
        """Return {id of a user: id of who does the work today, False where nobody does} in a company."""
        covers = self.env["ar.absence"]._get_covers(company._ar_today())
        return {user.id: user._ar_find_successor(company, covers).id for user in users}

    @api.model
    def _get_collector_sql(self, companies):
        """Return the SQL expression of `collector_id`, for the rows of an `account` of the companies and its `policy`.

        It names only those users for whom somebody else works today, or nobody: as a rule none.
        """
        set_on, policies = self._read_collectors()
        instead = []
        for company in companies.sudo():  # as there
            users = set_on.get(company, self.env["res.users"]).sudo()
            users = users.union(*(policy.user_id for policy in policies.get(company, ())))
            found = self._find_successors(company, users)
            instead += [(company.id, user_id, other or None) for user_id, other in found.items() if other != user_id]

        def of(column):
            if not instead:
                return column
            cases = (SQL("WHEN (account.company_id, %s) = (%s, %s) THEN %s::int", column, *row) for row in instead)
            return SQL("CASE %s ELSE %s END", SQL(" ").join(cases), column)

        return SQL("COALESCE(%s, %s)", of(SQL("account.user_id")), of(SQL("policy.user_id")))

    # === TASKS === #

    def _add_task(self, activity_type, summary, user=None, note=False, append=False, deadline=None):
        """Create a task for the collector, unless one of the same type is open on the account already.

        :param str activity_type: external id of the activity type
        :param user: assigned instead of the collector
        :param note: details, as safe HTML
        :param bool append: add summary and details to the details of the task that is open already
        :param date deadline: default: what the type of activity says
        """
        self.ensure_one()
        kind = self.env.ref(activity_type)
        customer = self.sudo()  # tasks are created for colleagues, whatever the user's rights
        if self.env.user.share:  # colleagues in other companies may not read the public user as the creator of a task
            customer = customer.with_user(SUPERUSER_ID)
        # Tasks that are done are kept archived, and included in some contexts.
        if opened := customer.activity_ids.filtered(lambda task: task.active and task.activity_type_id == kind):
            if append:
                self._append_to_task(opened[:1], summary, note)
            return
        responsible = user or self.collector_id or self.company_id._ar_get_responsible() or self.env.user
        customer.with_context(mail_activity_quick_update=True).activity_schedule(
            activity_type, date_deadline=deadline, summary=summary, note=note, user_id=responsible.id
        )

    @api.model
    def _append_to_task(self, task, text, note=False):
        """Add a line to the details of an open task, so that what happens again needs no further task and no mail.

        :param task: `mail.activity`
        :param str text: plain text; one that the task contains already is not added
        :param note: further details, as safe HTML; the same
        """
        line, own = plaintext2html(text), task.note or ""
        added = "" if text in (task.summary or "") or line in own else line
        added += note if note and note not in own else ""
        if added:
            task.note = own + added

    def _close_tasks(self, activity_type):
        """Delete the open tasks of a type: they were done elsewhere or are no longer needed."""
        self.sudo().activity_unlink([activity_type])  # as in `_add_task`

    def _get_task_owner(self, task):
        """Override to give what only managers decide to one of them, not to the collector."""
        declared = {name for part in type(self).mro() for name in vars(part).get("_manager_tasks", ())}
        kinds = {self.env["ir.model.data"]._xmlid_to_res_id(name) for name in declared}
        manager = self.company_id._ar_get_manager() if task.activity_type_id.id in kinds else None
        return manager or super()._get_task_owner(task)
