import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** A mark on the rows on which the user did something today. */
export class DoneField extends Component {
    static template = "ar_collections.DoneField";
    static props = { ...standardFieldProps };

    get isDone() {
        return this.props.record.data[this.props.name];
    }
}

export const doneField = {
    component: DoneField,
    displayName: _t("Done mark"),
    supportedTypes: ["boolean"],
    isEmpty: () => false,
};

registry.category("fields").add("ar_done", doneField);
