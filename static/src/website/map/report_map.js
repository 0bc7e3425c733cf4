import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { groupBy } from "@web/core/utils/arrays";
import { Interaction } from "@web/public/interaction";
import { createMap, signIcon, textMarker } from "./civic_map";

/** Below this the map waits behind a switch. */
const WIDE = "(min-width: 1200px)";
/** Share of a view that is fetched around it, so that a small move fetches nothing. */
const MARGIN = 0.25;
const DIGITS = 5;
/** Pixels of a name on the map, about. */
const LETTER = 7.5;
const LINE = 20;

const kindOf = ({ is_overdue, is_open }) => (is_overdue ? "late" : is_open ? "open" : "done");

const middleOf = (features) =>
    [1, 0].map(
        (axis) =>
            features.reduce((sum, { geometry }) => sum + geometry.coordinates[axis], 0) /
            features.length
    );

/** The map of published reports beside the list that has the same ones. */
export class CivicReportMap extends Interaction {
    static selector = ".o_civic_report_map";
    dynamicContent = {
        _root: { "t-att-class": () => ({ o_civic_map_shown: this.isShown }) },
        ".o_civic_map_switch": {
            "t-on-click": this.toggle,
            "t-att-class": () => ({ "d-none": false }),
            "t-att-aria-expanded": () => String(this.isShown),
        },
        ".o_civic_map_switch_text": {
            "t-out": () => (this.isShown ? _t("Hide the map") : _t("Show the map")),
        },
        ".o_civic_map_status": { "t-out": () => this.status },
    };

    setup() {
        this.isShown = false;
        this.status = "";
        this.settings = JSON.parse(this.el.dataset.settings);
        this.signs = new Map();
        this.features = [];
        this.fetched = null;
    }

    start() {
        if (matchMedia(WIDE).matches) {
            this.show();
        }
    }

    destroy() {
        this.abort?.abort();
        this.map?.remove();
    }

    async toggle() {
        if (this.isShown) {
            this.isShown = false;
        } else {
            await this.show();
        }
    }

    async show() {
        this.isShown = true;
        this.updateContent();
        if (this.map) {
            this.map.invalidateSize();
            return;
        }
        this.status = _t("The map is loading…");
        this.updateContent();
        try {
            await this.waitFor(this.open());
        } catch {
            this.status = _t("The map cannot be shown right now. The list has the same reports.");
        }
        this.updateContent();
    }

    async open() {
        this.map = await createMap(this.el.querySelector(".o_civic_map_view"), {
            ...this.settings,
            label: _t("Map of the reports"),
        });
        this.L = window.L;
        this.clusters = this.L.markerClusterGroup({
            showCoverageOnHover: false,
            animate: !matchMedia("(prefers-reduced-motion: reduce)").matches,
            maxClusterRadius: 48,
            iconCreateFunction: (cluster) => this.clusterIcon(cluster),
        }).addTo(this.map);
        this.names = this.L.layerGroup().addTo(this.map);
        if (!this.settings.tile_url) {
            this.map.on("zoomend", () => this.nameWards());
        }
        const bounds = this.settings.has_view ? this.map.getBounds().pad(MARGIN) : null;
        await this.load(bounds);
        if (!bounds && this.signs.size) {
            this.map.fitBounds(this.clusters.getBounds(), { padding: [24, 24], maxZoom: 15 });
        }
        this.map.on("moveend", () => this.onMoved());
    }

    async onMoved() {
        const view = this.map.getBounds();
        const { bounds, isComplete } = this.fetched || {};
        if (isComplete && (!bounds || bounds.contains(view))) {
            return;
        }
        try {
            await this.load(view.pad(MARGIN));
        } catch (error) {
            if (error.name === "AbortError") {
                return;
            }
            this.status = _t("The map cannot be read right now. Move it to try again.");
        }
        this.updateContent();
    }

    /** Fetch what lies in these bounds, or what is latest anywhere. */
    async load(bounds) {
        this.abort?.abort();
        this.abort = new AbortController();
        const url = new URL(this.el.dataset.features, location.origin);
        if (bounds) {
            url.searchParams.set("bbox", this.boxText(bounds));
        }
        const answer = await fetch(url, { signal: this.abort.signal });
        if (!answer.ok) {
            throw new Error(answer.statusText);
        }
        const { features, complete, limit } = await answer.json();
        this.fetched = { bounds, isComplete: complete };
        this.showFeatures(features);
        this.status = this.statusText(features.length, complete, limit);
    }

