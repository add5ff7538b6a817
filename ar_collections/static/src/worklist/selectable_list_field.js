import { registry } from "@web/core/registry";
import { X2ManyField, x2ManyField } from "@web/views/fields/x2many/x2many_field";
import { ListRenderer } from "@web/views/list/list_renderer";
import { MultiRecordViewButton } from "@web/views/view_button/multi_record_view_button";

/** A list in a form whose rows can be ticked; on a telephone, where there is no room for boxes, by a tap on the row. */
export class SelectableListRenderer extends ListRenderer {
    /** Override to tick on small screens. */
    async onCellClicked(record, column, ev, newWindow) {
        if (this.env.isSmall && this.canSelectRecord) {
            return record.toggleSelection();
        }
        return super.onCellClicked(record, column, ev, newWindow);
    }

    /** Override: the list of a field does not know which of its records are selected; they themselves do. */
    get selectAll() {
        const { records } = this.props.list;
        return records.length > 0 && records.every((record) => record.selected);
    }

    /** Override, for the same reason. */
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
 * everywhere, and its buttons act on the ticked rows. Everything else is Odoo's own field.
 */
export class SelectableListField extends X2ManyField {
    static template = "ar_collections.SelectableListField";
    static components = { ...X2ManyField.components, ListRenderer: SelectableListRenderer, MultiRecordViewButton };

    get rendererProps() {
        return { ...super.rendererProps, allowSelectors: true };
    }

    get headerButtons() {
        return (this.archInfo.headerButtons || []).filter((button) => !this.evalInvisible(button.invisible));
    }

    get tickedIds() {
        return this.list.records.filter((record) => record.selected).map((record) => record.resId);
    }

    /** What the buttons act on, in the shape of a list view's model. */
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
