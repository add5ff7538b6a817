import datetime

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import get_lang

#: A mail that waits longer than this shows that the queue stands still.
QUEUE_AFTER = datetime.timedelta(hours=3)

#: The nightly run is called every hour from the run hour on.
RUN_AFTER = datetime.timedelta(hours=26)

#: A scheduled action that fails for this time, or was due so long before another was called, does not run.
FAILING_AFTER, BEHIND_AFTER = datetime.timedelta(hours=6), datetime.timedelta(hours=12)

#: A problem that lasts is counted up once a day.
AGAIN_AFTER = datetime.timedelta(hours=20)

#: What may be so on purpose: marked as solved, it stays away until its cause is gone or another one.
ON_PURPOSE = ("scheduled_actions", "mail_setup", "other_database", "templates")

#: Days of deliveries that are looked at, and how many failures of one mail domain are a problem.
DOMAIN_DAYS, DOMAIN_FAILURES = 7, 3

#: Domains that a problem names.
NAMED_DOMAINS = 5


class ArMailHealth(models.AbstractModel):
    """What keeps messages from getting through without any error: it becomes a problem of the company.

    Called every hour apart from the nightly run, which cannot say that it does not run.
    """

    _name = "ar.mail.health"
    _description = "Check of Emails and Runs"

    @api.model
    def _cron_check(self):
        """Store what is wrong for each company with active collections as problems, and end those that are over."""
        self.env.flush_all()
        queue = self._find_queue()  # the same for all companies
        for company in self.env["res.company"].search([("ar_database", "!=", False)]):
            self._settle(company, "other_database", self._find_database(company))
            if not company.ar_active:
                continue
            self._settle(company, "mail_queue", queue)
            self._settle(company, "nightly_run", self._find_run(company))
            self._settle_company(company)

    @api.model
    def _settle_company(self, company):
        """Store what is wrong for one company; extension point."""
        self._settle(company, "mail_setup", self._find_setup(company))
        self._settle(company, "mail_domains", self._find_domains(company))
        self._settle(company, "templates", self._find_templates(company))

    @api.model
    def _settle(self, company, code, text):
        """Report a problem of the company, or end it where there is no text; one that lasts once a day.

        A manager is told here: the nightly run, which tells of other problems, may be what stands still. What a person
        marked as solved stays away for a day, and what may be so on purpose as long as the text is the same. That ends
        with the cause: what comes back months later is new.
        """
        # sudo: the hourly check keeps the list of problems, which nobody may write.
        problems = self.env["ar.problem"]
        opened = problems.sudo()._search_open(company, code).filtered(lambda each: each.company_id == company)
        if not text:
            opened._solve()
            problems.sudo()._search_accepted(company, code).is_accepted = False  # as above
            return
        if not opened and self._is_accepted(company, code, text):
            return
        if not opened or opened.last_on < fields.Datetime.now() - AGAIN_AFTER:
            opened = problems._report(company, code, text, company=company)
        if untold := opened.filtered(lambda each: not each.told_on):
            untold._tell_manager(company)

    @api.model
    def _is_accepted(self, company, code, text):
        """Return whether a person marked this problem of the company as solved, and that holds."""
        accepted = self.env["ar.problem"].sudo()._search_accepted(company, code)[:1]  # as in `_settle`
        if accepted.message != text:  # also where there is none
            return False
        return code in ON_PURPOSE or accepted.solved_on > fields.Datetime.now() - AGAIN_AFTER

    @api.model
    def _find_database(self, company):
        """Return that collections of a company wait, because they were activated in another database; else empty."""
        if not company.ar_is_elsewhere:
            return ""
        return self.env._(
            "Collections were activated in another database than this one: nothing is sent, and nobody is charged."
        )

    @api.model
    def _find_setup(self, company):
        """Return what is missing in the company's settings of email, one sentence each; empty where nothing is."""
        found = []
        if not company.bounce_email or not company.catchall_email:
            found.append(
                self.env._(
                    "The company has no alias domain with bounce and catchall addresses: no message that comes back is "
                    "seen, and it counts as delivered."
                )
            )
        if not company.email and not company.partner_id.email:
            found.append(self.env._("The company has no email address: messages have no sender."))
        return "\n".join(found)

    @api.model
    def _find_templates(self, company):
        """Return which email templates of notices were deleted, in the company's language; empty where none was."""
        lang = get_lang(self.env, company.partner_id.lang).code
        outreach = self.env["ar.outreach"].with_context(lang=lang)
        if not (names := outreach._find_deleted()):
            return ""
        return outreach.env._("Email templates that were deleted: %(names)s.", names="; ".join(names))

    @api.model
    def _find_queue(self):
        """Return that mails wait too long, empty where none does; failures of single mails are not meant.

        Messages of companies whose collections were deactivated wait on purpose.
        """
        waiting = self.env.execute_query(
            SQL(
                """
                SELECT count(*), MIN(COALESCE(mail.scheduled_date, mail.create_date))
                  FROM mail_mail mail
                 WHERE mail.state = 'outgoing' AND COALESCE(mail.scheduled_date, mail.create_date) < %s
                   AND NOT EXISTS (SELECT FROM ar_communication_recipient reader
                                     JOIN res_company company ON company.id = reader.company_id
                                    WHERE reader.mail_mail_id = mail.id AND (%s) IS NOT TRUE)
                """,
                fields.Datetime.now() - QUEUE_AFTER,
                self.env["res.company"]._ar_sql_active(),
            )
        )
        ((number, oldest),) = waiting
        if not number:
            return ""
        return self.env._(
            "The mail queue stands still (emails waiting: %(number)s), the oldest waits since %(moment)s (UTC).",
            number=number,
            moment=fields.Datetime.to_string(oldest),
        )

    @api.model
    def _find_run(self, company):
        """Return that the nightly run of a company did not come to its end for a day; empty where it did.

        A call is no sign of it: Odoo stores a turn before it begins, also one that fails or is ended by a limit.
        """
        cron = self.env.ref("ar_collections.ir_cron_nightly", raise_if_not_found=False)
        if not cron or not cron.sudo().active:  # a technical record of ours
            return self.env._("The nightly run is switched off: nothing is reminded.")
        last = company.ar_run_ended_on
        if not last or last >= fields.Datetime.now() - RUN_AFTER:
            return ""
        return self.env._(
            "The nightly run of the company has not come to its end since %(moment)s (UTC): it is not called, takes "
            "too long, or is ended by a limit of time or memory.",
            moment=fields.Datetime.to_string(last),
        )

    # === SCHEDULED ACTIONS === #

    @api.model
    def _check_actions(self):
        """Store which of the other scheduled actions do not run as a problem of each company with active collections.

        Called by the nightly run, which the hourly check watches in its turn.
        """
        text = self._find_actions()
        for company in self.env["res.company"].search([("ar_active", "=", True)]):
            self._settle(company, "scheduled_actions", text)

    @api.model
    def _find_actions(self):
        """Return which scheduled actions of ours, or that of the mail queue, do not run; empty where all do.

        Behind is what was due long before the nightly run was called last: after a time without Odoo, nothing is.
        """
        off, behind = [], []
        last = fields.Datetime.to_datetime(self.env.context.get("lastcall") or None)  # given by Odoo with the turn
        for cron in self._get_actions():
            failing = cron.failure_count and cron.first_failure_date < fields.Datetime.now() - FAILING_AFTER
            if not cron.active:
                off.append(cron.name)
            elif failing or (last and cron.nextcall < last - BEHIND_AFTER):
                behind.append(cron.name)
        texts = []
        if off:
            texts.append(self.env._("Switched off: %(actions)s.", actions=", ".join(sorted(off))))
        if behind:
            texts.append(self.env._("Not called, or failing: %(actions)s.", actions=", ".join(sorted(behind))))
        return "\n".join(texts)

    @api.model
    def _get_actions(self):
        """Return the scheduled actions that are watched: all of our add-ons, and that of Odoo's mail queue."""
        # sudo: scheduled actions are administrators' alone; managers are told their names.
        names = self.env["ir.model.data"].sudo()
        queue = Domain("module", "=", "mail") & Domain("name", "=", "ir_cron_mail_scheduler_action")
        ours = Domain("module", "=like", "ar\\_collections%")
        ids = names.search(Domain("model", "=", "ir.cron") & (ours | queue)).mapped("res_id")
        return self.env["ir.cron"].sudo().browse(ids).exists()  # as above

    @api.model
    def _find_domains(self, company):
        """Return the mail domains that refuse more than they take, with the last reason; empty without any.

        Where many domains refuse a message each, our own server is the cause: they are named together.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT domain, SUM(failed)::int AS lost, SUM(sent)::int,
                       (array_agg(reason ORDER BY date DESC) FILTER (WHERE failed > 0))[1]
                  FROM (%s) delivery
                 WHERE domain IS NOT NULL
              GROUP BY domain
              ORDER BY lost DESC, domain
                """,
                self.env["ar.deliverability"]._select_recent(
                    company, company._ar_today() - datetime.timedelta(days=DOMAIN_DAYS)
                ),
            )
        )
        lost, sent = (sum(row[place] for row in rows) for place in (1, 2))
        is_ours = lost >= DOMAIN_FAILURES and lost > sent
        refusing = [row for row in rows if row[1] > row[2] and (is_ours or row[1] >= DOMAIN_FAILURES)]
        return self._get_domains_text(refusing)

    @api.model
    def _get_domains_text(self, rows):
        """Return the text about mail domains, a line for each of the first.

        :param rows: [(domain, number that did not get through, number that did, last reason)]
        """
        texts = [
            self.env._("%(domain)s: %(number)s not delivered (%(reason)s)", domain=d, number=n, reason=(r or "")[:200])
            for d, n, _sent, r in rows[:NAMED_DOMAINS]
        ]
        if len(rows) > NAMED_DOMAINS:
            texts.append(self.env._("and %(number)s more domains", number=len(rows) - NAMED_DOMAINS))
        return "\n".join(texts)
