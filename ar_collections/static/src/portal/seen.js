import { rpc } from "@web/core/network/rpc";
import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/** Milliseconds for which the page is in view before it counts as seen. */
const AFTER = 2000;

/**
 * Tells the server that somebody looks at the page. Programs that open the links of mails to check them run no scripts,
 * or run them without a window; neither counts as the customer.
 */
export class Seen extends Interaction {
    static selector = "[data-seen-url]";
    dynamicContent = { _document: { "t-on-visibilitychange": this.wait } };

    start() {
        this.wait();
    }

    wait() {
        clearTimeout(this.timer);
        if (!this.isTold && !navigator.webdriver && document.visibilityState === "visible") {
            this.timer = this.waitForTimeout(this.tell, AFTER);
        }
    }

    async tell() {
        this.isTold = true;
        const token = new URLSearchParams(window.location.search).get("access_token");
        const items = this.el.dataset.seenItems || "";
        await rpc(this.el.dataset.seenUrl, { access_token: token, items }, { silent: true }).catch(() => {});
    }
}

registry.category("public.interactions").add("ar_collections.seen", Seen);
