import logging
from ast import literal_eval

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

_logger = logging.getLogger(__name__)


class ArCreditPolicyFilter(models.Model):
    """To which customers a policy applies, and which of its settings do not work."""

    _inherit = "ar.credit.policy"

    warning = fields.Text(
        "Settings That Do Not Work",
        compute="_compute_warning",
        help="Settings of this policy that do not work, each with what to correct.",
    )

    @api.constrains("partner_domain")
    def _check_partner_domain(self):
        """Check that the domain works: with an invalid one its customers would get no reminders."""
        for policy in self:
            if error := policy._find_filter_error():
                raise ValidationError(
                    self.env._(
                        "The filter of policy “%(policy)s” is invalid: %(error)s", policy=policy.name, error=error
                    )
                ) from error

    def _get_partner_domain(self):
        """Return the filter on customers as a domain; an empty filter matches all."""
        return Domain(literal_eval(self.partner_domain or "[]"))

    def _match_partners(self, partners):
        """Return the policy of each partner: the first of these in sequence whose filter matches.

        A policy whose filter is broken, because it names a field that has gone, is skipped: it must not stop an
        invoice from being posted. The nightly run reports it, see `_report_settings`.

        :param partners: commercial partners
        :return: {partner id: policy}; partners without any policy are left out
        """
        matched, left = {}, partners
        for policy in self.sorted(lambda policy: (policy.sequence, policy.id)):
            if not left:
                break
            try:
                found = policy._filter_partners(left)
            except psycopg2.OperationalError:
                raise  # the transaction has failed, not this policy
            except Exception as error:  # as in `_find_filter_error`
                _logger.warning("The filter of %s is broken, the policy is skipped: %s", policy, error)
                continue
            matched.update(dict.fromkeys(found.ids, policy))
            left -= found
        return matched

    def _filter_partners(self, partners):
        """Return those of the partners whom the filter matches, archived ones as well; raises anything if it is broken.

        It is read in the policy's company, whoever asks: payment terms, for instance, differ from company to company.
        """
        domain = self._get_partner_domain()
        if domain.is_true():
            return partners
        # sudo: which policy applies does not depend on the contacts, fields and companies that the user may read.
        contacts = partners.sudo().with_company(self.company_id.id)
        with self.env.cr.savepoint():
            found = contacts._search(domain & Domain("id", "in", partners.ids), active_test=False)
            return partners.browse(found.get_result_ids())

    def _find_filter_error(self):
        """Return the exception that the filter causes, or ``None``: its text can be invalid in any way."""
        try:
            with self.env.cr.savepoint():
                self.env["res.partner"].search(self._get_partner_domain(), limit=1)
        except psycopg2.OperationalError:
            raise  # the transaction has failed, not this filter
        except Exception as error:
            return error
        return None

    @api.model
    def _report_company(self, company):
        """Store a problem for each policy of a company with settings that do not work; end those of the others.

        Of archived ones, for those that were set by hand.
        """
        chosen = self.env["ar.customer"]._search([("company_id", "=", company.id), ("policy_override_id", "!=", False)])
        in_use = Domain("active", "=", True) | Domain("id", "in", chosen.subselect("policy_override_id"))
        found = self.with_context(active_test=False).search(Domain("company_id", "=", company.id) & in_use)
        self.browse(found.ids)._report_settings()

    def _report_settings(self):
        """Store a problem for each policy with settings that do not work; end those of the others."""
        working = self.browse()
        for policy in self:
            if warnings := policy._find_warnings():
                self.env["ar.problem"]._report(policy, "policies", "\n".join(warnings))
            else:
                working |= policy
        self.env["ar.problem"]._clear(working, "policies")

    @api.depends(
        "active", "partner_domain", "schedule_id", "entry_step_id.active", "entry_step_id.schedule_id", "calendar_id",
        "workdays_only",
    )  # fmt: skip
    @api.depends_context("lang")
    def _compute_warning(self):
        for policy in self:
            policy.warning = policy.company_id and "\n".join(policy._find_warnings())

    def _find_warnings(self):
        """Return sentences about settings that do not work: filter, steps, calendar.

        Of an archived policy: where it was set by hand.
        """
        self.ensure_one()
        if not self.active:
            return self._find_archived_warnings()
        warnings = []
        if error := self._find_filter_error():
            message = self.env["ar.problem"]._get_message(error)
            warnings.append(self.env._("The filter is broken, the policy is skipped: %(error)s", error=message))
        warnings += self._find_step_warnings()
        if self.workdays_only and (warning := self._find_calendar_warning()):
            warnings.append(warning)
        return warnings + self._find_archived_settings()

    def _find_archived_settings(self):
        """Return a sentence for each archived setting that the policy uses: it goes on as if it were not archived."""
        names = [name for name in self._get_setting_names() if self[name] and not self[name].active]
        return [
            self.env._(
                "“%(name)s” (%(field)s) is archived and still applies: choose another one, or restore it.",
                name=self[name].display_name,
                field=self._fields[name]._description_string(self.env),
            )
            for name in names
        ]

    @api.model
    def _get_setting_names(self):
        """Return the names of the fields with settings that can be archived while policies use them.

        Extension point.
        """
        return ["schedule_id"]

    def _find_step_warnings(self):
        """Return sentences about a schedule without steps, and an entry step that was archived or moved."""
        steps = self._get_steps(self.schedule_id)
        if not steps:
            name = self.schedule_id.name or ""
            return [self.env._("The reminder schedule “%(name)s” has no steps: nothing is sent.", name=name)]
        entry = self.entry_step_id
        if not entry or entry.id in {step.step_id for step in steps}:
            return []
        return [
            self.env._(
                "The entry step “%(step)s” is archived or belongs to another schedule: late invoices start with the "
                "first step after the due date. Choose another entry step.",
                step=entry.name,
            )
        ]

    def _find_archived_warnings(self):
        """Return sentences about an archived policy: on how many customers it was set by hand, if on any."""
        number = self.env["ar.customer"].search_count([("policy_override_id", "in", self.ids)])
        if not number:
            return []
        return [
            self.env._(
                "The policy is archived and does not apply any more where it was set by hand (customers: %(number)s): "
                "the policy whose filter fits applies there. Choose another one on these customers, or none.",
                number=number,
            )
        ]
