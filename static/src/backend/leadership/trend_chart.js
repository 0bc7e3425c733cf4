import { Component, onMounted, onPatched, onWillUnmount, useRef, useState } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { _t } from "@web/core/l10n/translation";
import { figureWords } from "./board_words";

// Two lines are told apart by dashes and signs as well as by colours.
const LINES = [
    { color: "#0b5c8a", dash: [], point: "circle" },
    { color: "#8a5a00", dash: [6, 4], point: "rect" },
];

/** Lines over the last periods, with the table that they are drawn from behind them. */
export class TrendChart extends Component {
    static template = "civic_report.TrendChart";
    static props = {
        caption: String,
        labels: { type: Array, element: String },
        /** list of {label, values} */
        series: Array,
        unit: String,
        isLarge: { type: Boolean, optional: true },
    };

    setup() {
        this.canvas = useRef("canvas");
        this.state = useState({ isDrawn: true });
        onMounted(() => this.draw());
        onPatched(() => this.update());
        onWillUnmount(() => this.chart?.destroy());
    }

    async draw() {
        try {
            await loadBundle("web.chartjs_lib");
        } catch {
            this.state.isDrawn = false; // the table says the same
            return;
        }
        if (this.canvas.el) {
            this.chart = new window.Chart(this.canvas.el, this.config);
        }
    }

    update() {
        if (this.chart) {
            const { data, options } = this.config;
            this.chart.data = data;
            this.chart.options = options;
            this.chart.update();
        }
    }

    words(value) {
        return figureWords(value, this.props.unit);
    }

    /** What the lines say, for who does not see them: each line's last two values. */
    get summary() {
        const said = this.props.series.map(({ label, values }) => {
            const [before, last] = values.slice(-2).map((value) => this.words(value));
            return _t("%(what)s: %(last)s, before that %(before)s", {
                what: label,
                last,
                before,
            });
        });
        return `${this.props.caption}. ${said.join("; ")}.`;
    }

    get config() {
        const size = this.props.isLarge ? 0.011 * window.innerWidth : 12;
        const font = { size: Math.max(12, Math.round(size)) };
        return {
            type: "line",
            data: {
                labels: this.props.labels,
                datasets: this.props.series.map(({ label, values }, index) => ({
                    label,
                    data: values,
                    borderColor: LINES[index].color,
                    backgroundColor: LINES[index].color,
                    borderDash: LINES[index].dash,
                    pointStyle: LINES[index].point,
                    pointRadius: font.size / 3,
                    borderWidth: font.size / 5,
                    spanGaps: true,
                    tension: 0,
                })),
            },
            options: {
                animation: false,
                maintainAspectRatio: false,
                interaction: { mode: "index", intersect: false },
                plugins: {
                    legend: {
                        labels: {
                            usePointStyle: true,
                            boxHeight: font.size * 0.6,
                            font,
                            color: "#212529",
                        },
                    },
                    tooltip: {
                        callbacks: {
                            label: ({ dataset, raw }) => `${dataset.label}: ${this.words(raw)}`,
                        },
                    },
                },
                scales: {
                    x: {
                        // Signs and days stay clear of the figures at the side.
                        offset: true,
                        ticks: {
                            font,
                            color: "#495057",
                            maxRotation: 0,
                            // “11/2026”: the kind of period is said above.
                            callback: (_value, index) =>
                                this.props.labels[index].split(" ").at(-1),
                        },
                        grid: { display: false },
                    },
                    y: {
                        beginAtZero: true,
                        suggestedMax: this.props.unit === "percent" ? 100 : undefined,
                        ticks: { font, color: "#495057", precision: 0 },
                    },
                },
            },
        };
    }
}
