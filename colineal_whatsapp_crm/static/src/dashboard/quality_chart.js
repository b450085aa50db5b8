/* global Chart */

import { Component, onWillStart, useEffect, useRef } from "@odoo/owl";

import { loadBundle } from "@web/core/assets";
import { _t } from "@web/core/l10n/translation";

const { DateTime } = luxon;

/** A quality's colour is that of its badges; conversations that nothing is known of yet recede. */
const COLORS = { hot: "danger", warm: "warning", cold: "info", none: "400" };

const FORMATS = {
    hour: { hour: "2-digit", minute: "2-digit" },
    day: { day: "numeric", month: "short" },
    week: { day: "numeric", month: "short" },
    month: { month: "short", year: "numeric" },
};

/** Conversations by quality over time, a bar for each part of the period. */
export class QualityChart extends Component {
    static template = "colineal_whatsapp_crm.QualityChart";
    static props = {
        timeline: Object,
        onOpen: Function,
    };

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                this.draw();
                return () => this.chart.destroy();
            },
            () => [this.props.timeline],
        );
    }

    get qualities() {
        return [
            { name: "hot", label: _t("Hot") },
            { name: "warm", label: _t("Warm") },
            { name: "cold", label: _t("Cold") },
            { name: "none", label: _t("Not known yet") },
        ];
    }

    get rows() {
        return this.props.timeline.bars.map((bar) => ({ ...bar, label: this.getLabel(bar) }));
    }

    getLabel({ begin }) {
        return DateTime.fromISO(begin).toLocaleString(FORMATS[this.props.timeline.granularity]);
    }

    draw() {
        const style = getComputedStyle(this.canvas.el);
        const color = (name) => style.getPropertyValue(`--${name}`).trim() || style.color;
        const grid = style.getPropertyValue("--border-color").trim() || style.borderColor;
        const rows = this.rows;
        const ticks = { color: style.color, font: { family: style.fontFamily } };
        this.chart = new Chart(this.canvas.el, {
            type: "bar",
            data: {
                labels: rows.map(({ label }) => label),
                datasets: this.qualities.map(({ name, label }) => ({
                    label,
                    quality: name,
                    data: rows.map((row) => row[name]),
                    backgroundColor: color(COLORS[name]),
                    maxBarThickness: 48,
                })),
            },
            options: {
                animation: false,
                maintainAspectRatio: false,
                interaction: { mode: "index" },
                scales: {
                    x: {
                        stacked: true,
                        grid: { display: false },
                        ticks: { ...ticks, maxRotation: 0, autoSkipPadding: 12 },
                    },
                    y: { stacked: true, beginAtZero: true, grid: { color: grid }, ticks: { ...ticks, precision: 0 } },
                },
                plugins: {
                    legend: { position: "bottom", labels: { ...ticks, boxWidth: 12, boxHeight: 12 } },
                    tooltip: { filter: ({ parsed }) => parsed.y > 0 },
                },
                onHover: ({ native }, elements) => {
                    native.target.style.cursor = elements.length ? "pointer" : "";
                },
                onClick: (ev) => this.onClick(ev),
            },
        });
    }

    /** The part of the bar that was clicked, or the whole bar from beside it. */
    onClick(ev) {
        const [whole] = this.chart.getElementsAtEventForMode(ev, "index", { intersect: false }, true);
        if (!whole) {
            return;
        }
        const [part] = this.chart.getElementsAtEventForMode(ev, "nearest", { intersect: true }, true);
        this.open(this.rows[whole.index], part && this.qualities[part.datasetIndex]);
    }

    open(row, quality) {
        const domain = quality
            ? [...row.domain, ["quality", "=", quality.name === "none" ? false : quality.name]]
            : row.domain;
        this.props.onOpen(quality ? `${row.label}: ${quality.label}` : row.label, domain);
    }
}
