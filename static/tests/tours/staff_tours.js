import { registry } from "@web/core/registry";
import { choosePicture, confirm, openCard, openRow, press, waitForState } from "./tour_tools";

const tours = registry.category("web_tour.tours");
const SUBJECT = "Ổ gà trước cổng trường";
const RESULT = "Đã vá xong ổ gà";
// A row on a wide screen, a card on a telephone.
const AGENCY = ".o_civic_agencies [data-id]:contains(Sở Xây dựng)";
const TICK = ".modal .o_civic_ticks input";
const EVIDENCE = ".o_field_widget[name='result_attachment_ids']";

tours.add("civic_report.operator_dispatches", {
    steps: () => [
        ...openCard("New", SUBJECT),
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
        confirm,
        ...waitForState("In hand"),
    ],
});

tours.add("civic_report.handler_accepts", {
    steps: () => [
        ...openCard("Pending", SUBJECT),
        press("Accept"),
        ...waitForState("Taken in"),
    ],
});

tours.add("civic_report.handler_submits", {
    steps: () => [
        ...openCard("Taken in", SUBJECT),
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
        openRow(SUBJECT),
        { trigger: `.o_form_view .o_field_widget[name='result']:contains(${RESULT})` },
        { trigger: `${EVIDENCE} .o_civic_gallery_picture img` },
        press("Approve"),
        ...waitForState("Approved"),
    ],
});

tours.add("civic_report.operator_publishes", {
    steps: () => [
        ...openCard("Awaiting publication", SUBJECT),
        press("Publish…"),
        { trigger: `${TICK}:checked:eq(1)` },
        {
            trigger: ".modal .o_field_widget[name='public_result'] textarea",
            run: `edit ${RESULT} và kẻ lại vạch sơn.`,
        },
        confirm,
        ...waitForState("Done"),
    ],
});
