import { _t } from "@web/core/l10n/translation";

import { Component } from "@odoo/owl";

/** The steps of the set-up of collections, each with its state by facts and a link to where it is done. */
export class SetupPanel extends Component {
    static template = "ar_collections.SetupPanel";
    static props = { setup: Object, onOpen: Function, onPreview: Function, onClose: Function };

    get progress() {
        const { steps } = this.props.setup;
        const done = steps.filter((step) => step.is_done).length;
        return _t("%(done)s of %(all)s done", { done, all: steps.length });
    }

    stateOf(step) {
        return step.is_done ? _t("Done") : _t("To do");
    }
}
