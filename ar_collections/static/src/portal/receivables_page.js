import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/**
 * Shows the total of the selected items. For convenience only: the server computes the amount to pay,
 * and the page works without this script.
 */
export class ReceivablesChoice extends Interaction {
    static selector = ".o_ar_choice";
    dynamicContent = {
        "input[name='item'], input[name='credit']": { "t-on-change": this.showTotal },
        ".o_ar_amount": { "t-on-input": this.tickAndShow },
    };

    start() {
        this.showTotal();
    }

    tickAndShow(ev) {
        const id = ev.currentTarget.name.split("_")[1];
        this.el.querySelector(`input[name='item'][value='${id}']`).checked = true;
        this.showTotal();
    }

    showTotal() {
        const output = this.el.querySelector(".o_ar_total");
        if (!output) {
            return;
        }
        const total = this.sum("item") - this.sum("credit");
        output.textContent = total > 0 ? `: ${this.format(total)}` : "";
    }

    sum(name) {
        return [...this.el.querySelectorAll(`input[name='${name}']:checked`)].reduce(
            (sum, input) => sum + this.amountOf(input),
            0
        );
    }

    amountOf(input) {
        const typed = this.el.querySelector(`input[name='amount_${input.value}']`)?.value.trim();
        const amount = typed ? this.read(typed) : Number(input.dataset.amount);
        return Number.isFinite(amount) ? amount : 0;
    }

    /** Reads an amount as core/portal/typed_amount.py does; what can be read in two ways counts as nothing here. */
    read(text) {
        const { decimal, thousands, digits } = this.el.dataset;
        const separators = `${thousands} \u00a0\u202f'\u2019`.replace(/[.\\\]^-]/g, "\\$&");
        const match = text.match(
            new RegExp(`^(\\d{1,3}([${separators}])\\d{3}(?:\\2\\d{3})*|\\d+)(?:([.,${decimal}])(\\d+))?$`)
        );
        if (!match) {
            return NaN;
        }
        const [, whole, grouping, point, fraction = ""] = match;
        if ((point && point !== decimal && fraction.length === 3) || (point && point === grouping)) {
            return NaN;
        }
        return fraction.length > Number(digits) ? NaN : Number(`${whole.replace(/\D/g, "")}.${fraction || 0}`);
    }

    format(amount) {
        const { symbol, position, digits } = this.el.dataset;
        const options = { minimumFractionDigits: Number(digits), maximumFractionDigits: Number(digits) };
        const text = amount.toLocaleString(document.documentElement.lang || undefined, options);
        return position === "before" ? `${symbol} ${text}` : `${text} ${symbol}`;
    }
}

registry.category("public.interactions").add("ar_collections.receivables_choice", ReceivablesChoice);
