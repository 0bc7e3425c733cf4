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
