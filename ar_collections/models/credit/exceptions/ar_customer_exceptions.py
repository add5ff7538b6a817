from datetime import timedelta

from odoo import SUPERUSER_ID, api, models

from ....core.credit.exceptions import (
    ABOVE_RECOMMENDED,
    HOLD,
    INSURER_CONSENT,
    LIMIT_KINDS,
    NO_REMINDERS,
    PAUSE,
    POLICY,
    RAISED,
    RISK_CLASS,
    TEMPORARY_LIMIT,
    Exemption,
    compare,
    get_end,
    read_limits,
    write_limit,
)
from .ar_customer_policy_end import POLICY_END_FIELDS

#: The fields that say that a customer is treated in another way than the rules want.
WATCHED = {
    "pause_until", "pause_reason", "excluded", "exclusion_reason",
    "policy_override_id", "policy_override_reason", "policy_override_until",
    "forced_until", "forced_reason", "forced_by_id",
    "risk_override", "risk_override_reason", "risk_override_until",
    "temporary_limit_kind", "temporary_limit", "temporary_until",
    "insurer_consent_until",
}  # fmt: skip

#: The field that says that there is an exception.
NAMES = {
    PAUSE: "pause_until",
    NO_REMINDERS: "excluded",
    POLICY: "policy_override_id",
    HOLD: "forced_until",
    RISK_CLASS: "risk_override",
    TEMPORARY_LIMIT: "temporary_limit_kind",
    INSURER_CONSENT: "insurer_consent_until",
}

LIMITS = ("credit_limit_kind", "credit_limit")


