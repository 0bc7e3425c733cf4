import { registry } from "@web/core/registry";
import {
    chooseAgency,
    confirm,
    openCard,
    openRow,
    press,
    waitForState,
} from "./tour_tools";

const tours = registry.category("web_tour.tours");
const LED = "Cầu gãy lan can";
const SENSITIVE = "Tranh chấp ranh giới thửa đất";
const EMERGENCY = "Cháy nhà kho";
const LINES = ".modal .o_field_widget[name='line_ids']";
const RESULT = ".o_form_view .o_field_widget[name='result']";

/** The form says what is to be done now, and by when. */
const due = (moment) => ({
    trigger: `.o_form_view .o_civic_duty .o_civic_clock_date:contains(${moment})`,
});

const tick = (line) => [
    { trigger: `${line} .o_boolean_toggle input:not(:checked)`, run: "click" },
    { trigger: `${line} .o_boolean_toggle input:checked` },
];

const COMPLETED = ".o_field_widget[name='completed_at']";
const submitResult = (text) => [
    { trigger: `${RESULT} textarea`, run: `edit ${text}` },
    press("Submit for Approval"),
    ...waitForState("Awaiting approval"),
];

const approveResult = (text) => [
    { trigger: `${RESULT}:contains(${text})` },
    press("Approve"),
    ...waitForState("Approved"),
];

// ----------------------------------------------------------------------
// A lead and those whom it invites (Sóc Trăng)
// ----------------------------------------------------------------------

tours.add("civic_report.st_operator_dispatches_to_lead", {
    steps: () => [
        ...openCard("Received", LED),
        press("Dispatch…"),
        {
            content: "taking in has no limit of its own: the result's alone is shown",
            trigger: `${LINES} .o_data_row:contains(Cơ quan A):contains(05/05/2026 17:00)`,
        },
        ...tick(`${LINES} .o_data_row:contains(Cơ quan A)`),
        {
            content: "one agency needs no choice of a lead",
            trigger: ".modal .o_form_view:not(:has(.o_field_widget[name='lead_id']))",
        },
        confirm,
        ...waitForState("In hand"),
        due("05/05/2026 17:00"),
    ],
});

tours.add("civic_report.st_lead_invites", {
    steps: () => [
        ...openCard("Taken in", LED),
        {
            content: "until when it could still be returned",
            trigger: ".o_civic_duty:contains(24/04/2026 17:00)",
        },
        press("Invite…"),
        ...chooseAgency("Cơ quan C"),
        ...chooseAgency("Cơ quan D"),
        {
            trigger: ".modal .o_field_widget[name='note'] textarea",
            run: "edit Cho biết kinh phí và phương án phân luồng.",
        },
        confirm,
        ...waitForState("Taken in"),
        { trigger: ".o_notebook .nav-link:contains(Co-agencies)", run: "click" },
        {
            trigger:
                ".o_field_widget[name='co_ids'] .o_data_row:contains(Cơ quan C):contains(Pending)",
        },
        {
            trigger:
                ".o_field_widget[name='co_ids'] .o_data_row:contains(Cơ quan D):contains(Pending)",
        },
    ],
});

tours.add("civic_report.st_first_co_handler_submits", {
    steps: () => [
        ...openCard("Taken in", LED),
        {
            content: "what the lead asks, not the Centre",
            trigger:
                ".o_form_view .alert:contains(What you are asked to do):contains(phương án phân luồng)",
        },
        due("29/04/2026 17:00"),
        ...submitResult("Cấp kinh phí sửa lan can."),
    ],
});

tours.add("civic_report.st_second_co_handler_submits", {
    steps: () => [
        ...openCard("Taken in", LED),
        due("29/04/2026 17:00"),
        ...submitResult("Phân luồng qua đường tránh."),
    ],
});

tours.add("civic_report.st_first_co_leader_approves", {
    steps: () => [openRow(LED), ...approveResult("Cấp kinh phí sửa lan can.")],
});

tours.add("civic_report.st_lead_consolidates", {
    steps: () => [
        ...openCard("Taken in", LED),
        due("05/05/2026 17:00"),
        {
            trigger:
                ".o_field_widget[name='co_ids'] .o_data_row:contains(Approved):contains(Cấp kinh phí sửa lan can.)",
        },
        {
            trigger:
                ".o_field_widget[name='co_ids'] .o_data_row:contains(Approved):contains(Phân luồng qua đường tránh.)",
        },
        ...submitResult("Đã sửa lan can, phân luồng qua đường tránh."),
    ],
});

tours.add("civic_report.st_lead_leader_approves", {
    steps: () => [
        openRow(LED),
        ...approveResult("Đã sửa lan can"),
        {
            content: "the letter has its number and date",
            trigger: ".o_field_widget[name='letter_number']:contains(01/SXD)",
        },
        { trigger: ".o_field_widget[name='letter_date']:contains(06/05/2026)" },
    ],
});

tours.add("civic_report.st_operator_publishes", {
    steps: () => [
        ...openCard("Awaiting publication", LED),
        due("07/05/2026 17:00"),
        press("Publish…"),
        {
            content: "the lead's result alone",
            trigger: ".modal .o_field_widget[name='public_result'] textarea",
            run: "edit Đã sửa lan can, lưu thông hai chiều.",
        },
        confirm,
        ...waitForState("Done"),
    ],
});

