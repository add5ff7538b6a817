from odoo import fields, models

CREATED, CHANGED, DELETED = "created", "changed", "deleted"


class ArSettingChange(models.Model):
    """One change of a rule that decides about reminders or money: who, when, from what to what; see `_logs_changes`.

    Policies and accounts are logged on their threads; this is for what has none, and for lines of it. Nobody writes or
    deletes it, also not with the record.
    """

    _name = "ar.setting.change"
    _inherit = ["ar.access.mixin"]
    _description = "Change of a Setting"
    _order = "id desc"
    _rec_name = "record_name"

    date = fields.Datetime("Changed on", required=True, readonly=True, default=fields.Datetime.now, index=True)
    user_id = fields.Many2one("res.users", "Changed by", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(
        "res.company", readonly=True, index=True, ondelete="cascade", help="Empty: a rule that all companies share."
    )
    kind = fields.Selection(
        [(CREATED, "Created"), (CHANGED, "Changed"), (DELETED, "Deleted")], "Change", required=True, readonly=True
    )
    model_name = fields.Char("Setting", required=True, readonly=True, help="Kind of rule. Example: Reminder Step.")
    record_name = fields.Char(
        "Name", required=True, readonly=True, help="Rule that was changed, with what it is part of."
    )
    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True, index=True)
    text = fields.Text("Values", readonly=True, help="Each value before and after. Example: Days: 30 → 5.")
