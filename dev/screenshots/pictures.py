"""What `make screenshots` takes pictures of."""

from collections.abc import Callable
from dataclasses import dataclass

PHONE = {"width": 390, "height": 844}


def _nothing(_page):
    """Leave the page as it opens."""


def _open_first(page):
    """Open the first record of a list or of cards."""
    page.click(".o_data_row td.o_data_cell >> nth=0, .o_kanban_record:not(.o_kanban_ghost) >> nth=0")
    page.wait_for_selector(".o_form_view")


@dataclass(frozen=True)
class Screen:
    """A screen of Odoo.

    :param name: of the file
    :param action: the window action, without the module
    :param shown: selector of what has to be there
    :param act: what to do on the page before the picture is taken
    """

    name: str
    action: str
    login: str = "manager"
    shown: str = ".o_view_controller"
    act: Callable = _nothing


SCREENS = (
    Screen("dashboard", "ar_dashboard_action", shown=".o_ar_dashboard"),
    Screen("worklist", "ar_customer_action", login="collector"),
    Screen("customer", "ar_customer_action", login="collector", act=_open_first),
    Screen("policy", "ar_credit_policy_action", act=_open_first),
    Screen("schedule", "ar_reminder_schedule_action", act=_open_first),
    Screen("team_board", "ar_team_board_action"),
    Screen("risk_register", "ar_credit_risk_action"),
)

#: Pages of the customer, each from the link of a reminder.
PAGES = (("customer_page", _nothing),)
