import { describe, expect, test } from "@odoo/hoot";
import { click, queryAllTexts, queryOne, select, waitFor } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, mockDate } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    waitNotifications,
    waitUntilSubscribe,
} from "@bus/../tests/bus_test_helpers";
import {
    getMockEnv,
    makeMockEnv,
    makeServerError,
    MockServer,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { CivicLeaderBoard } from "@civic_report/backend/leadership/board";
import { changeWords, figureWords, shareWords } from "@civic_report/backend/leadership/board_words";
import { CivicWall } from "@civic_report/backend/leadership/wall";
import {
    classEnds,
    classOf,
    shadeOf,
    SHADES,
    WardMap,
} from "@civic_report/backend/leadership/ward_map";

describe.current.tags("desktop");
defineMailModels();

const NOW = "2026-11-20 08:00:00";
const PERIOD = {
    kind: "month",
    code: "month",
    from: "2026-11-15",
    to: "2026-12-14",
    label: "Month 12/2026",
    is_running: true,
    counted_at: "2026-11-20T07:30:00Z",
};
const AGENCY = {
    id: 1,
    name: "Works",
    group: "department",
    place: 2,
    of: 2,
    done: 9,
    late: 1,
    open: 4,
    overdue: 0,
    overdue_since: null,
    due_today: 0,
    on_time: { value: 88.9, part: 8, whole: 9, is_few: true },
    satisfied: { value: null, part: 0, whole: 0, is_few: false },
    marks: [],
};

const pageOf = (values = {}) => ({
    kind: "province",
    company: "Huế",
    counted_at: "2026-11-20T07:59:00Z",
    is_stale: false,
    is_counted: true,
    period: PERIOD,
    last: { ...PERIOD, code: "month:2026-11-14", label: "Month 11/2026" },
    choices: [
        {
            kind: "month",
            label: "Month",
            periods: [
                { code: "month", label: "Month 12/2026" },
                { code: "month:2026-11-14", label: "Month 11/2026" },
            ],
        },
        { kind: "week", label: "Week", periods: [{ code: "week", label: "Week 47/2026" }] },
    ],
    tiles: [
        { key: "emergency", label: "Emergencies in hand", value: 1, is_bad: true, since: "2026-11-20T07:00:00Z" },
        { key: "agency_overdue", label: "Overdue at agencies", value: 3, is_bad: true, since: "2026-11-18T08:00:00Z" },
        { key: "open", label: "Reports in hand", value: 12, is_bad: false, since: null },
    ],
    figures: [
        { key: "received", label: "Received", unit: "count", better: null, value: 10, last: 8 },
        { key: "on_time_rate", label: "On time", unit: "percent", better: "up", value: 90, last: 95, part: 18, whole: 20, is_few: false },
        { key: "satisfied_rate", label: "Satisfied", unit: "percent", better: "up", value: null, last: null, part: 0, whole: 0 },
    ],
    trend: {
        labels: ["Month 11/2026", "Month 12/2026"],
        received: [8, 10],
        done: [7, null],
        on_time_rate: [95, 90],
        satisfied_rate: [null, null],
    },
    agencies: [
        { ...AGENCY, name: "Transport", id: 2, place: 1 },
        { ...AGENCY, overdue: 3, overdue_since: "2026-11-18T08:00:00Z", marks: ["overdue now: 3"] },
    ],
    wards: [{ id: 5, name: "Ward Five", open: 4, overdue: 2, received: 6, done: 3, on_time: 75 }],
    categories: [],
    matters: {
        emergencies: [],
        waiting: [],
        stuck: [
            { id: 8, report: 9, code: "PA-26-000009", since: "2026-11-18T08:00:00Z", agency: "Works", duty: "Handle", holder: "Officer", category: "Roads", ward: "" },
        ],
        centre: [],
        directives: [],
    },
    thresholds: { satisfied: 70 },
    ...values,
});

async function mountBoard(page = pageOf(), component = CivicLeaderBoard, params = {}) {
    mockDate(NOW);
    onRpc("civic.board", "read_page", ({ args }) => {
        expect.step(`read ${args.join(" ")}`);
        return typeof page === "function" ? page(args) : page;
    });
    onRpc("civic.board", "read_map", () => ({ settings: {}, wards: [] }));
    await mountWithCleanup(component, {
        props: { action: { params }, actionId: 1 },
    });
    await animationFrame();
}

test("figures, shares and changes are words", async () => {
    await makeMockEnv();
    expect([null, undefined, 0, 12.34, 3].map((value) => figureWords(value))).toEqual([
        "–",
        "–",
        "0",
        "12.3",
        "3",
    ]);
    expect(figureWords(66.66, "percent")).toBe("66.7 %");
    expect(shareWords({ part: 4, whole: 6, is_few: true })).toBe("4/6, fewer than 10");
    expect(shareWords({ part: 0, whole: 0 })).toBe("none yet");
    const change = (value, last, unit = "count", better = null) =>
        changeWords({ value, last, unit, better });
    expect(change(10, 8)).toEqual({ words: "2 more than before (8)", turn: "even" });
    expect(change(90, 95, "percent", "up").turn).toBe("worse");
    expect(change(90, 95, "percent", "up").words).toBe("5 points less than before (95 %)");
    expect(change(1, 4, "count", "down").turn).toBe("better");
    expect(change(4, 4)).toEqual({ words: "as before (4)", turn: "even" });
    expect(change(4, null).words).toBe("nothing to compare with");
});

test("classes of the map: nothing is apart, equal figures are one class", () => {
    expect(classEnds([])).toEqual([]);
    expect(classEnds([0, 0])).toEqual([]);
    expect(classEnds([2, 2, 2])).toEqual([2]);
    expect(classEnds([1, 2, 3, 4, 0])).toEqual([1, 2, 3, 4]);
    const ends = classEnds([1, 2, 3, 40]);
    expect([0, 1, 2, 40].map((value) => classOf(value, ends))).toEqual([0, 1, 2, 4]);
    expect(shadeOf(0, ends)).toBe(SHADES[0]);
    expect(shadeOf(1, [2])).toBe(SHADES[4]);
    expect(shadeOf(4, ends)).toBe(SHADES[4]);
});

test("the page says in words what is the matter", async () => {
    await mountBoard();
    expect.verifySteps(["read province month"]);
    expect("h1").toHaveText("Governing: Huế");
    expect(queryAllTexts(".o_civic_leader_headlines li")).toEqual([
        "Emergencies in hand: 1.",
        "Overdue: 3, at 1 agencies; the longest at Works, late by 2 day(s).",
    ]);
    expect("[data-figure=agency_overdue]").toHaveClass("o_civic_leader_bad");
    expect("[data-figure=agency_overdue] .o_civic_leader_hint").toHaveText(
        "the oldest for 2 day(s)"
    );
    expect("[data-figure=satisfied_rate]").not.toBeEnabled();
    expect("[data-figure=on_time_rate]").toHaveText(/5 points less than before \(95 %\): worse/);
    expect(".o_civic_leader_list_waiting p").toHaveText(
        "Nothing waits for the province's decision."
    );
    expect(".o_civic_leader_list_stuck li").toHaveText(/Officer/);
});

for (const [kind, component, tiles] of [
    ["province", CivicLeaderBoard, ".o_civic_leader_tiles:first"],
    ["wall", CivicWall, ".o_civic_wall_tiles"],
]) {
    test(`${kind}: what is owed by a day says the day, and how late it is`, async () => {
        const facts = { label: "Owed", value: 2, since: null };
        const owed = (key, due, isBad) => ({ ...facts, key, due, is_bad: isBad });
        const page = pageOf({
            kind,
            tiles: [
                owed("directives", "2026-12-08T10:00:00Z", false),
                // The midnight, in the time zone of the tests, that ends the 21st.
                owed("explanations", "2026-11-21T23:00:00Z", false),
                owed("late", "2026-11-17T07:00:00Z", true),
                owed("undated", null, false),
            ],
        });
        await mountBoard(page, component);
        expect.verifySteps([`read ${kind} month`]);
        expect(queryAllTexts(`${tiles} .o_civic_leader_hint`)).toEqual([
            "the nearest day: 12/08/2026",
            "the nearest day: 11/21/2026",
            "late by 3 day(s)",
            "",
        ]);
        expect(`${tiles} .o_civic_leader_bad`).toHaveCount(1);
    });
}

test("agencies by rank, or the most overdue first", async () => {
    await mountBoard();
    expect.verifySteps(["read province month"]);
    const names = () => queryAllTexts(".o_civic_leader_agency th");
    expect(names()).toEqual(["Transport", "Works"]);
    await click(".btn-group button:last-child");
    await animationFrame();
    expect(names()).toEqual(["Works", "Transport"]);
    expect(".btn-group button:last-child").toHaveAttribute("aria-pressed", "true");
});

test("a figure opens its list", async () => {
    onRpc("civic.board", "open_list", ({ args }) => {
        expect.step(JSON.stringify(args));
        return { type: "ir.actions.act_window_close" };
    });
    await mountBoard();
    expect.verifySteps(["read province month"]);
    await click("[data-figure=agency_overdue]");
    await animationFrame();
    expect.verifySteps(['["province","agency_overdue","month",{}]']);
    await click(".o_civic_leader_overdue");
    await animationFrame();
    expect.verifySteps(['["province","agency_overdue","month",{"agency":1}]']);
});

test("another period is asked for", async () => {
    await mountBoard();
    expect.verifySteps(["read province month"]);
    await click("select[name=period]");
    await select("month:2026-11-14");
    await animationFrame();
    expect.verifySteps(["read province month:2026-11-14"]);
});

test("it renews itself when the bus says so", async () => {
    const heard = waitUntilSubscribe();
    await mountBoard();
    await advanceTime(500);
    await heard;
    expect.verifySteps(["read province month"]);
    MockServer.env["bus.bus"]._sendone("broadcast", "civic_report.board", {});
    await waitNotifications([getMockEnv(), "civic_report.board", {}]);
    await advanceTime(10_000);
    expect.verifySteps(["read province month"]);
});

test("a failure leaves what was there, and says so", async () => {
    let fails = false;
    await mountBoard(() => {
        if (fails) {
            throw makeServerError({ type: "ValidationError", message: "away" });
        }
        return pageOf();
    });
    expect.verifySteps(["read province month"]);
    fails = true;
    await advanceTime(5 * 60_000 + 1);
    await animationFrame();
    expect.verifySteps(["read province month"]);
    expect("[role=alert]").toHaveText(/could not be fetched/);
    expect("[data-figure=open] .o_civic_leader_value").toHaveText("12");
    fails = false;
    await click("[role=alert] button");
    await animationFrame();
    expect.verifySteps(["read province month"]);
    expect("[role=alert]").toHaveCount(0);
});

test("old counts say since when", async () => {
    await mountBoard(pageOf({ is_stale: true }));
    expect.verifySteps(["read province month"]);
    expect(".o_civic_leader_stale").toHaveText(/Counting stands still/);
});

test("behind lines and map there is a table", async () => {
    await mountBoard();
    expect.verifySteps(["read province month"]);
    expect(".o_civic_trend canvas").toHaveAttribute("role", "img");
    const label = queryOne(".o_civic_trend:first canvas").getAttribute("aria-label");
    expect(label).toMatch(/Received: 10, before that 8/);
    expect(queryAllTexts(".o_civic_trend:first tbody td").map((text) => text || "")).toHaveLength(4);
    expect(".o_civic_wards details").toHaveAttribute("open");
    expect(".o_civic_wards tbody").toHaveText(/Ward Five/);
});

for (const [emergencies, waiting, shown] of [
    [0, 0, 8],
    [1, 2, 7],
    [9, 9, 4],
]) {
    test(`a wall beside ${emergencies} and ${waiting}: as much of what is overdue as has room`, async () => {
        const matters = (letter, count) =>
            Array.from({ length: count }, (_row, at) => ({
                code: `${letter}-${at}`,
                since: "2026-11-18T08:00:00Z",
            }));
        const page = pageOf({
            kind: "wall",
            matters: {
                emergencies: matters("E", emergencies),
                waiting: matters("W", waiting),
                stuck: matters("S", 12),
            },
        });
        await mountBoard(page, CivicWall);
        expect.verifySteps(["read wall month"]);
        expect("[aria-labelledby=civic_wall_stuck] li").toHaveCount(shown);
        expect("[aria-labelledby=civic_wall_waiting] li").toHaveCount(Math.min(waiting, 3));
    });
}

test("a table behind a map is closed where the map is shown", async () => {
    const ward = { id: 5, name: "Ward Five", latitude: 16.4, longitude: 107.5 };
    const settings = { latitude: 16.4, longitude: 107.5, zoom: 12 };
    onRpc("civic.board", "read_map", () => ({ settings, wards: [ward] }));
    await mountWithCleanup(WardMap, { props: { kind: "province", rows: pageOf().wards } });
    await waitFor(".leaflet-interactive", { timeout: 10_000 });
    expect(".o_civic_wards details").not.toHaveAttribute("open");
    expect(".o_civic_wards .leaflet-top.leaflet-right .leaflet-control-zoom").toHaveCount(1);
    expect(".o_civic_wards .leaflet-bottom.leaflet-right .leaflet-control-scale").toHaveCount(1);
});

test("one agency is in no order", async () => {
    await mountBoard(pageOf({ agencies: [AGENCY] }));
    expect.verifySteps(["read province month"]);
    expect(".o_civic_leader_agency").toHaveCount(1);
    expect(".o_civic_leader .btn-group").toHaveCount(0);
});

test("nothing can be pressed on the wall", async () => {
    const page = pageOf({ kind: "wall" });
    await mountBoard(page, CivicWall, { kind: "wall" });
    expect.verifySteps(["read wall month"]);
    expect("h1").toHaveText("Huế");
    expect(".o_civic_wall button, .o_civic_wall a, .o_civic_wall select").toHaveCount(0);
    expect(".o_civic_wall").toHaveText(/PA-26-000009/);
    expect(".o_civic_wall").not.toHaveText(/Officer/);
});
