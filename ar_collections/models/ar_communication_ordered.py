from odoo import fields, models


class ArCommunicationOrdered(models.Model):
    """A reminder that a person ordered about chosen items keeps to them, whatever else is due by the time it goes."""

    _inherit = "ar.communication"

    is_chosen = fields.Boolean("About Chosen Items", readonly=True, help="A person chose what it is about.")

    def _pass_gate(self):
        """Override to ask about the chosen items alone; each such message is judged for itself."""
        chosen = self.filtered("is_chosen")
        passed = super(ArCommunicationOrdered, self - chosen)._pass_gate()
        for communication in chosen:
            about = communication.with_context(ar_chosen_items=tuple(communication.line_ids.move_line_id.ids))
            passed |= self.browse(super(ArCommunicationOrdered, about)._pass_gate().ids)
        return passed.filtered(lambda communication: communication.state == "planned")
