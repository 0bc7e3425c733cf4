import { registry } from "@web/core/registry";
import { choosePicture, setMoment } from "./tour_tools";

const tours = registry.category("web_tour.tours");
const SUBJECT = "Mất nắp cống";
const ADDRESS = "Trước số 5 Hùng Vương";
const next = { trigger: ".o_civic_next_step:enabled", run: "click" };
const at = (step) => ({ trigger: `.o_civic_progress [aria-current='step']:contains(${step})` });

const fillIn = () => [
    at("Picture and place"),
    { trigger: "#civic_form #files", run: choosePicture("nap-cong.jpg", "#335577") },
    { trigger: ".o_civic_chosen li:contains(nap-cong.jpg)" },
    { trigger: "#address", run: `edit ${ADDRESS}` },
    next,
    at("What is wrong"),
    { trigger: "#subject", run: `edit ${SUBJECT}` },
    { trigger: "#description", run: "edit Cống mất nắp từ hôm qua." },
    { trigger: "#occurred_at", run: setMoment("2026-01-20T08:15") },
    next,
    at("Who you are"),
    { trigger: "#name", run: "edit Người gửi thử" },
    { trigger: "#phone", run: "edit 0912 345 678" },
    { trigger: "#email", run: "edit nguoi.gui@example.com" },
    { trigger: "#consent", run: "check" },
];

tours.add("civic_report.send_without_network", {
    steps: () => [
        ...fillIn(),
        { trigger: "#send_button", run: "click" },
        {
            content: "what happens is said, and the report goes by itself",
            trigger: ".o_civic_sending:contains(/No network|connection was lost/)",
            run() {
                document.body.dataset.saidSo = "1";
            },
            expectUnloadPage: true,
        },
        { trigger: ".o_civic_code:contains(/^PA-/)" },
    ],
});

tours.add("civic_report.send_draft", {
    steps: () => [
        ...fillIn(),
        {
            content: "the draft is kept a moment after the last key",
            trigger: "#name",
            async run({ waitUntil }) {
                const { loadDraft } = odoo.loader.modules.get(
                    "@civic_report/website/send/draft_store"
                );
                let draft = null;
                const look = async () => (draft = await loadDraft());
                const isKept = () => {
                    look();
                    return draft?.fields.subject && draft.files.length === 1;
                };
                await waitUntil(isKept, { timeout: 10000 });
                location.reload();
            },
            expectUnloadPage: true,
        },
        { trigger: ".o_civic_draft_words:contains(is back)" },
        { trigger: ".o_civic_chosen li:contains(nap-cong.jpg)" },
        { trigger: `#address:value(${ADDRESS})` },
        next,
        { trigger: `#subject:value(${SUBJECT})` },
        next,
        {
            content: "who somebody is was not kept",
            trigger: "#name",
            run() {
                if (this.anchor.value || document.querySelector("#consent").checked) {
                    throw new Error("identity is in the draft");
                }
            },
        },
        { trigger: ".o_civic_draft_delete", run: "click", expectUnloadPage: true },
        { trigger: ".o_civic_draft:not(:visible)" },
        { trigger: "#address:value()" },
        {
            trigger: "body:not(:has(.o_civic_chosen li))",
        },
    ],
});

tours.add("civic_report.send_helped", {
    steps: () => [
        { trigger: "#danger", run: "check" },
        { trigger: ".o_civic_danger .o_civic_danger_panel a[href='tel:114']" },
        { trigger: "#danger", run: "uncheck" },
        { trigger: "#civic_form #files", run: choosePicture("o-ga.jpg", "#335577") },
        { trigger: "#address", run: "edit Trước số 10 Lê Lợi" },
        {
            content: "the place, as a device would say it",
            trigger: "#address",
            run() {
                for (const [name, value] of [
                    ["latitude", "16.4637"],
                    ["longitude", "107.5909"],
                ]) {
                    document.querySelector(`[name=${name}]`).value = value;
                }
            },
        },
        next,
        { trigger: "#category_id", run: "selectByLabel Fire, explosion" },
        { trigger: ".o_civic_category .o_civic_danger_panel a[href='tel:114']" },
        { trigger: "#questions label:contains(mắc kẹt)" },
        { trigger: "#subject", run: "edit Ổ gà lớn trên đường Lê Lợi" },
        { trigger: "#description", run: "edit Ổ gà sâu khoảng 20 cm giữa làn đường." },
        { trigger: ".o_civic_suggestion_words:contains(because you wrote)" },
        { trigger: ".o_civic_suggestion_use", run: "click" },
        { trigger: "#category_id:has(option:checked:contains(Roads))" },
        { trigger: "#occurred_at", run: setMoment("2026-01-20T08:15") },
        next,
        { trigger: ".o_civic_offers_found a:contains(Follow this one instead)" },
        at("What is wrong"),
        next,
        at("Who you are"),
    ],
});
