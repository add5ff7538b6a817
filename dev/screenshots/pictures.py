"""What `make screenshots` takes pictures of: screens of Odoo, pages of customers, a message."""

from collections.abc import Callable
from dataclasses import dataclass


def _nothing(_page):
    """Leave the page as it opens."""


def _open_tab(name):
    """Return what opens a tab of a form."""

    def act(page):
        page.click(f".o_notebook_headers a[name={name}]")
        page.wait_for_selector(f".o_notebook_headers a[name={name}].active")

    return act


def _show_items(page):
    """Go on from the dialog with the sums to the items behind them."""
    page.click(".modal button[name=action_show]")
    page.wait_for_selector(".modal", state="hidden")
    page.wait_for_selector(".o_group_header, .o_data_row")


@dataclass(frozen=True)
class Screen:
    """A screen of Odoo.

    :param name: of the file
    :param action: the action, without the module
    :param login: of who looks at it
    :param record: XML id of the record, or the end of the one of the customer; without it a list
    :param shown: selector of what has to be there
    :param act: what to do on the page before the picture is taken
    :param height: of the page, in pixels
    """

    name: str
    action: str
    login: str = "manager"
    record: str = ""
    shown: str = ".o_view_controller"
    act: Callable = _nothing
    height: int = 900


@dataclass(frozen=True)
class Visit:
    """A page that a customer sees.

    :param name: of the file
    :param customer: the end of the XML id of the customer
    """

    name: str
    customer: str
    phone: bool = False


SCREENS = (
    Screen("dashboard", "ar_dashboard_action", shown=".o_ar_dashboard canvas", height=960),
    Screen("worklist", "ar_customer_action", login="collector", shown=".o_data_row"),
    Screen("customer", "ar_customer_action", "collector", "tomorrow", ".o_form_view", _open_tab("communications")),
    Screen(
        "schedule", "ar_reminder_schedule_action", record="reminder_schedule_standard", shown=".o_form_view", height=620
    ),
    Screen("aging", "ar_aging_action", shown=".modal .o_form_view", act=_show_items),
    Screen("dispute", "ar_dispute_action", "collector", "wobbly", ".o_form_view", height=760),
)
VISITS = (Visit("customer_page", "tandem"), Visit("customer_page_phone", "tandem", phone=True))
#: Words of the subject, and the address, of the message that is shown.
MAIL = ("friendly reminder", "store@old-mill.example.com")
