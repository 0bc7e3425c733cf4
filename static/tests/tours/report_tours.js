import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const ON = ".o_civic_compare.o_civic_compare_on";

/** Moves the line between the pictures, counts itself in and out, and follows. */
tours.add("civic_report.visitor_joins", {
    steps: () => [
        {
            content: "the line is moved as a slider is: by finger, mouse or keyboard",
            trigger: `${ON} input[type='range']`,
            run: "range 80",
        },
        {
            trigger: ON,
            run() {
                const cut = this.anchor.style.getPropertyValue("--civic-cut");
                const slider = this.anchor.querySelector("input");
                const said = slider.getAttribute("aria-valuetext");
                if (cut !== "80%" || !said.includes("80") || slider.tabIndex) {
                    throw new Error(`the line stands at ${cut}, said as ${said}`);
                }
            },
        },
        { trigger: "a[href*='tai-dien']:contains(Report it again)" },
    ],
});

tours.add("civic_report.visitor_supports", {
    steps: () => [
        {
            trigger: "#support button:contains(I met it, too)",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "#support:contains(You are counted) .o_civic_support_count:contains(1)" },
        {
            trigger: "#support button:contains(Take it back)",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "#support:contains(Have you met this)" },
        { trigger: "#follow summary", run: "click" },
        { trigger: "#follow_email", run: "edit nguoi.theo.doi@example.com" },
        {
            trigger: "#follow button:contains(Follow)",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "#follow [role='status']:contains(on its way)" },
    ],
});
