import { registry } from "@web/core/registry";
import { chooseMenu, confirm, press, waitForState } from "./tour_tools";

const tours = registry.category("web_tour.tours");
const WORDS = "Xử lý dứt điểm các trường hợp quá hạn trong tuần này.";
const SUBJECT = "Chấn chỉnh việc chậm xử lý";
const ANSWER = "Đã kiểm điểm người phụ trách, khắc phục xong.";

/** Fill in a field of the form that is shown. */
const fill = (name, value) => ({
    trigger: `.o_form_view .o_field_widget[name='${name}'] :is(input, textarea)`,
    run: `edit ${value}`,
});

/** Fill in a day, and leave its picker. */
const fillDay = (name, value) => ({
    trigger: `.o_form_view .o_field_widget[name='${name}'] input`,
    async run(helpers) {
        await helpers.edit(value);
        await helpers.press("Enter");
    },
});

tours.add("civic_report.story_province_leader", {
    steps: () => [
        {
            content: "signing in leads to the one screen of the role",
            trigger: "main.o_civic_leader h1:contains(Governing)",
        },
        {
            trigger: ".o_civic_leader .btn-group button:contains(Most overdue)",
            run: "click",
        },
        {
            content: "the most overdue agency opens what it has not done",
            trigger: ".o_civic_leader_agency:first:contains(Sở Xây dựng) .o_civic_leader_overdue",
            run: "click",
        },
        { trigger: ".o_list_view .o_data_row:eq(1)" },
        { trigger: "body:not(:has(.o_list_view .o_data_row:eq(2)))" },
        {
            trigger: ".o_list_view thead .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_control_panel .o_cp_action_menus button:contains(Actions)",
            run: "click",
        },
        {
            trigger: ".o-dropdown--menu .o_menu_item:contains(/^Urge$/)",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='message'] textarea",
            run: `edit ${WORDS}`,
        },
        confirm,
        { trigger: "body:not(:has(.modal))" },

        ...chooseMenu("menu_leadership", "menu_directives"),
        { trigger: ".o_list_view:not(:has(.o_data_row))" },
        { trigger: ".o_control_panel .o_list_button_add", run: "click" },
        fill("subject", SUBJECT),
        fill("number", "12/CT-UBND"),
        fillDay("date", "01/12/2026"),
        fill("issuer", "UBND tỉnh"),
        {
            trigger: ".o_field_widget[name='kind'] .o_select_menu input",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains(Correct a violation)",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='agency_ids'] input",
            run: "edit Sở Xây dựng",
        },
        {
            trigger: ".o-autocomplete--dropdown-item > a:contains(/^Sở Xây dựng$/)",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='agency_ids'] .o_tag:contains(Sở Xây dựng)",
        },
        fillDay("due_date", "08/12/2026"),
        fill("body", "Khắc phục ngay, nêu rõ người chịu trách nhiệm."),
        { trigger: ".o_form_button_save", run: "click" },
        press("Issue…"),
        { trigger: ".modal .o_field_widget[name='agency_ids']:contains(Sở Xây dựng)" },
        confirm,
        ...waitForState("Issued"),
        { trigger: ".o_field_widget[name='waiting_agency_ids']:contains(Sở Xây dựng)" },
    ],
});

tours.add("civic_report.story_agency_leader", {
    steps: () => [
        {
            content: "the own screen says that a directive waits",
            trigger: "main.o_civic_leader .o_civic_leader_list_directives:contains(12/CT-UBND)",
        },
        {
            trigger: ".o_civic_leader_list_directives button:contains(12/CT-UBND)",
            run: "click",
        },
        press("Answer…"),
        { trigger: ".modal .o_field_widget[name='body']:contains(Khắc phục ngay)" },
        {
            trigger: ".modal .o_field_widget[name='agency_id'] input:value(Sở Xây dựng)",
        },
        {
            trigger: ".modal .o_field_widget[name='text'] textarea",
            run: `edit ${ANSWER}`,
        },
        confirm,
        { trigger: "body:not(:has(.modal))" },
        { trigger: `.o_field_widget[name='answer_ids']:contains(${ANSWER})` },
        { trigger: ".o_form_view:not(:has(button:contains(/^Answer…$/)))" },
    ],
});

tours.add("civic_report.story_centre_drafts", {
    steps: () => [
        {
            trigger: ".o_list_view .o_data_row:contains(tháng 12 năm 2026) td[name='title']",
            run: "click",
        },
        press("Count and Draft"),
        ...waitForState("Drafted"),
        {
            trigger:
                ".o_field_widget[name='line_ids'] .o_data_row:contains(Sở Xây dựng):contains(Số lần đôn đốc: 2)",
        },
    ],
});

tours.add("civic_report.story_centre_issues", {
    steps: () => [
        {
            trigger: ".o_list_view .o_data_row:contains(Drafted) td[name='title']",
            run: "click",
        },
        ...waitForState("Drafted"),
        press("Approve"),
        ...waitForState("Approved"),
        press("Issue"),
        {
            content: "what is issued changes no more: it is asked once",
            trigger: ".modal:contains(gets its number) footer .btn-primary",
            run: "click",
        },
        ...waitForState("Issued"),
        { trigger: ".o_field_widget[name='number']:contains(/BC-)" },
        { trigger: ".o_form_view:not(:has(button:contains(/^Issue$/)))" },
    ],
});

tours.add("civic_report.story_province_reads", {
    steps: () => [
        {
            trigger: "main.o_civic_leader h1:contains(Governing)",
        },
        ...chooseMenu("menu_periodic", "menu_periodic_reports"),
        {
            trigger: ".o_list_view .o_data_row:contains(Issued):contains(/BC-) td[name='title']",
            run: "click",
        },
        ...waitForState("Issued"),
        {
            trigger:
                ".o_field_widget[name='line_ids'] .o_data_row:contains(Sở Xây dựng):contains(Số lần đôn đốc: 2; Văn bản chỉ đạo: 1)",
        },
        {
            content: "both files are there, and nothing is left to do",
            trigger: ".o_statusbar_buttons:has(button:contains(/^PDF$/)) button:contains(/^Spreadsheet$/)",
        },
        { trigger: ".o_form_view:not(:has(button:contains(/^(Approve|Issue|Replace…)$/)))" },
    ],
});
