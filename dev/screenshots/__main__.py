"""`make screenshots`: pictures of the demo company, taken with a real browser, for the store page and the README.

Makes the demo company first, as `make demo` does, unless `FRESH=0` says that the present one will do. The pictures
go to `ar_collections/static/description`; the README shows the same.
"""

import os
import shutil
import sys

from playwright.sync_api import sync_playwright

from dev.demo.__main__ import DATABASE, _customer_link
from dev.demo.__main__ import main as make_demo
from dev.screenshots.pictures import PAGES, PHONE, SCREENS
from dev.setup import database
from dev.setup.__main__ import CHROME_NAMES
from dev.setup.console import Problem, run_tool, step
from dev.setup.odoo_command import odoo_environment, odoo_server
from dev.setup.paths import ROOT
from dev.setup.postgres import database_server

FOLDER = ROOT / "ar_collections" / "static" / "description"
#: Milliseconds after which charts are drawn and images are there.
DRAWN = 1500


def main():
    """Take every picture; return the exit status."""
    os.environ["SERVE"] = "0"
    if os.environ.get("FRESH") != "0" and (status := make_demo()):
        return status
    FOLDER.mkdir(parents=True, exist_ok=True)
    with database_server():
        if not database.exists(DATABASE):
            raise Problem("There is no demo company: run `make screenshots` without FRESH=0.")
        with odoo_server(DATABASE) as address, _browser() as browser:
            link = _get_link(address)
            _shoot_screens(browser, address)
            _shoot_pages(browser, link)
    return 0


def _browser():
    """Return a context manager that starts the machine's browser."""
    program = next(filter(None, map(shutil.which, CHROME_NAMES)), None)
    if not program:
        raise Problem(f"A browser is needed: any of these on the PATH will do: {', '.join(CHROME_NAMES)}.")
    return _Browser(program)


class _Browser:
    """The browser while it runs."""

    def __init__(self, program):
        self._program = program

    def __enter__(self):
        self._driver = sync_playwright().start()
        self._browser = self._driver.chromium.launch(executable_path=self._program, args=["--no-sandbox"])
        return self._browser

    def __exit__(self, *_error):
        self._browser.close()
        self._driver.stop()


def _get_link(address):
    """Return the link to the page of the customer that was reminded last, on the server that runs now."""
    with odoo_environment(DATABASE) as env:
        link = _customer_link(env)
        return link.replace(env["ir.config_parameter"].get_param("web.base.url"), address)


def _shoot_screens(browser, address):
    """Take the pictures of Odoo's screens, as those who use them."""
    for login in dict.fromkeys(screen.login for screen in SCREENS):
        page = browser.new_context(viewport={"width": 1400, "height": 900}).new_page()
        page.goto(f"{address}/web/login")
        page.fill("input[name=login]", login)
        page.fill("input[name=password]", login)
        page.click("button[type=submit]")
        page.wait_for_selector(".o_web_client")
        for screen in (each for each in SCREENS if each.login == login):
            with step(screen.name):
                page.goto(f"{address}/odoo/action-ar_collections.{screen.action}")
                page.wait_for_selector(screen.shown)
                screen.act(page)
                page.wait_for_timeout(DRAWN)
                page.screenshot(path=str(FOLDER / f"{screen.name}.png"))


def _shoot_pages(browser, link):
    """Take the pictures of the customer page on a phone."""
    page = browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True, device_scale_factor=2).new_page()
    for name, act in PAGES:
        with step(name):
            page.goto(link)
            act(page)
            page.wait_for_timeout(DRAWN)
            page.screenshot(path=str(FOLDER / f"{name}.png"))


if __name__ == "__main__":
    sys.exit(run_tool(main))
