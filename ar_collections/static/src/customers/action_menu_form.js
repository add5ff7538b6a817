import { evaluateBooleanExpr } from "@web/core/py_js/py";
import { registry } from "@web/core/registry";
import { pick } from "@web/core/utils/objects";
import { FormArchParser } from "@web/views/form/form_arch_parser";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";
import { processButton } from "@web/views/utils";

/**
 * A form whose header keeps the buttons of every day: those with the class `o_ar_action_menu` are in the Actions menu.
 * They are written as buttons of the header all the same, so that each domain adds its own with `invisible` and `groups`.
 */
export class ActionMenuFormArchParser extends FormArchParser {
    parse(xmlDoc, ...args) {
        const nodes = [...xmlDoc.querySelectorAll("header > button.o_ar_action_menu")];
        const menuButtons = nodes.map(processButton);
        for (const node of nodes) {
            node.remove();
        }
        return { ...super.parse(xmlDoc, ...args), menuButtons };
    }
}

export class ActionMenuFormController extends FormController {
    getStaticActionMenuItems() {
        const items = super.getStaticActionMenuItems();
        for (const [index, button] of this.archInfo.menuButtons.entries()) {
            items[button.clickParams.name] = {
                isAvailable: () => this.isMenuButtonVisible(button),
                sequence: 1 + index / 100, // in their own order, before what Odoo adds
                icon: button.icon ? `fa ${button.icon}` : undefined,
                description: button.string,
                callback: () => this.clickMenuButton(button),
                skipSave: true, // the click saves, as that of any button does
            };
        }
        return items;
    }

    isMenuButtonVisible(button) {
        const { evalContextWithVirtualIds, isNew } = this.model.root;
        return !isNew && !evaluateBooleanExpr(button.invisible, evalContextWithVirtualIds);
    }

    clickMenuButton({ clickParams }) {
        const names = ["context", "evalContext", "resModel", "resId", "resIds"];
        return this.env.onClickViewButton({
            clickParams,
            getResParams: () => pick(this.model.root, ...names),
        });
    }
}

export const actionMenuFormView = {
    ...formView,
    ArchParser: ActionMenuFormArchParser,
    Controller: ActionMenuFormController,
};

registry.category("views").add("ar_action_menu_form", actionMenuFormView);