    boxText(bounds) {
        return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()]
            .map((degrees) => degrees.toFixed(DIGITS))
            .join(",");
    }

    statusText(count, complete, limit) {
        if (!count && complete) {
            return _t("No report with these filters lies here.");
        }
        if (complete) {
            return _t("Reports on this part of the map: %s.", count);
        }
        if (count >= limit) {
            return _t("The latest %s reports here are shown. Zoom in to see others.", count);
        }
        return _t("Only recent reports are shown: %s. Zoom in to see others.", count);
    }

    // --- signs -------------------------------------------------------------

    /** Signs that stay are left alone: one of them may be open or have the focus. */
    showFeatures(features) {
        const shown = new Map(features.map((feature) => [feature.id, feature]));
        const gone = [...this.signs].filter(
            ([code, sign]) => !shown.has(code) && !sign.isPopupOpen()
        );
        for (const [code] of gone) {
            this.signs.delete(code);
        }
        const fresh = features.filter((feature) => !this.signs.has(feature.id));
        const made = fresh.map((feature) => {
            const sign = this.makeSign(feature);
            this.signs.set(feature.id, sign);
            return sign;
        });
        this.clusters.removeLayers(gone.map(([, sign]) => sign));
        this.clusters.addLayers(made);
        this.features = features;
        if (!this.settings.tile_url) {
            this.nameWards();
        }
    }

    makeSign(feature) {
        const { properties, geometry } = feature;
        const kind = kindOf(properties);
        const sign = this.L.marker([geometry.coordinates[1], geometry.coordinates[0]], {
            icon: signIcon(this.L, kind),
            title: `${properties.subject} · ${properties.state_label}`,
            kind,
        });
        sign.bindPopup(() => this.popup(properties), { minWidth: 200, maxWidth: 260 });
        sign.on("popupopen", () =>
            sign.getPopup().getElement().querySelector("a").focus({ preventScroll: true })
        );
        sign.on("popupclose", () => sign.getElement()?.focus({ preventScroll: true }));
        return sign;
    }

    /** What people wrote becomes text, never markup. */
    popup(properties) {
        const el = document.createElement("div");
        const link = document.createElement("a");
        link.href = new URL(properties.url).pathname;
        link.textContent = properties.subject;
        const state = document.createElement("p");
        state.textContent = properties.is_overdue
            ? `${properties.state_label} · ${_t("Late")}`
            : properties.state_label;
        const place = document.createElement("p");
        place.textContent = [properties.agency, properties.ward, properties.code]
            .filter(Boolean)
            .join(" · ");
        el.append(link, state, place);
        return el;
    }

    clusterIcon(cluster) {
        const signs = cluster.getAllChildMarkers();
        const isLate = signs.some((sign) => sign.options.kind === "late");
        const count = document.createElement("span");
        count.textContent = signs.length;
        const words = document.createElement("span");
        words.className = "visually-hidden";
        words.textContent = isLate ? _t("reports here, some late") : _t("reports here");
        const el = document.createElement("div");
        el.append(count, " ", words);
        const size = signs.length < 10 ? 34 : signs.length < 100 ? 42 : 50;
        return this.L.divIcon({
            className: `o_civic_cluster ${isLate ? "o_civic_cluster_late" : ""}`,
            html: el,
            iconSize: [size, size],
        });
    }

    /** On a plain ground, where the reports of a ward are, there is its name. */
    nameWards() {
        this.names.clearLayers();
        const wards = Object.entries(
            groupBy(this.features, ({ properties }) => properties.ward)
        ).filter(([ward]) => ward);
        const taken = [];
        // Those with most reports first; who finds no room is left out.
        for (const [ward, group] of wards.sort((one, two) => two[1].length - one[1].length)) {
            const middle = middleOf(group);
            const { x, y } = this.map.latLngToContainerPoint(middle);
            const half = (ward.length * LETTER) / 2;
            const isFree = taken.every(
                (other) => Math.abs(other.x - x) > other.half + half || Math.abs(other.y - y) > LINE
            );
            if (isFree) {
                taken.push({ x, y, half });
                textMarker(this.L, middle, ward, "o_civic_map_ward").addTo(this.names);
            }
        }
    }
}

registry.category("public.interactions").add("civic_report.report_map", CivicReportMap);
