import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";

/** Download a file and read the list again: what was printed leaves it. */
async function download(env, action) {
    browser.location.assign(action.params.url);
    return { type: "ir.actions.client", tag: "soft_reload" };
}

registry.category("actions").add("ar_download", download);
