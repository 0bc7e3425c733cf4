import {
    Component,
    onMounted,
    onPatched,
    onWillUnmount,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { createMap } from "@civic_report/website/map/civic_map";
import { figureWords } from "./board_words";

// From nothing to most: one hue, light to dark, told apart without colours as well.
export const SHADES = ["#f1f3f5", "#cfe2f3", "#93c0e3", "#4a8fc4", "#155a8f"];

/**
 * Upper ends of the classes into which figures fall, by quarters of those above zero.
 *
 * @param {number[]} values
 * @returns {number[]} at most four, rising; none where all are zero
 */
export function classEnds(values) {
    const sorted = values.filter((value) => value > 0).sort((one, other) => one - other);
    if (!sorted.length) {
        return [];
    }
    const ends = [0.25, 0.5, 0.75, 1].map(
        (share) => sorted[Math.max(Math.ceil(share * sorted.length) - 1, 0)]
    );
    return [...new Set(ends)];
}

/** The class of a figure: 0 is nothing, the last one most. */
export function classOf(value, ends) {
    return value > 0 ? ends.findIndex((end) => value <= end) + 1 : 0;
}

/** The colour of a class; few classes use the whole range. */
export function shadeOf(number, ends) {
    if (!number) {
        return SHADES[0];
    }
    const last = SHADES.length - 1;
    return SHADES[ends.length === 1 ? last : 1 + Math.round(((number - 1) * (last - 1)) / (ends.length - 1))];
}

/** The province by ward, in shades; points where no border is known; a table behind. */
export class WardMap extends Component {
    static template = "civic_report.WardMap";
    static props = {
        kind: String,
        /** list of {id, name, open, overdue, received, …} */
        rows: Array,
        onOpen: { type: Function, optional: true },
        isLarge: { type: Boolean, optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.holder = useRef("holder");
        this.state = useState({ metric: "overdue", fault: "", isKnown: true });
        onMounted(() => this.start());
        onPatched(() => this.shade());
        onWillUnmount(() => this.map?.remove());
        useExternalListener(window, "resize", () => this.map?.invalidateSize());
    }

    get metrics() {
        return {
            overdue: _t("Overdue now"),
            open: _t("In hand now"),
            received: _t("Received in the period"),
        };
    }

    get values() {
        return this.props.rows.map((row) => row[this.state.metric] || 0);
    }

    get legend() {
        const ends = classEnds(this.values);
        let from = 1;
        const rows = [{ words: _t("none"), shade: SHADES[0] }];
        ends.forEach((end, index) => {
            const words = from >= end ? figureWords(end) : `${figureWords(from)}–${figureWords(end)}`;
            rows.push({ words, shade: shadeOf(index + 1, ends) });
            from = end + 1;
        });
        return rows;
    }

    /** Rows of the table: those with something of what is shown, the most first. */
    get table() {
        const { metric } = this.state;
        return this.props.rows
            .filter((row) => row[metric])
            .sort((one, other) => other[metric] - one[metric]);
    }

    /** How long the scale may be, in pixels: its words grow with a wall. */
    get scale() {
        return Math.max(100, this.props.isLarge ? 0.06 * window.innerWidth : 0);
    }

    async start() {
        try {
            const { settings, wards } = await this.orm.silent.call("civic.board", "read_map", [
                this.props.kind,
            ]);
            const label = _t("Wards and communes by shade; the table below says the same");
            const known = wards.filter(({ border, latitude }) => border || latitude);
            this.state.isKnown = Boolean(known.length);
            if (!known.length || !this.holder.el) {
                return;
            }
            this.map = await createMap(this.holder.el, {
                ...settings,
                label,
                side: "right", // degrees stand on the left
                scale: this.scale,
            });
            this.draw(known);
            this.fit(settings);
            this.shade();
        } catch {
            this.state.fault = _t("The map could not be shown; the table says the same.");
        }
    }

    draw(wards) {
        const L = window.L;
        this.layers = new Map();
        for (const ward of wards) {
            const layer = ward.border
                ? L.geoJSON(ward.border, { style: { weight: 1, color: "#495057" } })
                : L.circleMarker([ward.latitude, ward.longitude], {
                      weight: 1,
                      color: "#495057",
                  });
            layer.bindTooltip("", { sticky: true });
            if (this.props.onOpen) {
                layer.on("click", () => this.props.onOpen(ward.id));
            }
            layer.addTo(this.map);
            this.layers.set(ward.id, { layer, ward });
        }
    }

    fit(settings) {
        const bounds = window.L.featureGroup(
            [...this.layers.values()].map(({ layer }) => layer)
        ).getBounds();
        if (bounds.isValid()) {
            this.map.fitBounds(bounds, { padding: [8, 8], animate: false });
        } else {
            this.map.setView([settings.latitude, settings.longitude], settings.zoom);
        }
    }

    shade() {
        if (!this.layers) {
            return;
        }
        const { metric } = this.state;
        const figures = new Map(this.props.rows.map((row) => [row.id, row[metric] || 0]));
        const ends = classEnds(this.values);
        for (const [id, { layer, ward }] of this.layers) {
            const value = figures.get(id) || 0;
            const number = classOf(value, ends);
            layer.setStyle({ fillColor: shadeOf(number, ends), fillOpacity: 0.85 });
            if (!ward.border) {
                layer.setRadius((this.props.isLarge ? 10 : 5) + 3 * number);
            }
            layer.setTooltipContent(`${ward.name}: ${figureWords(value)}`);
        }
    }
}