// ----------------------------------------------------------------------
// Sensitive matters (Huế)
// ----------------------------------------------------------------------

tours.add("civic_report.hue_operator_consults", {
    steps: () => [
        ...openCard("Received", SENSITIVE),
        {
            content: "before the coordinating agency's word nothing is dispatched",
            trigger: ".o_statusbar_buttons:not(:contains(Dispatch…))",
        },
        press("Consult…"),
        {
            content: "the province's one coordinating agency is chosen already",
            trigger:
                ".modal .o_field_widget[name='agency_id'] input:value(Cơ quan được chỉ định phối hợp)",
        },
        confirm,
        ...waitForState("Awaiting coordination"),
        due("28/08/2026 17:00"),
    ],
});

tours.add("civic_report.hue_coordinator_answers", {
    steps: () => [
        openRow(SENSITIVE),
        due("28/08/2026 17:00"),
        press("Say Who Is Competent…"),
        ...chooseAgency("Cơ quan C"),
        {
            trigger: ".modal .o_field_widget[name='note'] textarea",
            run: "edit Trả lời riêng người phản ánh.",
        },
        confirm,
        ...waitForState("Received"),
    ],
});

tours.add("civic_report.hue_operator_dispatches", {
    steps: () => [
        ...openCard("Received", SENSITIVE),
        {
            trigger:
                ".o_field_widget[name='suggested_agency_ids'] .o_tag:contains(Cơ quan C)",
        },
        press("Dispatch…"),
        {
            content: "the agency that was named is ticked already, and why is said",
            trigger: `${LINES} .o_data_row:contains(Cơ quan C):contains(named by the coordinating agency):contains(03/09/2026 08:20) .o_boolean_toggle input:checked`,
        },
        confirm,
        ...waitForState("In hand"),
    ],
});

tours.add("civic_report.hue_operator_asks_agreement", {
    steps: () => [
        ...openCard("Awaiting publication", SENSITIVE),
        {
            content: "without agreement nothing is published",
            trigger: ".o_statusbar_buttons:not(:contains(Publish…))",
        },
        press("Ask for Agreement…"),
        {
            trigger:
                ".modal .o_field_widget[name='agency_id'] input:value(Cơ quan được chỉ định phối hợp)",
        },
        confirm,
        ...waitForState("Awaiting agreement"),
        due("15/09/2026 17:00"),
    ],
});

tours.add("civic_report.hue_coordinator_agrees", {
    steps: () => [
        openRow(SENSITIVE),
        {
            content: "what there is to agree with can be read",
            trigger: ".o_field_widget[name='assignment_ids'] .o_data_row:contains(Đã xử lý xong.)",
        },
        press("Agree"),
        ...waitForState("Awaiting publication"),
    ],
});

tours.add("civic_report.hue_operator_answers", {
    steps: () => [
        ...openCard("Awaiting publication", SENSITIVE),
        press("Publish…"),
        {
            content: "the coordinating agency agrees: it would become public",
            trigger: ".modal .o_field_widget[name='make_public'] input:checked",
            run: "click",
        },
        { trigger: ".modal .alert:contains(the result goes to the citizen alone)" },
        {
            content: "there are no pictures for a public that sees nothing",
            trigger: ".modal .o_form_view:not(:has(.o_field_widget[name='candidate_ids']))",
        },
        confirm,
        ...waitForState("Done"),
    ],
});

// ----------------------------------------------------------------------
// Emergencies (Bắc Giang)
// ----------------------------------------------------------------------

tours.add("civic_report.bg_operator_dispatches_at_once", {
    steps: () => [
        {
            trigger: `.o_kanban_record:contains(${EMERGENCY}) .o_civic_band:contains(Emergency)`,
        },
        ...openCard("New", EMERGENCY),
        { trigger: ".o_form_view .alert-danger:contains(Call the agency)" },
        press("Dispatch…"),
        {
            content: "half an hour to take in, by the clock",
            trigger: `${LINES} .o_data_row:contains(Cơ quan A):contains(18/10/2026 00:20)`,
        },
        ...tick(`${LINES} .o_data_row:contains(Cơ quan A)`),
        confirm,
        ...waitForState("In hand"),
        due("18/10/2026 00:20"),
    ],
});

tours.add("civic_report.bg_handler_accepts", {
    steps: () => [
        {
            trigger: `.o_kanban_record:contains(${EMERGENCY}) .o_civic_band:contains(Emergency)`,
        },
        ...openCard("Pending", EMERGENCY),
        due("18/10/2026 00:20"),
        press("Accept"),
        ...waitForState("Taken in"),
    ],
});

tours.add("civic_report.bg_handler_submits", {
    steps: () => [
        ...openCard("In hand", EMERGENCY),
        { trigger: ".o_form_view .o_civic_duty:contains(no time limit)" },
        { content: "when the fire was out", trigger: COMPLETED },
        ...submitResult("Đã dập tắt đám cháy, không có người bị nạn."),
    ],
});

tours.add("civic_report.bg_leader_approves", {
    steps: () => [
        openRow(EMERGENCY),
        due("18/10/2026 05:00"),
        ...approveResult("Đã dập tắt đám cháy"),
    ],
});

tours.add("civic_report.bg_operator_publishes", {
    steps: () => [
        ...openCard("Awaiting publication", EMERGENCY),
        due("19/10/2026 08:00"),
        press("Publish…"),
        confirm,
        ...waitForState("Done"),
    ],
});
