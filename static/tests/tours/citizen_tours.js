import { registry } from "@web/core/registry";
import { choosePicture, setMoment } from "./tour_tools";

const tours = registry.category("web_tour.tours");
const SUBJECT = "Ổ gà trước cổng trường";
const RESULT = "Đã vá xong ổ gà";

const readAnswer = () => [
    { trigger: `.o_civic_result:contains(${RESULT})` },
    { trigger: ".o_civic_now:contains(Done)" },
    {
        content: "the centre dispatched within its working hour, across four days off",
        trigger:
            ".o_civic_timeline li:contains(Dispatched):contains(Deadline kept):contains(03/09/2026 08:00)",
    },
    {
        content: "the agency answered on the fifth of its six working days",
        trigger:
            ".o_civic_timeline li:contains(Result approved):contains(Sở Xây dựng):contains(11/09/2026 17:00)",
    },
    {
        content: "the centre published within its working hour, across a weekend",
        trigger:
            ".o_civic_timeline li:contains(Result published):contains(Deadline kept):contains(14/09/2026 08:00)",
    },
];

/** A picture of a place is really there, not only its frame. */
const seePicture = (place) => ({
    trigger: `${place} img`,
    async run({ waitUntil }) {
        this.anchor.scrollIntoView();
        await waitUntil(() => this.anchor.complete && this.anchor.naturalWidth, {
            timeout: 10000,
        });
    },
});

const nextStep = { trigger: ".o_civic_next_step:enabled", run: "click" };

tours.add("civic_report.citizen_sends", {
    steps: () => [
        {
            trigger: "#wrap a[href='/phan-anh/gui']:first",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "#civic_form #files", run: choosePicture("o-ga.jpg", "#8a5a00") },
        { trigger: ".o_civic_chosen li:contains(o-ga.jpg)" },
        { trigger: "#address", run: "edit Trước số 10 Lê Lợi" },
        { trigger: "#ward_id", run: "selectByLabel Phường Thuận Hóa" },
        nextStep,
        { trigger: "#subject", run: `edit ${SUBJECT}` },
        { trigger: "#description", run: "edit Ổ gà sâu khoảng 20 cm giữa làn đường." },
        { trigger: "#category_id", run: "selectByLabel Roads" },
        { trigger: "#occurred_at", run: setMoment("2026-08-28T16:20") },
        nextStep,
        { trigger: "#name", run: "edit Người gửi thử" },
        { trigger: "#phone", run: "edit 0912 345 678" },
        { trigger: "#email", run: "edit nguoi.gui@example.com" },
        { trigger: "#consent", run: "check" },
        { trigger: "#send_button", run: "click", expectUnloadPage: true },
        { trigger: ".o_civic_code:contains(/^PA-26-[0-9]{6}$/)" },
        {
            content: "the centre's hour is said: half of it on Friday, half after the days off",
            trigger: ".o_civic_next:contains(03/09/2026 08:00)",
        },
    ],
});

tours.add("civic_report.citizen_rates", {
    steps: () => [
        ...readAnswer(),
        { trigger: "input[name='level']:first", run: "check" },
        { trigger: "#comment", run: "edit Xử lý nhanh" },
        {
            trigger: "form[action$='/danh-gia'] button[type='submit']",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "section[aria-labelledby='rating_title']:contains(Xử lý nhanh)" },
        { trigger: ".o_civic_who a", run: "click", expectUnloadPage: true },
        { trigger: "article .o_civic_rating" },
    ],
});

tours.add("civic_report.visitor_reads", {
    steps: () => [
        {
            trigger: `.o_civic_card_title a:contains(${SUBJECT})`,
            run: "click",
            expectUnloadPage: true,
        },
        ...readAnswer(),
        seePicture(".o_civic_compare figure:first-child"),
        seePicture(".o_civic_compare_after"),
        { trigger: ".o_civic_rating" },
        { trigger: "#wrap:not(:contains(Người gửi thử)):not(:contains(0912))" },
    ],
});

tours.add("civic_report.sender_without_an_account", {
    steps: () => [
        {
            trigger: "button:contains(Send me a one-time code)",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "#digits", run: "edit 123 456" },
        {
            trigger: "button:contains(Open the report)",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "summary:contains(Correct or add something)", run: "click" },
        { trigger: "#amend_message:visible", run: "edit Gần cột đèn số 7." },
        {
            trigger: "button:contains(Send the correction)",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".o_civic_text:contains(Gần cột đèn số 7.)" },
        {
            trigger: ".o_civic_proved button:contains(Leave this page)",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "#code" },
    ],
});
