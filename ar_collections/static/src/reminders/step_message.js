import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { serializeDate } from "@web/core/l10n/dates";

import { Component, useState } from "@odoo/owl";

/**
 * The message that the dialog's step sends to its customer on its day, read anew whenever one of them changes.
 *
 * It is shown in a frame without scripts and without links that work, because templates may hold any HTML.
 */
export class StepMessage extends Component {
    static template = "ar_collections.StepMessage";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.state = useState({ message: null, page: "" });
        useRecordObserver((record) => this.load(record.data));
    }

    async load({ step_id, customer_id, date, lang }) {
        const values = [step_id.id, customer_id ? customer_id.id : false, date ? serializeDate(date) : false, lang];
        const message = await this.keepLast.add(this.orm.call("ar.step.preview", "get_message", values));
        Object.assign(this.state, { message, page: message.html ? this.makePage(message.html) : "" });
    }

    /** The page of the frame: without scripts, and with a base of links that opens nowhere. */
    makePage(html) {
        const page = new DOMParser().parseFromString(html, "text/html");
        page.querySelectorAll("script, base").forEach((element) => element.remove());
        const base = page.createElement("base");
        base.target = "_blank";
        page.head.prepend(base);
        return `<!DOCTYPE html>${page.documentElement.outerHTML}`;
    }

    /** Give the frame the height of its message, so that the dialog alone scrolls. */
    resize(ev) {
        const { documentElement } = ev.target.contentDocument;
        ev.target.style.height = `${Math.min(documentElement.scrollHeight + 16, 4000)}px`;
    }
}

registry.category("view_widgets").add("ar_step_message", { component: StepMessage });
