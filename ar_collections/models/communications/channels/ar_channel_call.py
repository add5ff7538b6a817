from odoo import api, models
from odoo.tools.misc import get_lang

from ....formats import get_colon


class ArChannelCall(models.AbstractModel):
    """Calls: a task for a colleague; the call counts as made when the task is done."""

    _name = "ar.channel.call"
    _inherit = "ar.channel"
    _description = "Call"

    _is_spoken = True
    _icon = "fa-phone"

    @api.model
    def _reaches_any(self, rows):
        """Override: a call is always possible, a colleague finds the number."""
        return True

    @api.model
    def _send(self, communications):
        """Override to create a task with a summary of the account for each call."""
        activities = self.env["mail.activity"].sudo()  # tasks are created for colleagues, whatever the user's rights
        tasks = activities.with_context(mail_activity_quick_update=True, mail_create_nosubscribe=True)
        made = tasks.create([self._prepare_task_vals(communication) for communication in communications])
        for communication, activity in zip(communications, made, strict=True):
            communication.activity_id = activity

    @api.model
    def _prepare_task_vals(self, communication):
        """Return the values of the task to call, assigned as the step says, and due on the communication's date."""
        step = communication.step_id
        named = {
            "collector": communication.user_id,
            "salesperson": communication.partner_id.user_id,
            "user": step.user_id,
        }[step.responsible]
        company = communication.company_id
        users = named | communication.user_id
        responsible = users.filtered(lambda user: user._ar_works_for(company))[:1] or company._ar_get_responsible()
        reader = responsible or self.env.user
        translated = communication.with_context(lang=get_lang(self.env, reader.lang).code)
        activity_type = step.activity_type_id or self.env.ref("ar_collections.mail_activity_type_call")
        return {
            "res_model_id": self.env["ir.model"]._get_id("ar.customer"),
            "res_id": communication.customer_id.id,
            "activity_type_id": activity_type.id,
            "summary": translated.step_id.name,
            "note": self._get_preview(translated),
            "date_deadline": communication.date,
            "user_id": reader.id,
        }

    @api.model
    def _get_preview(self, communication):
        """Override to return what the colleague who calls reads in the task."""
        qweb = communication.env["ir.qweb"]  # in the language of the message's context
        values = {"object": communication, "colon": get_colon(communication.env)}
        return qweb._render("ar_collections.communication_call_brief", values)

    @api.model
    def _log(self, customer, contact):
        """Log a call outside of the reminder schedule: it uses no step, but counts as a contact.

        :return: the communication, in state `planned` until its result is known
        """
        today = customer.company_id._ar_today()
        log = self.env["ar.communication"].sudo()  # users have no create access to the log
        return log.create(
            {
                "customer_id": customer.id,
                "state": "planned",
                "is_manual": True,
                "date": today,
                "date_sent": today,
                "channel": "call",
                "tone": "friendly",
                "subject": self.env._("Call"),
                "user_id": self.env.uid,
                "recipient_ids": contact.ids,
                "lang": self.env["ar.outreach"]._choose_lang(customer, contact),
            }
        )
