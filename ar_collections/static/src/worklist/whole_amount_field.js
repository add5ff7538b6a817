import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { formatFloat, formatMonetary } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** From this amount on, decimals are left out. */
const WHOLE_FROM = 100;

/** The digits of an amount: no decimals where it is large. */
function getDigits(value) {
    return [16, Math.abs(value) < WHOLE_FROM ? 2 : 0];
}

/** An amount in a narrow column: without symbol, in whole units where it is large, empty where it is zero. */
export function formatWholeAmount(value) {
    return value ? formatFloat(value, { digits: getDigits(value) }) : "";
}

export class WholeAmountField extends Component {
    static template = "ar_collections.WholeAmountField";
    static props = { ...standardFieldProps };

    get value() {
        return this.props.record.data[this.props.name];
    }

    get currencyId() {
        return this.props.record.data.currency_id?.id;
    }

    /** The amount, with its symbol where accounts of several companies may be of different currencies. */
    get text() {
        if (!this.value || user.activeCompanies.length < 2) {
            return formatWholeAmount(this.value);
        }
        return formatMonetary(this.value, { currencyId: this.currencyId, digits: getDigits(this.value) });
    }

    /** The exact amount, which is shown on hovering. */
    get title() {
        return this.value ? formatMonetary(this.value, { currencyId: this.currencyId }) : "";
    }
}

export const wholeAmountField = {
    component: WholeAmountField,
    displayName: _t("Whole amount"),
    supportedTypes: ["monetary"],
};

registry.category("fields").add("ar_whole_amount", wholeAmountField);
registry.category("formatters").add("ar_whole_amount", formatWholeAmount);
