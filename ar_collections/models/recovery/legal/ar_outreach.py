from dataclasses import replace
from datetime import timedelta

from odoo import api, models


class ArOutreach(models.AbstractModel):
    """Final demands: time to answer, channel and enclosures by the kind of debtor."""

    _inherit = "ar.outreach"

    @api.model
    def _prepare_communication_vals(self, customer, verdict, today):
        """Override for final demands; one whose enclosures are missing waits for a person."""
        values = super()._prepare_communication_vals(customer, verdict, today)
        step = self.env["ar.reminder.step"].browse(values["step_id"])
        if not step.is_final_demand:
            return values
        rule = self.env["ar.response.rule"]._choose(customer)
        channel = self._get_demand_channel(customer, step)
        days = rule.days or customer.policy_id._get_placement_rules(customer._get_debtor_kind() == "person").answer_days
        is_letter = self.env["ar.channel"]._get(channel)._is_printable
        missing = rule.enclosure_ids.filtered(lambda enclosure: enclosure._is_missing(is_letter))
        return {
            **values,
            "is_final_demand": True,
            "response_rule_id": rule.id,
            "channel": channel,
            "deadline": verdict.rules.calendar.next_workday(today + timedelta(days=days)),
            # A letter waits for a person anyway.
            "state": "review" if missing and not is_letter else values["state"],
        }

    @api.model
    def _get_demand_channel(self, customer, step):
        """Return the channel of a final demand: the step's, unless the rule wants a letter."""
        if not self.env["ar.response.rule"]._choose(customer)._is_by_post_for(customer):
            return step.channel
        printed = self.env["ar.channel"]._get_codes("_is_printable")
        return step.channel if step.channel in printed else printed[0]

    @api.model
    def _prepare_recipient_vals(self, customer, decision, rows, partners):
        """Override to address a final demand by post where the rule wants it."""
        step = self.env["ar.reminder.step"].browse(decision.step.step_id)
        if step.is_final_demand:
            channel = self._get_demand_channel(customer, step)
            decision = replace(decision, step=replace(decision.step, channel=channel))
        return super()._prepare_recipient_vals(customer, decision, rows, partners)

    @api.model
    def _add_review_task(self, communication):
        """Override to say in the task which enclosures of a final demand are missing."""
        if not communication.demand_hint or communication.edited_on:
            return super()._add_review_task(communication)
        reader = communication.with_context(lang=communication.customer_id.collector_id.lang or self.env.lang)
        return communication.customer_id._add_task(
            "ar_collections.mail_activity_type_review",
            reader.env._(
                "Review the final demand “%(step)s”. %(hint)s", step=reader.step_id.name, hint=reader.demand_hint
            ),
        )

    # === ENCLOSURES === #

    @api.model
    def _make_attachments(self, communication):
        """Override to add the enclosures of a final demand.

        :raise UserError: where one is missing by now
        """
        attachments = super()._make_attachments(communication)
        if not communication.is_final_demand:
            return attachments
        communication._check_enclosures()
        for name, content in self._get_enclosed(communication):
            attachments |= self._attach(communication, name, content)
        return attachments

    @api.model
    def _name_attachments(self, communication):
        """Override to name the enclosures of a final demand, also those that are missing yet or added by hand."""
        rule = communication.response_rule_id.sudo().with_context(lang=communication.lang)  # for the message
        return [*super()._name_attachments(communication), *rule.enclosure_ids.mapped("name")]

    @api.model
    def _get_enclosed(self, communication):
        """Return [(name, PDF)] of the enclosures of a final demand, in their order; without what is added by hand."""
        found = []
        rule = communication.response_rule_id.sudo().with_context(lang=communication.lang)  # for the message
        for enclosure in rule.enclosure_ids:
            if enclosure.kind == "file":
                found.append((enclosure.name, enclosure._get_content()))
            elif enclosure.kind == "statement" and not communication.step_id.attach_statement:
                customer, statements = communication.sudo().customer_id, self.env["ar.statement"].sudo()  # as above
                members = (communication._get_debtors() - customer).ids
                content, _type = statements._render_pdf(customer, communication.date, member_ids=members)
                found.append((enclosure.name, content))
        return found
