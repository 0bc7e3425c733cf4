import { loadBundle } from "@web/core/assets";
import { _t } from "@web/core/l10n/translation";

/** Degrees between two lines of the ground; the first that gives few enough lines. */
const STEPS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 45];
const MOST_LINES = 8;
const MAX_ZOOM = 18;

const isCalm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * Fetch what maps are made of, when the first one is shown.
 *
 * @returns {Promise<Object>} Leaflet
 */
export async function loadMap() {
    await loadBundle("civic_report.map");
    return window.L;
}

/**
 * Show a map. Without tiles it is a plain ground with a graticule, and nothing is
 * fetched from elsewhere.
 *
 * @param {HTMLElement} el what becomes the map; it has a height of its own
 * @param {Object} settings as `res.company._civic_map()` gives them
 * @param {string} settings.label what the map shows, for screen readers
 * @param {string} [settings.side] where zoom and scale stand: left, as everywhere, or right
 * @param {number} [settings.scale] pixels that the scale may take
 * @returns {Promise<Object>} the Leaflet map
 */
export async function createMap(el, settings) {
    const L = await loadMap();
    el.setAttribute("role", "region");
    el.setAttribute("aria-label", settings.label);
    const isStill = isCalm();
    const map = L.map(el, {
        center: [settings.latitude, settings.longitude],
        zoom: settings.zoom,
        minZoom: 3,
        maxZoom: MAX_ZOOM,
        maxBounds: [
            [-85, -180],
            [85, 180],
        ],
        zoomControl: false,
        // A page is scrolled past a map that nobody has touched.
        scrollWheelZoom: false,
        zoomAnimation: !isStill,
        fadeAnimation: !isStill,
        markerZoomAnimation: !isStill,
    });
    map.attributionControl.setPrefix(false);
    map.on("focus click", () => map.scrollWheelZoom.enable());
    map.on("blur", () => map.scrollWheelZoom.disable());
    map.on("popupopen", ({ popup }) => namePopup(popup));
    const { side = "left", scale = 100 } = settings;
    const titles = { zoomInTitle: _t("Zoom in"), zoomOutTitle: _t("Zoom out") };
    L.control.zoom({ position: `top${side}`, ...titles }).addTo(map);
    L.control
        .scale({ position: `bottom${side}`, maxWidth: scale, imperial: false })
        .addTo(map);
    if (settings.tile_url) {
        addTiles(L, map, settings);
    } else {
        addGraticule(L, map);
    }
    return map;
}

/**
 * A sign on the map, drawn by the style sheet.
 *
 * @param {Object} L Leaflet
 * @param {string} kind "pin", or the name of a colour: open, late, done
 */
export function signIcon(L, kind) {
    const size = kind === "pin" ? [32, 32] : [24, 24];
    return L.divIcon({
        className: `o_civic_sign o_civic_sign_${kind}`,
        iconSize: size,
        iconAnchor: kind === "pin" ? [16, 32] : [12, 12],
    });
}

/** Words on the map that are no control. */
export function textMarker(L, position, text, className) {
    const el = document.createElement("span");
    el.textContent = text;
    return L.marker(position, {
        icon: L.divIcon({ className: `o_civic_map_text ${className}`, html: el, iconSize: null }),
        interactive: false,
        keyboard: false,
    });
}

function namePopup(popup) {
    popup
        .getElement()
        .querySelector(".leaflet-popup-close-button")
        ?.setAttribute("aria-label", _t("Close"));
}

function addTiles(L, map, settings) {
    const source = document.createElement(settings.attribution_url ? "a" : "span");
    source.textContent = settings.attribution;
    if (settings.attribution_url) {
        source.href = settings.attribution_url;
        source.target = "_blank";
        source.rel = "noopener noreferrer";
    }
    L.tileLayer(settings.tile_url, {
        attribution: source.outerHTML,
        maxZoom: MAX_ZOOM,
        // The server of the tiles learns which site asks, never which page.
        referrerPolicy: "origin",
    }).addTo(map);
}

function addGraticule(L, map) {
    const lines = L.layerGroup().addTo(map);
    const draw = () => {
        lines.clearLayers();
        for (const line of graticule(map.getBounds())) {
            L.polyline(line.points, {
                className: "o_civic_map_line",
                interactive: false,
                weight: 1,
            }).addTo(lines);
            textMarker(L, line.points[0], line.text, `o_civic_map_${line.along}`).addTo(lines);
        }
    };
    map.on("moveend", draw);
    draw();
}

/**
 * Lines of round degrees that cross a view, each with its figure.
 *
 * @param {Object} bounds of Leaflet
 * @returns {{along: string, text: string, points: number[][]}[]}
 */
export function graticule(bounds) {
    const [west, south, east, north] = [
        bounds.getWest(),
        bounds.getSouth(),
        bounds.getEast(),
        bounds.getNorth(),
    ];
    const widest = Math.max(east - west, north - south);
    const step = STEPS.find((candidate) => widest / candidate <= MOST_LINES) || STEPS.at(-1);
    const digits = Math.max(0, Math.ceil(-Math.log10(step)));
    const rounds = (from, to) => {
        const first = Math.ceil(from / step);
        return Array.from({ length: Math.max(0, Math.floor(to / step) - first + 1) }, (_, index) =>
            Number(((first + index) * step).toFixed(digits))
        );
    };
    const format = new Intl.NumberFormat(document.documentElement.lang || undefined, {
        minimumFractionDigits: digits,
    });
    return [
        ...rounds(west, east).map((longitude) => ({
            along: "longitude",
            text: `${format.format(longitude)}°`,
            points: [
                [south, longitude],
                [north, longitude],
            ],
        })),
        ...rounds(south, north).map((latitude) => ({
            along: "latitude",
            text: `${format.format(latitude)}°`,
            points: [
                [latitude, west],
                [latitude, east],
            ],
        })),
    ];
}
