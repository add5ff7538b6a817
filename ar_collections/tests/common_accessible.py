import json
import os
from pathlib import Path

#: Checks each page in a frame as wide as a screen: what axe-core, overflow and focus say.
FRAMES = """
const [pages, widths] = %s;
const frame = document.createElement("iframe");
document.body.replaceChildren(frame);
async function check({ name, url, html, is_mail }, width) {
    frame.style.width = `${width}px`;
    frame.removeAttribute("srcdoc");
    await new Promise((resolve) => {
        frame.onload = resolve;
        if (html) frame.srcdoc = html;
        else frame.src = url;
    });
    await pause(is_mail ? 100 : 700);
    // As high as the page, so that the bar at the bottom of the screen covers nothing.
    frame.style.height = `${frame.contentDocument.documentElement.scrollHeight + 200}px`;
    await pause(100);
    const page = frame.contentDocument, found = [];
    const root = page.documentElement;
    if (root.scrollWidth > width) found.push(`${root.scrollWidth} pixels wide`);
    if (!root.lang) found.push("no language");
    if (!is_mail) {
        if (page.querySelectorAll("h1").length !== 1) found.push("not one h1");
        if (!page.title.trim() || page.title === "Odoo") found.push("no title");
    }
    frame.contentWindow.eval(axeSource);
    // Mail programs show the subject, and no title.
    found.push(...(await faultsOf(frame.contentWindow.axe, page, is_mail ? ["document-title"] : [])));
    return found.map((text) => `${name} at ${width}: ${text}`);
}
function unfocused(page) {
    const controls = "a[href], button, input:not([type=hidden]), select, textarea, summary";
    return [...page.querySelectorAll("main a[href], .o_ar_page button, .o_ar_page input:not([type=hidden])")].filter(
        (control) => control.offsetParent && control.matches(controls) && control.tabIndex < 0 && !control.disabled
    );
}
async function look(faults) {
    for (const width of widths) {
        for (const page of pages) {
            faults.push(...(await check(page, width)));
            unfocused(frame.contentDocument).forEach((control) =>
                faults.push(`${page.name}: the keyboard does not reach ${control.outerHTML.slice(0, 120)}`)
            );
        }
    }
}
"""

#: Checks a part of the page that is open.
OPEN = """
async function look(faults) {
    window.eval(axeSource);
    faults.push(...(await faultsOf(window.axe, document.querySelector(%s))));
}
"""

SCRIPT = """
const axeSource = %s;
const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
async function faultsOf(axe, part, without = []) {
    const rules = Object.fromEntries(without.map((rule) => [rule, { enabled: false }]));
    const { violations } = await axe.run(part, { runOnly: tags, rules });
    const found = [];
    for (const fault of violations.filter((each) => ["serious", "critical"].includes(each.impact))) {
        // The mark of Odoo's payment form for providers in test mode.
        const nodes = fault.nodes.filter((node) => !node.html.includes("fa-exclamation-triangle"));
        nodes.slice(0, 5).forEach((node) => found.push(`${fault.id}: ${node.html.slice(0, 200)}`));
    }
    return found;
}
%s
(async () => {
    const faults = [];
    await look(faults);
    if (faults.length) console.error(faults.join("\\n"));
    else console.log("test successful");
})();
"""


class AccessibleCommon:
    """Checks of pages and mails with axe-core, all of a test in one start of the browser; for an `HttpCase`."""

    def _check(self, pages, widths=(320, 390, 1280)):
        """Fail with what is wrong with pages or mails.

        :param list pages: (name, path), (name, None, HTML of a page that answers a form), or what `_as_mails` returns
        """
        keys = ("name", "url", "html", "is_mail")
        rows = [page if isinstance(page, dict) else dict(zip(keys, page, strict=False)) for page in pages]
        self._run_script("/web/health", FRAMES % json.dumps([rows, widths]))

    def _check_open(self, path, selector, ready, login):
        """Fail with what is wrong with a part of a screen of Odoo.

        :param str ready: expression of JavaScript that is true once the screen is there
        """
        self._run_script(path, OPEN % json.dumps(selector), ready=ready, login=login)

    @staticmethod
    def _as_mails(name, mails):
        """Return the mails to customers among those that went out, see `_deliver`, as pages to check."""
        bodies = [mail["body"] for mail in mails if "o_ar_contact" in mail["body"]]
        return [{"name": name, "html": body, "is_mail": True} for body in bodies]

    def _run_script(self, path, code, **options):
        if not os.environ.get("AR_AXE"):
            self.skipTest("AR_AXE does not say where axe.min.js is; `make test` does")
        axe = Path(os.environ["AR_AXE"]).read_text(encoding="utf-8")
        found = ""
        try:
            self.browser_js(path, SCRIPT % (json.dumps(axe), code), timeout=240, **options)
        except AssertionError as error:
            found = str(error).rsplit(" failed\n\n", 1)[-1][:3000]  # without the code, half a megabyte
        self.assertFalse(found)
