import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const CARD = ".o_civic_desk_card";
const FORM = ".o_civic_desk_form";
const field = (name) => `${FORM} .o_field_widget[name='${name}']`;

tours.add("civic_report.operator_takes_a_call", {
    steps: () => [
        {
            content: "the call is on the screen, without its number",
            trigger: `${CARD}:contains(Incoming call):contains(••• ••• 678)`,
        },
        {
            content: "what was sent with this number before",
            trigger: `${CARD} a:contains(Ổ gà lớn trên đường Lê Lợi)`,
        },
        { trigger: `${CARD} button:contains(Take Down a Report)`, run: "click" },
        { trigger: `${field("number")}:contains(••• ••• 678)` },
        { trigger: `${field("subject")} input`, run: "edit Ổ gà lớn trên đường Lê Lợi" },
        {
            trigger: `${field("description")} textarea`,
            run: "edit Vẫn chưa ai sửa, xe máy ngã.",
        },
        { trigger: `${field("address")} input`, run: "edit Trước số 10 Lê Lợi" },
        { trigger: `${field("name")} input`, run: "edit Người gọi thử" },
        {
            content: "it may be the same matter",
            trigger: `${FORM} .o_civic_duplicates:contains(Ổ gà lớn trên đường Lê Lợi)`,
        },
        { trigger: `${field("consent")} input`, run: "check" },
        { trigger: `.o_form_statusbar button:contains(Send)`, run: "click" },
        {
            content: "the code is there to be read aloud",
            trigger: `.o_civic_spoken:contains(/P A – [0-9] [0-9] – [0-9 ]+/)`,
        },
        {
            trigger: `.o_form_statusbar button:contains(Open the Report)`,
            run: "click",
        },
        { trigger: ".o_form_view:contains(Vẫn chưa ai sửa)" },
    ],
});
