import { onPatched } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { X2ManyField, x2ManyField } from "@web/views/fields/x2many/x2many_field";
import { ListRenderer } from "@web/views/list/list_renderer";
import { MultiRecordViewButton } from "@web/views/view_button/multi_record_view_button";

/** A list in a form with selectable rows; on small screens, without room for checkboxes, a tap on a row selects it. */
export class SelectableListRenderer extends ListRenderer {
    /** Override to select the row on small screens. */
    async onCellClicked(record, column, ev, newWindow) {
        if (this.env.isSmall && this.canSelectRecord) {
            return record.toggleSelection();
        }
        return super.onCellClicked(record, column, ev, newWindow);
    }

    /** Override: the list of a field keeps no selection; it must be read from its records. */
    get selectAll() {
        const { records } = this.props.list;
        return records.length > 0 && records.every((record) => record.selected);
    }

    /** Override to select or deselect the records themselves, for the same reason. */
    toggleSelection() {
        if (!this.canSelectRecord) {
            return;
        }
        const ticked = !this.selectAll;
        for (const record of this.props.list.records) {
            record.toggleSelection(ticked);
        }
    }
}

/**
 * A list in a form with the selectors and header buttons of a list view: `<header>` of the inner `<list>` is read as
 * in any list view, and its buttons act on the selected rows. The rest is Odoo's one2many field.
 */
export class SelectableListField extends X2ManyField {
    static template = "ar_collections.SelectableListField";
    static components = { ...X2ManyField.components, ListRenderer: SelectableListRenderer, MultiRecordViewButton };

    setup() {
        super.setup();
        // The form is read again after each dialog, with new records: who was refused does not select them once more.
        this.known = this.list.records;
        this.kept = [];
        onPatched(() => this.keepSelection());
    }

    /** Select in new records of the same items what was selected in the records before. */
    keepSelection() {
        const { records } = this.list;
        const isRead = records !== this.known && records.some((record) => !this.known.includes(record));
        if (isRead) {
            for (const record of records) {
                if (this.kept.includes(record.resId) && !record.selected) {
                    record.toggleSelection(true);
                }
            }
        }
        this.known = records;
        this.kept = this.tickedIds;
    }

    get rendererProps() {
        return { ...super.rendererProps, allowSelectors: true };
    }

    get headerButtons() {
        return (this.archInfo.headerButtons || []).filter((button) => !this.evalInvisible(button.invisible));
    }

    get tickedIds() {
        return this.list.records.filter((record) => record.selected).map((record) => record.resId);
    }

    /** The selection that the buttons act on, with the interface of a list view's model. */
    get ticked() {
        const { context, evalContext, resModel } = this.list;
        return { context, evalContext, resModel, getResIds: async () => this.tickedIds };
    }
}

export const selectableListField = {
    ...x2ManyField,
    component: SelectableListField,
};

registry.category("fields").add("ar_selectable_list", selectableListField);
