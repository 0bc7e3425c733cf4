import { registry } from "@web/core/registry";
import { choosePicture } from "./tour_tools";

const tours = registry.category("web_tour.tours");
const SUBJECT = "Ổ gà trước cổng trường";
const RESULT = "Đã vá xong ổ gà";
// A row on a wide screen, a card on a telephone.
const AGENCY = ".o_civic_agencies [data-id]:contains(Sở Xây dựng)";
const TICK = ".modal .o_civic_ticks input";
const EVIDENCE = ".o_field_widget[name='result_attachment_ids']";

/**
 * Open the report's card on a board: on a wide screen from the column of its state, on
 * a telephone from the one list, whose cards say the state.
 */
const openCard = (state) => [
    {
        isActive: ["desktop"],
        trigger: `.o_kanban_group:has(.o_column_title:contains(${state})) .o_kanban_record:contains(${SUBJECT})`,
        run: "click",
    },
    {
        isActive: ["mobile"],
        trigger: `.o_kanban_ungrouped .o_kanban_record:contains(${state}):contains(${SUBJECT})`,
        run: "click",
    },
];

const press = (label) => ({
    trigger: `.o_form_view .o_statusbar_buttons button:contains(/^${label}$/)`,
    run: "click",
});

/** Wait for the state that an act brings; a telephone shows that one alone. */
const waitForState = (state) => [
    {
        isActive: ["desktop"],
        trigger: `.o_statusbar_status .o_arrow_button_current:contains(${state})`,
    },
    {
        isActive: ["mobile"],
        trigger: `.o_statusbar_status button:visible:contains(${state})`,
    },
    { trigger: "body:not(:has(.modal))" },
];

tours.add("civic_report.operator_dispatches", {
    steps: () => [
        ...openCard("New"),
        press("Receive"),
        ...waitForState("Received"),
        press("Dispatch…"),
        {
            content: "the deadlines are shown before anything is sent",
            trigger: `${AGENCY}:contains(03/09/2026 07:50):contains(10/09/2026 17:00)`,
        },
        { trigger: `${AGENCY} .o_boolean_toggle input:not(:checked)`, run: "click" },
        { trigger: `${AGENCY} .o_boolean_toggle input:checked` },
        {
            trigger: ".modal .o_field_widget[name='standardised_description'] textarea",
            run: "edit Ổ gà sâu khoảng 20 cm giữa làn đường, trước cổng trường.",
        },
        { trigger: `${TICK}:checked`, run: "uncheck" },
        { trigger: `${TICK}:not(:checked)`, run: "check" },
        { trigger: `${TICK}:checked` },
        { trigger: ".modal footer button[name='action_confirm']", run: "click" },
        ...waitForState("In hand"),
    ],
});

tours.add("civic_report.handler_accepts", {
    steps: () => [...openCard("Pending"), press("Accept"), ...waitForState("Taken in")],
});

tours.add("civic_report.handler_submits", {
    steps: () => [
        ...openCard("Taken in"),
        { trigger: ".o_field_widget[name='result'] textarea", run: `edit ${RESULT}.` },
        {
            trigger: `${EVIDENCE} input[type='file']:not(:visible)`,
            run: choosePicture("da-va.jpg", "#146c43"),
        },
        { trigger: `${EVIDENCE} .o_civic_gallery_picture img` },
        press("Submit for Approval"),
        ...waitForState("Awaiting approval"),
    ],
});

tours.add("civic_report.leader_approves", {
    steps: () => [
        { trigger: `.o_data_row:contains(${SUBJECT}) td[name='subject']`, run: "click" },
        { trigger: `.o_form_view .o_field_widget[name='result']:contains(${RESULT})` },
        { trigger: `${EVIDENCE} .o_civic_gallery_picture img` },
        press("Approve"),
        ...waitForState("Approved"),
    ],
});

tours.add("civic_report.operator_publishes", {
    steps: () => [
        ...openCard("Awaiting publication"),
        press("Publish…"),
        { trigger: `${TICK}:checked:eq(1)` },
        {
            trigger: ".modal .o_field_widget[name='public_result'] textarea",
            run: `edit ${RESULT} và kẻ lại vạch sơn.`,
        },
        { trigger: ".modal footer button[name='action_confirm']", run: "click" },
        ...waitForState("Done"),
    ],
});
