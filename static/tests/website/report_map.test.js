import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { click, queryAll, queryAllTexts, queryOne } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { onRpc, patchWithCleanup } from "@web/../tests/web_test_helpers";
import { setupInteractionWhiteList, startInteractions } from "@web/../tests/public/helpers";
import { assets } from "@web/core/assets";

import { createMap, graticule, signIcon } from "@civic_report/website/map/civic_map";

setupInteractionWhiteList("civic_report.report_map");
describe.current.tags("interaction_dev");

const PLAIN = {
    tile_url: "",
    attribution: "",
    attribution_url: "",
    has_view: false,
    latitude: 16.1,
    longitude: 106.5,
    zoom: 5,
};
const TILES = {
    ...PLAIN,
    tile_url: "https://tiles.example.vn/{z}/{x}/{y}.png",
    attribution: "© <b>Bản đồ</b>",
    attribution_url: "https://tiles.example.vn/",
};
const page = (settings = PLAIN) => {
    const text = JSON.stringify(settings).replaceAll("&", "&amp;").replaceAll('"', "&quot;");
    return `
        <section class="o_civic_report_map" data-settings="${text}" data-features="/phan-anh/ban-do.geojson?ward=3">
            <button type="button" class="o_civic_map_switch d-none"><span class="o_civic_map_switch_text"></span></button>
            <div class="o_civic_map_view" style="width: 400px; height: 400px"></div>
            <p class="o_civic_map_status" role="status"></p>
        </section>`;
};
const feature = (code, latitude, longitude, values = {}) => ({
    type: "Feature",
    id: code,
    geometry: { type: "Point", coordinates: [longitude, latitude] },
    properties: {
        code,
        subject: "<b>Ổ gà</b>",
        state: "processing",
        state_label: "In hand",
        is_open: true,
        is_overdue: false,
        agency: "Sở Xây dựng",
        ward: "Phường Thuận Hóa",
        url: `https://phananh.example.vn/phan-anh/o-ga-${code.toLowerCase()}`,
        ...values,
    },
});
const FEATURES = [
    feature("PA-26-000001", 16.46, 107.59),
    feature("PA-26-000002", 16.3, 107.2, { is_overdue: true, ward: "Xã Bình Minh" }),
    feature("PA-26-000003", 16.6, 107.9, { is_open: false, ward: "" }),
];
const answer = (features, complete = true, onAsked = () => {}) =>
    onRpc("/phan-anh/ban-do.geojson", (request) => {
        onAsked(new URL(request.url).search);
        return { type: "FeatureCollection", features, complete, limit: 500 };
    });
const settled = async () => {
    for (let frame = 0; frame < 5; frame++) {
        await animationFrame();
    }
};

beforeEach(() => {
    // The libraries are in the bundle of the tests.
    patchWithCleanup(assets, { loadBundle: async () => {} });
    // A telephone whose owner wants no movement.
    patchWithCleanup(window, {
        matchMedia: (query) => ({ matches: query.includes("prefers-reduced-motion") }),
    });
});

test("on a phone nothing is fetched before the map is asked for", async () => {
    answer(FEATURES, true, expect.step);
    await startInteractions(page());
    expect(".o_civic_map_switch").not.toHaveClass("d-none");
    expect(".o_civic_map_switch_text").toHaveText("Show the map");
    expect.verifySteps([]);
    await click(".o_civic_map_switch");
    await settled();
    expect.verifySteps(["?ward=3"]);
    expect(".o_civic_map_switch").toHaveAttribute("aria-expanded", "true");
    expect(".o_civic_map_switch_text").toHaveText("Hide the map");
    expect(".o_civic_map_status").toHaveText("Reports on this part of the map: 3.");
});

test("each sign has a shape, a name, and words that stay words", async () => {
    answer(FEATURES);
    await startInteractions(page());
    await click(".o_civic_map_switch");
    await settled();
    for (const kind of ["open", "late", "done"]) {
        expect(`.o_civic_sign_${kind}`).toHaveCount(1);
    }
    expect(".o_civic_sign_open").toHaveAttribute("title", "<b>Ổ gà</b> · In hand");
    expect(".o_civic_sign_open").toHaveAttribute("role", "button");
    await click(".o_civic_sign_open");
    await settled();
    expect(".leaflet-popup-content a").toHaveText("<b>Ổ gà</b>");
    expect(".leaflet-popup-content a").toHaveAttribute("href", "/phan-anh/o-ga-pa-26-000001");
    expect(".leaflet-popup-content a").toBeFocused();
});

test("without tiles: a graticule, names of wards, nothing from elsewhere", async () => {
    answer(FEATURES);
    await startInteractions(page());
    await click(".o_civic_map_switch");
    await settled();
    expect(queryAllTexts(".o_civic_map_ward").sort()).toEqual([
        "Phường Thuận Hóa",
        "Xã Bình Minh",
    ]);
    expect(queryAll(".o_civic_map_longitude").length).toBeGreaterThan(1);
    expect(".leaflet-control-scale").toHaveCount(1);
    expect(".o_civic_map_view img").toHaveCount(0);
});

test("more than is shown is said", async () => {
    answer(FEATURES, false);
    await startInteractions(page());
    await click(".o_civic_map_switch");
    await settled();
    expect(".o_civic_map_status").toHaveText(/Only recent reports are shown: 3/);
});

test("without an answer there is still the list", async () => {
    onRpc("/phan-anh/ban-do.geojson", () => new Response("", { status: 500 }), { pure: true });
    await startInteractions(page());
    await click(".o_civic_map_switch");
    await settled();
    expect(".o_civic_map_status").toHaveText(/The list has the same reports/);
});

test("tiles come with their source, and know the site alone", async () => {
    await startInteractions(page());
    const el = queryOne(".o_civic_map_view");
    const map = await createMap(el, { ...TILES, label: "Where is it?" });
    expect(el).toHaveAttribute("aria-label", "Where is it?");
    expect(".leaflet-control-attribution").toHaveText("© <b>Bản đồ</b>");
    expect(".leaflet-control-attribution a").toHaveAttribute("rel", "noopener noreferrer");
    expect(".o_civic_map_view img").toHaveAttribute("referrerpolicy", "origin");
    expect(".o_civic_map_longitude").toHaveCount(0);
    window.L.marker([16.1, 106.5], { icon: signIcon(window.L, "pin") }).addTo(map);
    expect(".o_civic_sign_pin").toHaveCount(1);
    map.remove();
});

test("lines of the ground are few and round", () => {
    const bounds = (west, south, east, north) => ({
        getWest: () => west,
        getSouth: () => south,
        getEast: () => east,
        getNorth: () => north,
    });
    const degrees = (box, along) =>
        graticule(bounds(...box))
            .filter((line) => line.along === along)
            .map((line) => line.points[0][along === "longitude" ? 1 : 0]);
    expect(degrees([107.55, 16.44, 107.62, 16.49], "longitude")).toEqual([
        107.55, 107.56, 107.57, 107.58, 107.59, 107.6, 107.61, 107.62,
    ]);
    expect(degrees([104.2, 15.1, 109.9, 18.3], "latitude")).toEqual([16, 17, 18]);
    expect(graticule(bounds(-180, -85, 180, 85)).length).toBeLessThan(20);
    expect(graticule(bounds(107.5, 16.4, 107.5001, 16.4001)).length).toBeLessThan(20);
});
