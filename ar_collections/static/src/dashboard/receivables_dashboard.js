import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { formatFloat, formatMonetary } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { Component, onWillStart, useState } from "@odoo/owl";

import { DashboardChart } from "./dashboard_chart";
import { KeyFigure } from "./key_figure";
import { SetupPanel } from "./setup_panel";

/** Colors of the aging buckets, from not due to oldest, as on the customer form. */
const AGE_COLORS = ["#8cc7a8", "#f4dc94", "#f2bd73", "#e8925c", "#d4604b", "#9c2f2f"];
const COLORS = { agreed: "#00A78D", expected: "#8fc9f7", dso: "#3188E6", best: "#43C5B1" };

/** The receivables dashboard; a click on a number opens the records behind it. */
export class ReceivablesDashboard extends Component {
    static template = "ar_collections.ReceivablesDashboard";
    static components = { DashboardChart, KeyFigure, Layout, SetupPanel };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.periods = [
            { key: "month", label: _t("30 days ago") },
            { key: "year", label: _t("12 months ago") },
            { key: "two_years", label: _t("24 months ago") },
        ];
        this.keepLast = new KeepLast();
        this.state = useState({ data: null, ...this.props.state });
        useSetupAction({
            getLocalState: () => ({ companyId: this.data.company.id, period: this.data.period }),
        });
        onWillStart(() => this.load(this.state.companyId || false, this.state.period || "year"));
    }

    get data() {
        return this.state.data;
    }

    async load(companyId, period) {
        const answer = this.orm.call("ar.dashboard", "get_data", [companyId, period]);
        this.state.data = await this.keepLast.add(answer);
    }

    async open(what, value = false) {
        const action = await this.orm.call("ar.dashboard", "action_open", [
            what,
            this.data.company.id,
            value,
            this.data.period,
        ]);
        // What is done in a dialog shows as soon as it is closed.
        return this.action.doAction(action, { onClose: () => this.load(this.data.company.id, this.data.period) });
    }

    /** Close the panel of the set-up for all managers of the company, or open it again. */
    async toggleSetup(isClosed) {
        const answer = this.orm.call("ar.dashboard", "set_setup_closed", [this.data.company.id, isClosed]);
        this.data.setup = await this.keepLast.add(answer);
    }

    print() {
        window.print();
    }

    // === CHARTS === //

    get agingDatasets() {
        return [{ data: this.data.aging.amounts, backgroundColor: AGE_COLORS, maxBarThickness: 64 }];
    }

    get agingLabel() {
        const { labels, amounts } = this.data.aging;
        return this.describe(labels, amounts.map((amount) => this.formatMoney(amount)));
    }

    get trendDatasets() {
        const { dso_simple, best_dso } = this.data.trend;
        const line = { tension: 0.2, pointRadius: 2, borderWidth: 2, spanGaps: true };
        return [
            { ...line, label: _t("DSO"), data: dso_simple, borderColor: COLORS.dso, backgroundColor: COLORS.dso },
            {
                ...line,
                label: _t("Best possible DSO"),
                data: best_dso,
                borderColor: COLORS.best,
                backgroundColor: COLORS.best,
                borderDash: [6, 4],
            },
        ];
    }

    get trendLabels() {
        const format = this.data.period === "month" ? { day: "numeric", month: "short" } : { month: "short", year: "2-digit" };
        return this.data.trend.dates.map((day) => deserializeDate(day).toLocaleString(format));
    }

    get trendLabel() {
        return this.describe(this.trendLabels, this.data.trend.dso_simple.map((days) => this.formatDays(days)));
    }

    get cashDatasets() {
        const { weeks } = this.data.cash;
        const bar = { maxBarThickness: 40, stack: "cash" };
        return [
            { ...bar, label: _t("Promised or in a plan"), data: weeks.map((week) => week.agreed), backgroundColor: COLORS.agreed },
            {
                ...bar,
                label: _t("Based on payment behavior"),
                data: weeks.map((week) => week.expected - week.agreed),
                backgroundColor: COLORS.expected,
            },
        ];
    }

    get cashLabels() {
        return this.data.cash.weeks.map((week) => deserializeDate(week.first).toLocaleString({ day: "numeric", month: "short" }));
    }

    get cashLabel() {
        return this.describe(this.cashLabels, this.data.cash.weeks.map((week) => this.formatMoney(week.expected)));
    }

    /** The description of a chart for screen readers. */
    describe(labels, values) {
        return labels.map((label, number) => `${label}: ${values[number]}`).join(", ");
    }

    // === TEXTS === //

    get isEmpty() {
        return !this.data.snapshot_date && !this.data.aging.amounts.some(Boolean) && !this.data.aging.credits;
    }

    formatMoney(value) {
        return formatMonetary(value, { currencyId: this.data.company.currency_id });
    }

    /** A number as text for an axis: abbreviated, without the currency. */
    formatShort(value) {
        const options = { notation: "compact", maximumFractionDigits: 1 };
        return new Intl.NumberFormat(luxon.Settings.defaultLocale, options).format(value);
    }

    /** An amount as text for a card, without decimals where it is large. */
    formatCard(value) {
        const digits = Math.abs(value) >= 10000 ? [16, 0] : undefined;
        return formatMonetary(value, { currencyId: this.data.company.currency_id, digits });
    }

    formatDays(value) {
        return value === null ? "–" : _t("%s days", formatFloat(value, { digits: [16, 1] }));
    }

    formatDay(day) {
        return day ? formatDate(deserializeDate(day)) : "";
    }

    formatShare(value) {
        return value === null ? "–" : _t("%s %", formatFloat(value, { digits: [16, 1] }));
    }

    /** The dates of the figures, as text. */
    get figuresNote() {
        const { company, date, snapshot_date, compared_date } = this.data;
        const notes = [
            _t("%(company)s. Receivables as of today, %(day)s.", { company: company.name, day: this.formatDay(date) }),
            snapshot_date
                ? _t("Days and percentages refer to the month that ended on %s.", this.formatDay(snapshot_date))
                : _t("Days and percentages are computed by the next nightly run."),
        ];
        if (compared_date) {
            notes.push(_t("Changes since %s.", this.formatDay(compared_date)));
        }
        return notes.join(" ");
    }

    get creditsNote() {
        const { credits } = this.data.aging;
        return credits ? _t("less %s of credits", this.formatMoney(-credits)) : "";
    }

    get cashNote() {
        const { expected, later, not_expected: notExpected, credits } = this.data.cash;
        const notes = [_t("%s in 13 weeks", this.formatMoney(expected))];
        if (later) {
            notes.push(_t("%s later", this.formatMoney(later)));
        }
        if (notExpected) {
            notes.push(_t("%s not expected", this.formatMoney(notExpected)));
        }
        if (credits) {
            notes.push(_t("less %s of credits", this.formatMoney(-credits)));
        }
        return notes.join(", ");
    }

    get nextRunTitle() {
        return _t("The next run, %s", this.formatDay(this.data.next_run.date));
    }

    get nextRunTotal() {
        return this.data.next_run.steps.reduce((sum, step) => sum + step.customers, 0);
    }
}

registry.category("actions").add("ar_collections.receivables_dashboard", ReceivablesDashboard);
