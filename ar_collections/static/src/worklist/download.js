import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";

/** Download a file and read the list again: what was printed leaves it, what was not is named. */
async function download(env, action) {
    const { url, message } = action.params;
    browser.location.assign(url);
    if (message) {
        env.services.notification.add(message, { type: "warning", sticky: true });
    }
    return { type: "ir.actions.client", tag: "soft_reload" };
}

registry.category("actions").add("ar_download", download);
