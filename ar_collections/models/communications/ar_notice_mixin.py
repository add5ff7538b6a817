from odoo import models


class ArNoticeMixin(models.AbstractModel):
    """A record that customers get notices about: it provides their content, and checks whether they are still valid.

    Models that inherit it override the methods below; the defaults suit a notice without items.
    """

    _name = "ar.notice.mixin"
    _description = "Subject of a Notice"

    def _is_notice_valid(self, notice):
        """Return whether a notice that waits in the queue is still valid; called before it is sent.

        An override compares the notice with the record's present state.

        :param str notice: its code, see ``const.NOTICES``
        """
        self.ensure_one()
        return True

    def _get_notice_lines(self, notice):
        """Return the items that a notice lists: [(journal item, amount in its currency)], may be empty.

        Amounts of credits are negative.
        """
        self.ensure_one()
        return []

    def _get_notice_members(self, notice):
        """Return {journal item id: id of the account that owes it}, of items that the recipient pays for another."""
        self.ensure_one()
        return {}

    def _get_notice_vals(self, notice):
        """Return further values of the communication, such as another ``mail_template_id``."""
        self.ensure_one()
        return {}

    def _get_notice_html(self, communication):
        """Return the HTML about the agreement for a notice, in the language of the communication."""
        self.ensure_one()
        return ""
