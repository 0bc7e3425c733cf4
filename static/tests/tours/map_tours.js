import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("civic_report.citizen_map", {
    steps: () => [
        { trigger: ".o_civic_map_status:contains(/map: 1/)" },
        { trigger: ".o_civic_map_view .leaflet-control-scale-line" },
        { trigger: ".o_civic_map_view .o_civic_sign_open", run: "click" },
        {
            content: "the map leads where the list leads",
            trigger: ".leaflet-popup-content a:contains(Ổ gà)",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".o_civic_report h1:contains(Ổ gà)" },
    ],
});
