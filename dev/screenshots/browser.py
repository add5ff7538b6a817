"""The machine's browser, driven by Playwright."""

import contextlib
import shutil

from playwright.sync_api import Error, sync_playwright

from dev.setup.__main__ import CHROME_NAMES
from dev.setup.console import Problem

#: The sandbox needs rights that containers do not give; only our own pages are opened.
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
#: Milliseconds: how long to wait for what has to be there, on a busy machine, the first time.
PATIENCE = 90_000


@contextlib.contextmanager
def browser():
    """Start the browser for the block; return Playwright's `Browser`.

    :raise Problem: if there is no browser, or what has to be on a page does not appear
    """
    program = next(filter(None, map(shutil.which, CHROME_NAMES)), None)
    if not program:
        raise Problem(f"A browser is needed: any of these on the PATH will do: {', '.join(CHROME_NAMES)}.")
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=program, args=OPTIONS)
        try:
            yield started
        except Error as error:
            raise Problem(f"The picture could not be taken: {error.message}. See also .dev/log/.") from error
        finally:
            started.close()


@contextlib.contextmanager
def new_page(started, width, height, scale=1, phone=False):
    """Open an empty page of this size for the block.

    :param started: what `browser` returned
    :param int width: in pixels of the page, as `height`
    :param int scale: pixels of the picture for one of the page
    :param bool phone: whether the page is one of a phone
    """
    size = {"width": width, "height": height}
    context = started.new_context(
        viewport=size,
        device_scale_factor=scale,
        is_mobile=phone,
        has_touch=phone,
        locale="en-US",
        timezone_id="UTC",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE)
    try:
        yield context.new_page()
    finally:
        context.close()