class ArCustomerExceptions(models.Model):
    """Keeps the history of exceptions in step with the fields of the account, whoever writes them."""

    _inherit = "ar.customer"

    _manager_tasks = ("ar_collections.mail_activity_type_exception_ends",)

    @api.model_create_multi
    def create(self, vals_list):
        """Override to note the exceptions that accounts are created with."""
        customers = super().create(vals_list)
        if any(not WATCHED.isdisjoint(vals) for vals in vals_list):
            customers._note_exceptions()
        return customers

    def write(self, vals):
        """Override to note what changed, and limits that somebody raised by hand.

        Reason and last day of a policy go with it, so that the next one does not inherit them.
        """
        limits = {}
        if not vals.get("policy_override_id", True):
            vals = {**dict.fromkeys(POLICY_END_FIELDS, False), **vals}
        if not vals.keys().isdisjoint(LIMITS):
            limits = {customer: customer._get_limit_terms().limit for customer in self.sudo()}  # what users may read
        result = super().write(vals)
        if not WATCHED.isdisjoint(vals):
            self._note_exceptions()
        if limits:
            self.sudo()._note_raised(limits, by_hand=not self.env.su)  # users may not write the history
        return result

    # === WHAT THE FIELDS SAY === #

    def _get_exemptions(self, today):
        """Return the exceptions that hold on a day: {kind: core.credit.exceptions.Exemption}.

        :param date today: the company's date
        """
        self.ensure_one()
        found = {}
        if self.pause_until and self.pause_until > today:
            found[PAUSE] = Exemption(self.pause_reason or "", self.pause_until - timedelta(days=1))
        if self.excluded:
            found[NO_REMINDERS] = Exemption(self.exclusion_reason or "")
        if self.policy_override_id:
            until = self.policy_override_until or None
            found[POLICY] = Exemption(self.policy_override_reason or "", until, str(self.policy_override_id.id))
        return found | self._get_credit_exemptions(today)

    def _get_credit_exemptions(self, today):
        """Return those about credit, as `_get_exemptions` does."""
        found = {}
        if self.forced_until:
            found[HOLD] = Exemption(self.forced_reason or "", self.forced_until)
        if self.risk_override:
            found[RISK_CLASS] = Exemption(self.risk_override_reason or "", self.risk_override_until, self.risk_override)
        if self.temporary_limit_kind and self.temporary_until and self.temporary_until >= today:
            limit = write_limit(self._get_limit_terms().temporary)
            found[TEMPORARY_LIMIT] = Exemption("", self.temporary_until, limit)
        if self.insurer_consent_until and self.insurer_consent_until >= today:
            found[INSURER_CONSENT] = Exemption("", self.insurer_consent_until)
        return found

    # === HISTORY === #

    def _note_exceptions(self):
        """Open, update and end the rows of these accounts, so that they say what the fields say."""
        accounts = self.sudo()  # users may not write the history
        rows = self.env["ar.customer.exception"].sudo()  # as above
        domain = [("customer_id", "in", accounts.ids), ("ended_on", "=", False), ("kind", "not in", LIMIT_KINDS)]
        opened = rows.search(domain).grouped("customer_id")
        new = []
        for account in accounts:
            today = account.company_id._ar_today()
            known = {row.kind: row for row in opened.get(account, rows)}
            now = account._get_exemptions(today)
            stored = {
                kind: Exemption(now[kind].reason if kind in now and not now[kind].reason else row.reason or "",
                                row.until or None, row.value or "")
                for kind, row in known.items()
            }  # fmt: skip
            changes = compare(now, stored)
            account._end_rows(rows.union(*(known[kind] for kind in changes.ended)), today)
            for kind in changes.changed:
                known[kind].write({"until": now[kind].until, "reason": now[kind].reason or known[kind].reason})
            new += [vals for kind in changes.opened if (vals := account._open_row(kind, now[kind], today))]
        rows.create(new)

    def _end_rows(self, rows, today):
        """End rows of the history; those whose last day has passed ended on the day after it."""
        for row in rows:
            row.ended_on = get_end(row.until or None, today)

    def _open_row(self, kind, exemption, today):
        """Return the values of a new row; ``None`` where one that ended on the same day goes on, as after a merge."""
        rows = self.env["ar.customer.exception"].sudo()  # users may not write the history
        same = [("kind", "=", kind), ("until", "=", exemption.until), ("value", "=", exemption.value or False)]
        before = rows.search([("customer_id", "=", self.id), ("ended_on", "=", today), *same], limit=1)
        if before and (before.reason or "") == exemption.reason:
            before.ended_on = False
            return None
        return self._prepare_exception(
            kind,
            today,
            reason=exemption.reason or False,
            until=exemption.until,
            value=exemption.value or False,
        )

    def _prepare_exception(self, kind, today, **values):
        """Return the values of a row; nobody is named where the server acted by itself."""
        by_server = self.env.uid == SUPERUSER_ID
        return {
            "customer_id": self.id,
            "kind": kind,
            "since": today,
            "user_id": False if by_server else self.env.uid,
            **values,
        }

    def _note_raised(self, before, by_hand):
        """Note the limits that somebody raised by hand; whatever was noted about a former limit is over.

        :param dict before: {account: limit before the change}
        :param bool by_hand: a user changed it, not an approved request
        """
        rows = self.env["ar.customer.exception"]
        for customer, limit in before.items():
            now, today = customer._get_limit_terms().limit, customer.company_id._ar_today()
            if now == limit:
                continue
            domain = [("customer_id", "=", customer.id), ("ended_on", "=", False), ("kind", "in", LIMIT_KINDS)]
            customer._end_rows(rows.search(domain), today)
            raised = limit.ceiling is not None and (now.ceiling is None or now.ceiling > limit.ceiling)
            if by_hand and raised:
                value = write_limit(limit, now)
                rows.create(customer._prepare_exception(RAISED, today, value=value))

    def _get_exception_text(self, kind, value):
        """Return what an exception of this account is about, as people read it.

        :param str value: as it is stored, see `core.credit.exceptions.Exemption`
        """
        if kind == POLICY and value:
            return self.env["ar.credit.policy"].sudo().browse(int(value)).exists().name or False  # its name alone
        if kind in (TEMPORARY_LIMIT, *LIMIT_KINDS) and value:
            texts = [self._get_credit_limit_text(limit) for limit in read_limits(value)]
            if kind == RAISED:
                return " → ".join(texts)
            if kind == ABOVE_RECOMMENDED:
                return self.env._("%(limit)s, recommended: %(recommended)s", limit=texts[0], recommended=texts[-1])
            return texts[0]
        return value or False

    # === MERGE === #

    def _drop_duplicates(self, others):
        """Override to end the rows of the other accounts: what this one keeps of them goes on."""
        result = super()._drop_duplicates(others)
        rows = self.env["ar.customer.exception"].sudo()  # users may not write the history
        opened = rows.search([("customer_id", "in", others.ids), ("ended_on", "=", False)])
        opened.ended_on = self.company_id._ar_today()
        self.env.flush_all()
        return result
