import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";

import { onWillStart } from "@odoo/owl";

/** The worklist; above it stands whether collections are active, and what to do where they are not. */
export class WorklistRenderer extends ListRenderer {
    static template = "ar_collections.WorklistRenderer";

    setup() {
        super.setup();
        this.orm = useService("orm");
        this.action = useService("action");
        this.notice = false;
        onWillStart(async () => {
            this.notice = await this.orm.call("ar.customer", "get_worklist_notice", []);
        });
    }

    openAction(name) {
        return this.action.doAction(`ar_collections.${name}`);
    }
}

export const worklistView = { ...listView, Renderer: WorklistRenderer };

registry.category("views").add("ar_worklist", worklistView);
