import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/views/fields/formatters";

import { Component } from "@odoo/owl";

/** A card with a key figure: its value, its change, and whether the change is an improvement. */
export class KeyFigure extends Component {
    static template = "ar_collections.KeyFigure";
    static props = { figure: Object, formatMoney: Function, onClick: Function };

    get label() {
        const { name, label } = this.props.figure;
        const short = { cei: _t("Collection effectiveness"), promise_kept_rate: _t("Promises kept") };
        return short[name] || label;
    }

    /** The formatted value with its unit; a dash where it is not available. */
    get value() {
        const { unit, value } = this.props.figure;
        if (value === null) {
            return "–";
        }
        return unit === "money" ? this.props.formatMoney(value) : this.format(value, unit);
    }

    get detail() {
        const { name, detail } = this.props.figure;
        if (detail === null) {
            return "";
        }
        const words = {
            overdue: _t("%s of receivables are not overdue", this.format(detail, "percent")),
            dso_simple: _t("best possible %s", this.format(detail, "days")),
            weighted_days_late: _t("late payment adds %s to the DSO", this.format(detail, "days")),
            cei: _t("%s of the sales were written off", this.format(detail, "percent")),
        };
        return words[name] || "";
    }

    /** The formatted change with its sign: in percent for amounts, in days or points for other figures. */
    get change() {
        const { change, unit } = this.props.figure;
        if (change === null || Math.abs(change) < 0.05) {
            return "";
        }
        const number = formatFloat(Math.abs(change), { digits: [16, Math.abs(change) < 100 ? 1 : 0] });
        const signed = change > 0 ? `+${number}` : `−${number}`;
        return { money: _t("%s %", signed), days: _t("%s days", signed), percent: _t("%s points", signed) }[unit];
    }

    get changeClass() {
        const { good } = this.props.figure;
        if (good === null) {
            return "text-muted";
        }
        return good ? "text-success" : "text-danger";
    }

    get arrow() {
        const { change } = this.props.figure;
        return change > 0 ? "fa-arrow-up" : "fa-arrow-down";
    }

    format(value, unit) {
        const number = formatFloat(value, { digits: [16, 1] });
        return unit === "days" ? _t("%s days", number) : _t("%s %", number);
    }
}
