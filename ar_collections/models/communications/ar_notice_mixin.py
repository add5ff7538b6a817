from odoo import models


class ArNoticeMixin(models.AbstractModel):
    """What customers can be sent a notice about: it says what the notice lists, and whether it still holds."""

    _name = "ar.notice.mixin"
    _description = "Subject of a Notice"

    def _is_notice_valid(self, notice):
        """Tell whether a notice that waits in the queue is still true; asked when it is handed over.

        :param str notice: its code, see ``const.NOTICES``
        """
        self.ensure_one()
        return True

    def _get_notice_lines(self, notice):
        """Return what a notice lists: [(journal item, amount in its currency)], may be empty."""
        self.ensure_one()
        return []

    def _get_notice_html(self, communication):
        """Return what a notice says about the agreement, ready to print in the language of the communication."""
        self.ensure_one()
        return ""
