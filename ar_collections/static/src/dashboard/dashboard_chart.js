import { loadBundle } from "@web/core/assets";
import { cookie } from "@web/core/browser/cookie";
import { getCustomColor } from "@web/core/colors/colors";

import { Component, onWillStart, useEffect, useRef } from "@odoo/owl";

const colorScheme = cookie.get("color_scheme");
const LABEL_COLOR = getCustomColor(colorScheme, "#374151", "#E4E4E4");
const GRID_COLOR = getCustomColor(colorScheme, "rgba(0,0,0,.08)", "rgba(255,255,255,.15)");

/**
 * A chart. `label` describes it for screen readers; a click calls `onSelect` with the index of the bar or point.
 */
export class DashboardChart extends Component {
    static template = "ar_collections.DashboardChart";
    static props = {
        type: String,
        label: String,
        labels: Array,
        datasets: Array,
        stacked: { type: Boolean, optional: true },
        legend: { type: Boolean, optional: true },
        format: Function,
        formatShort: Function,
        onSelect: { type: Function, optional: true },
    };

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                this.chart = new Chart(this.canvas.el, this.config);
                return () => this.chart.destroy();
            },
            () => [JSON.stringify([this.props.labels, this.props.datasets])]
        );
    }

    get config() {
        const { type, labels, datasets, stacked } = this.props;
        const ticks = { color: LABEL_COLOR, maxRotation: 0, autoSkip: true };
        return {
            type,
            data: { labels, datasets },
            options: {
                maintainAspectRatio: false,
                animation: false,
                interaction: { mode: "index", intersect: false },
                plugins: { legend: this.legend, tooltip: this.tooltip },
                scales: {
                    x: { stacked, grid: { display: false }, ticks },
                    y: {
                        stacked,
                        beginAtZero: true,
                        border: { display: false },
                        grid: { color: GRID_COLOR },
                        ticks: { ...ticks, maxTicksLimit: 6, callback: (value) => this.props.formatShort(value) },
                    },
                },
                onClick: (ev, elements) => elements.length && this.props.onSelect?.(elements[0].index),
                onHover: (ev, elements) => {
                    const clickable = this.props.onSelect && elements.length;
                    ev.native.target.style.cursor = clickable ? "pointer" : "default";
                },
            },
        };
    }

    get legend() {
        return {
            display: Boolean(this.props.legend),
            position: "bottom",
            labels: { color: LABEL_COLOR, boxWidth: 12, boxHeight: 12 },
        };
    }

    get tooltip() {
        return {
            callbacks: {
                label: ({ dataset, raw }) =>
                    dataset.label ? `${dataset.label}: ${this.props.format(raw)}` : this.props.format(raw),
            },
        };
    }
}
