import { registry } from "@web/core/registry";
import { chooseMenu, confirm, press, waitForState } from "./tour_tools";

const tours = registry.category("web_tour.tours");
const REASON = "Bốn văn bản chấn chỉnh trong năm, vượt ngưỡng của Điều 17.3.";
const ROW = ".o_list_view .o_data_row";

/** The list of evaluations, by the own menu. */
const openList = (title) => [
    { trigger: `main.o_civic_leader h1:contains(${title})` },
    ...chooseMenu("menu_reports", "menu_evaluations"),
    {
        content: "a year is no amount",
        trigger: `${ROW} td[name='year']:contains(/^2026$/)`,
    },
];

/** An agency's leader finds one row: the own agency's. */
const openOwn = [
    ...openList("Sở Xây dựng"),
    { trigger: ".o_list_view:not(:has(.o_data_row:eq(1)))" },
    { trigger: `${ROW}:contains(Sở Xây dựng) td[name='agency_id']`, run: "click" },
    { trigger: ".o_form_view .o_field_widget[name='breaches']:contains(E1)" },
];

const nothingToDecide = {
    trigger: ".o_form_view:not(:has(button:contains(/^Decide…$/)))",
};

tours.add("civic_report.evaluation_waits", {
    steps: () => [...openOwn, ...waitForState("To be decided"), nothingToDecide],
});

tours.add("civic_report.evaluation_decided", {
    steps: () => [
        ...openList("Governing"),
        {
            content: "an agency with no ground against it is in the list, and not marked",
            trigger: `${ROW}:not(.text-danger):contains(Thuận Hóa)`,
        },
        {
            trigger: `${ROW}.text-danger:contains(Sở Xây dựng):contains(E1) td[name='agency_id']`,
            run: "click",
        },
        {
            content: "what is counted stands beside the button",
            trigger: ".o_form_view .o_field_widget[name='e1_part']:contains(4)",
        },
        press("Decide…"),
        { trigger: ".modal .alert:contains(True of this agency):contains(E1)" },
        {
            content: "what the figures say is proposed",
            trigger:
                ".modal .o_field_widget[name='decision'] input:value(Not assessed as excellent)",
        },
        {
            trigger: ".modal .o_field_widget[name='reason'] textarea",
            run: `edit ${REASON}`,
        },
        confirm,
        ...waitForState("Decided on"),
        { trigger: `.o_field_widget[name='reason']:contains(${REASON})` },
        { trigger: ".o_field_widget[name='decision']:contains(Not assessed as excellent)" },
        nothingToDecide,
    ],
});

tours.add("civic_report.evaluation_read", {
    steps: () => [
        ...openOwn,
        ...waitForState("Decided on"),
        { trigger: `.o_field_widget[name='reason']:contains(${REASON})` },
        nothingToDecide,
    ],
});
