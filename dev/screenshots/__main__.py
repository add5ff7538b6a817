"""`make screenshots`: pictures of the demo company, taken with a real browser, for the Apps list and the README.

Uses the demo company that `make demo` made, also while it runs, or makes it; `FRESH=1` makes it anew. The pictures go
to `ar_collections/static/description`, the icons of the other add-ons to theirs.
"""

import os

from dev.demo.__main__ import DATABASE
from dev.demo.__main__ import main as make_demo
from dev.demo.actions import account, open_dispute
from dev.screenshots import mails
from dev.screenshots.art import draw
from dev.screenshots.browser import browser, new_page
from dev.screenshots.files import FOLDER, write
from dev.screenshots.pictures import MAIL, SCREENS, VISITS
from dev.setup import database
from dev.setup.console import run_tool, step
from dev.setup.odoo_command import forget_environment, odoo_environment, odoo_server
from dev.setup.postgres import database_server

#: Expression of JavaScript: whether letters and pictures of the page are there.
COMPLETE = "document.fonts.status === 'loaded' && [...document.images].every((image) => image.complete)"
#: Milliseconds after which charts are drawn and what slides in stands still.
DRAWN = 1500
WIDTH = 1400


def main():
    """Take every picture; return the exit status."""
    with database_server():
        if os.environ.get("FRESH") == "1" or not database.exists(DATABASE):
            os.environ["SERVE"] = "0"
            make_demo()
        records, links = _read_addresses()
        with odoo_server(DATABASE) as address, browser() as started:
            _shoot_screens(started, address, records)
            _shoot_visits(started, address, links)
            _shoot_mail(started, address)
            with step("Icons and banner"):
                draw(started)
    return 0


def _read_addresses():
    """Return ({screen: id of its record}, {visit: path of the page}), read from the demo company."""
    with odoo_environment(DATABASE) as env:
        records = {screen.name: _find(env, screen).id for screen in SCREENS if screen.record}
        links = {}
        for visit in VISITS:
            customer = account(env, visit.customer)
            links[visit.name] = customer._get_page_address(access_token=customer._make_link("copied"))
    forget_environment(DATABASE)
    return records, links


def _find(env, screen):
    """Return the record that a screen shows."""
    if screen.action == "ar_customer_action":
        return account(env, screen.record)
    if screen.action == "ar_dispute_action":
        return open_dispute(env, screen.record)
    return env.ref(f"ar_collections.{screen.record}")


def _shoot_screens(started, address, records):
    """Take the pictures of Odoo's screens, as those who use them."""
    for login in dict.fromkeys(screen.login for screen in SCREENS):
        with new_page(started, WIDTH, 900) as page:
            _sign_in(page, address, login)
            for screen in (each for each in SCREENS if each.login == login):
                with step(screen.name):
                    record = f"/{records[screen.name]}" if screen.record else ""
                    page.set_viewport_size({"width": WIDTH, "height": screen.height})
                    page.goto(f"{address}/odoo/action-ar_collections.{screen.action}{record}")
                    page.wait_for_selector(screen.shown)
                    screen.act(page)
                    _shoot(page, screen.name)


def _sign_in(page, address, login):
    page.goto(f"{address}/web/login")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", login)
    page.click("button[type=submit]")
    page.wait_for_selector(".o_web_client")


def _shoot_visits(started, address, links):
    """Take the pictures of the customer page, on a phone and on a desk."""
    for visit in VISITS:
        size = (390, 844, 2, True) if visit.phone else (1200, 900)
        with step(visit.name), new_page(started, *size) as page:
            page.goto(f"{address}{links[visit.name]}")
            page.wait_for_selector(".o_ar_page")
            _shoot(page, visit.name)


def _shoot_mail(started, address):
    """Take the picture of a reminder as it arrived."""
    with step("reminder_mail"), new_page(started, 760, 900) as page:
        page.goto(f"{address}/web/login")  # of the same origin, so that the logo is shown
        page.set_content(mails.as_page(mails.find(*MAIL), address))
        _shoot(page, "reminder_mail", full_page=True)


def _shoot(page, name, **options):
    """Take a picture once all is drawn."""
    page.mouse.move(0, 0)  # else what is beneath it looks chosen
    page.wait_for_function(COMPLETE)
    page.wait_for_timeout(DRAWN)
    write(FOLDER / f"{name}.png", page.screenshot(**options))


if __name__ == "__main__":
    run_tool(main)
