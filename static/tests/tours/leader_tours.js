import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("civic_report.province_leader_governs", {
    steps: () => [
        {
            content: "signing in leads to the one screen of the role",
            trigger: "main.o_civic_leader h1:contains(Governing)",
        },
        {
            content: "it says in words what is the matter",
            trigger: ".o_civic_leader_headlines:contains(Overdue: 1)",
        },
        {
            content: "the most overdue agency",
            trigger: ".btn-group button:contains(Most overdue)",
            run: "click",
        },
        {
            trigger: ".o_civic_leader_agency:first:contains(Sở Xây dựng)",
        },
        {
            content: "is urged to it",
            trigger: ".o_civic_leader_agency:first .o_civic_leader_urge",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=message] textarea",
            run: "edit Xử lý xong trong hôm nay.",
        },
        {
            trigger: ".modal button[name=action_confirm]",
            run: "click",
        },
        {
            content: "the screen is still there",
            trigger: "body:not(:has(.modal)) .o_civic_leader_agency:first",
        },
        {
            content: "opens what it has not done",
            trigger: ".o_civic_leader_agency:first .o_civic_leader_overdue",
            run: "click",
        },
        {
            isActive: ["desktop"],
            trigger: ".o_list_view .o_data_row:contains(Ổ gà trước cổng trường)",
        },
        {
            isActive: ["mobile"],
            trigger: ".o_kanban_view .o_kanban_record:contains(Ổ gà trước cổng trường)",
        },
    ],
});

tours.add("civic_report.unit_leader_looks", {
    steps: () => [
        { trigger: "main.o_civic_leader h1:contains(Sở Xây dựng)" },
        {
            trigger: ".o_civic_leader_tile[data-figure='agency_overdue']:contains(1)",
        },
        {
            content: "who has it",
            trigger: "#civic_leader_people:contains(By person)",
        },
        {
            content: "and what each did in the period",
            trigger: ".o_civic_leader_officer",
        },
        {
            trigger: ".o_civic_leader_tile[data-figure='agency_overdue']",
            run: "click",
        },
        {
            isActive: ["desktop"],
            trigger: ".o_list_view .o_data_row:contains(Ổ gà trước cổng trường)",
        },
        {
            isActive: ["mobile"],
            trigger: ".o_kanban_view .o_kanban_record:contains(Ổ gà trước cổng trường)",
        },
    ],
});
