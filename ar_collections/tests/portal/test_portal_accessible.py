import json
import os
from pathlib import Path

from odoo.tests import HttpCase, tagged

from ...core.autopay.options import AutopayOptions
from .common_portal import ArPortalCommon

#: Opens each page in a frame as wide as a screen and reports what axe-core, overflow and focus say.
CHECK = """
const [pages, widths] = %(arguments)s;
const source = axeSource;
const frame = document.createElement("iframe");
document.body.replaceChildren(frame);
const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
async function check(name, url, width) {
    frame.style.width = `${width}px`;
    await new Promise((resolve) => { frame.onload = resolve; frame.src = url; });
    await pause(700);
    // As high as the page, so that the bar at the bottom of the screen covers nothing.
    frame.style.height = `${frame.contentDocument.documentElement.scrollHeight + 200}px`;
    await pause(100);
    const page = frame.contentDocument, found = [];
    const root = page.documentElement;
    if (root.scrollWidth > width) found.push(`${root.scrollWidth} pixels wide`);
    if (page.querySelectorAll("h1").length !== 1) found.push("not one h1");
    if (!root.lang || !page.title.trim() || page.title === "Odoo") found.push("no language or title");
    frame.contentWindow.eval(source);
    const { violations } = await frame.contentWindow.axe.run(page, { runOnly: tags });
    for (const fault of violations.filter((each) => ["serious", "critical"].includes(each.impact))) {
        // The mark of Odoo's payment form for providers in test mode.
        const nodes = fault.nodes.filter((node) => !node.html.includes("fa-exclamation-triangle"));
        nodes.slice(0, 3).forEach((node) => found.push(`${fault.id}: ${node.html.slice(0, 200)}`));
    }
    return found.map((text) => `${name} at ${width}: ${text}`);
}
function unfocused(page) {
    const controls = "a[href], button, input:not([type=hidden]), select, textarea, summary";
    return [...page.querySelectorAll("main a[href], .o_ar_page button, .o_ar_page input:not([type=hidden])")].filter(
        (control) => control.offsetParent && control.matches(controls) && control.tabIndex < 0 && !control.disabled
    );
}
(async () => {
    const faults = [];
    for (const width of widths) {
        for (const [name, url] of pages) {
            faults.push(...(await check(name, url, width)));
            unfocused(frame.contentDocument).forEach((control) =>
                faults.push(`${name}: the keyboard does not reach ${control.outerHTML.slice(0, 120)}`)
            );
        }
    }
    if (faults.length) console.error(faults.join("\\n"));
    else console.log("test successful");
})();
"""


@tagged("post_install", "-at_install", "ar_tour")
class TestAccessible(ArPortalCommon, HttpCase):
    """The screens of the customer's page: nothing serious for axe-core, nothing wider than a phone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        demo = cls._prepare_provider("demo", company=cls.company, update_values={"is_published": True})
        demo.journal_id = cls.company_data["default_journal_bank"]
        demo.allow_tokenization = True
        cls.env["res.partner.bank"].create(
            {"acc_number": "IE29 AIBK 9311 5212 3456 78", "partner_id": cls.company.partner_id.id}
        )

    def _check(self, pages, widths=(320, 390, 1280)):
        """Fail with what is wrong with the pages.

        :param list pages: [(name, path)]
        """
        if not os.environ.get("AR_AXE"):
            self.skipTest("AR_AXE does not say where axe.min.js is; `make test` does")
        axe = Path(os.environ["AR_AXE"]).read_text(encoding="utf-8")
        code = f"const axeSource = {json.dumps(axe)};" + CHECK % {"arguments": json.dumps([pages, widths])}
        try:
            self.browser_js("/web/health", code, timeout=240)
        except AssertionError as error:
            self.fail(str(error).rsplit(" failed\n\n", 1)[-1][:3000])  # without the code, half a megabyte

    def _links(self, *suffixes, customer=None):
        customer = customer or self.customer
        return [(suffix or "page", self._address(suffix, customer=customer)) for suffix in suffixes]

    def _address(self, suffix="", query="", customer=None):
        """Return the address of a page, with a valid key."""
        customer = customer or self.customer
        return f"/my/receivables/{customer.id}{suffix}?access_token={self._key(customer)}{query}"

    def test_page_of_a_customer_and_the_ways_to_pay(self):
        self._invoice(self.payer, 2, 50, move_type="out_refund")
        choice = self.env["ar.payment.choice"].sudo()._make(self.customer, {self._item(self.old).id: None}, [])
        self._check(
            [
                *self._links("", f"/pay/{choice.token}", "/paid"),
                ("search", self._address(query="&search=nothing")),
                ("no access", f"/my/receivables/{self.customer.id}?access_token=wrong"),
            ]
        )

    def test_forms_and_agreements(self):
        items = f"&item={self._item(self.old).id}&item={self._item(self.new).id}"
        forms = [(name, self._address(f"/{name}", items)) for name in ("promise", "dispute", "plan")]
        today = self.company._ar_today()
        promise = self.customer._promise(today, {self._item(self.new).id: None}, origin="portal")
        self._check([*forms, *self._links("", f"/promise/{promise.id}")])

    def test_a_long_list_with_long_names_in_two_currencies(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        partner = self._partner(
            name="Society for the Preservation of Historic Bicycles and Penny-Farthings GmbH & Co. KG"
        )
        self._invoices([partner] * 105, 20, 1_234_567.89)
        self._invoices([partner] * 2, 20, 1_234_567.89, currency_id=euro.id)
        customer = self._customer(partner)
        self._check(
            [
                ("full", self._address(customer=customer)),
                ("second page", self._address(query="&page=2", customer=customer)),
            ],
            widths=(320, 1280),
        )

    def test_nothing_to_pay(self):
        customer = self._customer(self._partner(name="Paid Up"))
        self._check(self._links("", customer=customer))

    def test_automatic_payments(self):
        options, holder = AutopayOptions("month_day", 0, 31), self._portal_user(self.payer, "card-holder")
        values = {"provider_id": self.provider.id, "payment_method_id": self.payment_method_id, "provider_ref": "saved"}
        token = self.env["payment.token"].sudo().create({**values, "partner_id": self.payer.id})
        terms = f"&method={token.id}&charge_on=month_day&month_day=31&maximum_charge=150"
        self._check(self._links("/autopay", "/autopay/method"))
        self.authenticate(holder.login, holder.login)
        self._check([("form", self._address("/autopay")), ("terms", self._address("/autopay/review", terms))])
        text = self.customer._get_autopay_consent_text(options)
        self.customer._accept_autopay(token, "The payer", text, options)
        self._check(self._links("/autopay", "/autopay/change"))
