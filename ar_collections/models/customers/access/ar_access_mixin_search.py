from odoo import models


class ArAccessMixinSearch(models.AbstractModel):
    """Searching by messages, followers and tasks: Odoo checks the access to a field only where it has no search method.

    Each of these methods of `mail` searches in superuser mode.
    """

    _inherit = "ar.access.mixin"

    def _check_thread_search(self, name):
        """Check that the user may search by this field of `mail`, see `_has_field_access`."""
        self._check_field_access(self._fields[name], "read")

    def _search_message_is_follower(self, operator, value):
        self._check_thread_search("message_is_follower")
        return super()._search_message_is_follower(operator, value)

    def _search_message_partner_ids(self, operator, value):
        self._check_thread_search("message_partner_ids")
        return super()._search_message_partner_ids(operator, value)

    def _search_has_message(self, operator, value):
        self._check_thread_search("has_message")
        return super()._search_has_message(operator, value)

    def _search_message_needaction(self, operator, value):
        self._check_thread_search("message_needaction")
        return super()._search_message_needaction(operator, value)

    def _search_message_has_error(self, operator, value):
        self._check_thread_search("message_has_error")
        return super()._search_message_has_error(operator, value)

    def _search_activity_state(self, operator, value):
        self._check_thread_search("activity_state")
        return super()._search_activity_state(operator, value)

    def _search_activity_date_deadline(self, operator, value):
        self._check_thread_search("activity_date_deadline")
        return super()._search_activity_date_deadline(operator, value)

    def _search_activity_user_id(self, operator, value):
        self._check_thread_search("activity_user_id")
        return super()._search_activity_user_id(operator, value)

    def _search_activity_type_id(self, operator, value):
        self._check_thread_search("activity_type_id")
        return super()._search_activity_type_id(operator, value)

    def _search_activity_summary(self, operator, value):
        self._check_thread_search("activity_summary")
        return super()._search_activity_summary(operator, value)

    def _search_activity_exception_decoration(self, operator, value):
        self._check_thread_search("activity_exception_decoration")
        return super()._search_activity_exception_decoration(operator, value)
