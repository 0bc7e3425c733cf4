import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { click, queryAll, queryOne, select, setInputFiles } from "@odoo/hoot-dom";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { onRpc, patchWithCleanup } from "@web/../tests/web_test_helpers";
import { setupInteractionWhiteList, startInteractions } from "@web/../tests/public/helpers";

import { deleteDraft, loadDraft, saveDraft } from "@civic_report/website/send/draft_store";
import { readPosition } from "@civic_report/website/send/exif_gps";
import { LostConnection, sendForm } from "@civic_report/website/send/uploader";

setupInteractionWhiteList([
    "civic_report.send_form",
    "civic_report.send_files",
    "civic_report.send_place",
    "civic_report.send_matter",
]);
describe.current.tags("interaction_dev");

const MB = 1024 * 1024;
const FORM = `
    <form id="civic_form" data-max-files="2" data-max-total="${30 * MB}" data-max-picture="${25 * MB}" data-max-recording="${25 * MB}" action="/phan-anh/gui" method="post">
        <input type="hidden" name="csrf_token" value="old"/>
        <input type="hidden" name="key" value="key-1"/>
        <input type="hidden" name="seen_duplicates" value=""/>
        <div class="o_civic_draft d-none"><p class="o_civic_draft_words"></p><button type="button" class="o_civic_draft_delete">Delete draft</button></div>
        <ol class="o_civic_progress d-none"><li>One</li><li>Two</li><li>Three</li></ol>
        <fieldset class="o_civic_step">
            <legend tabindex="-1">Place</legend>
            <div class="o_civic_danger"><input type="checkbox" id="danger" name="danger" value="1"/><div class="o_civic_danger_panel"><a href="tel:113">113</a></div></div>
            <div class="o_civic_files mb-3">
                <div class="o_civic_camera d-none"><button type="button" class="o_civic_camera_button">Take</button></div>
                <label for="files">Pictures <span class="o_civic_mark">*</span></label>
                <input type="file" id="files" name="files" multiple="multiple" required="required"/>
                <p class="o_civic_files_problem"></p>
                <ul class="o_civic_chosen"></ul>
            </div>
            <div class="o_civic_where mb-3" data-reach='{"latitude": 16.46, "longitude": 107.59, "metres": 100000}' data-map="{}">
                <input type="text" id="address" name="address" required="required"/>
                <div class="o_civic_locate d-none">
                    <button type="button" class="o_civic_locate_button">Use</button>
                    <button type="button" class="o_civic_pin_button">Map</button>
                    <button type="button" class="o_civic_locate_remove d-none">Remove</button>
                    <p class="o_civic_locate_status"></p>
                    <div class="o_civic_pin d-none"><div class="o_civic_pin_map"></div><button type="button" class="o_civic_pin_middle">Middle</button></div>
                </div>
                <input type="hidden" name="latitude" value=""/>
                <input type="hidden" name="longitude" value=""/>
            </div>
        </fieldset>
        <fieldset class="o_civic_step o_civic_matter">
            <legend tabindex="-1">Matter</legend>
            <div class="mb-3"><label for="subject">Words <span class="o_civic_mark">*</span></label><input type="text" id="subject" name="subject" required="required"/></div>
            <div class="mb-3"><textarea id="description" name="description"></textarea></div>
            <div class="mb-3">
                <select id="category_id" name="category_id"><option value=""></option><option value="1">Roads</option><option value="2" data-emergency="1">Fire</option></select>
                <div class="o_civic_suggestion d-none"><span class="o_civic_suggestion_words"></span><button type="button" class="o_civic_suggestion_use">Use it</button></div>
            </div>
            <div id="questions"></div>
            <section class="o_civic_offers_found d-none" tabindex="-1"><ul></ul></section>
        </fieldset>
        <fieldset class="o_civic_step">
            <legend tabindex="-1">Sender</legend>
            <div class="mb-3"><input type="text" id="name" name="name" required="required"/></div>
            <div class="mb-3"><input type="email" id="email" name="email" required="required"/></div>
            <div class="form-check"><input type="checkbox" id="consent" name="consent" value="1"/></div>
            <div class="o_civic_keep d-none"><input type="checkbox" id="keep_identity"/></div>
        </fieldset>
        <button type="button" class="o_civic_back d-none">Back</button>
        <button type="button" class="o_civic_next_step d-none">Next</button>
        <button type="submit" id="send_button">Send</button>
        <progress class="o_civic_upload d-none" max="100" value="0"></progress>
        <p class="o_civic_sending"></p>
    </form>`;

const file = (name, size, type = "") => {
    const made = new File(["x"], name, { type });
    Object.defineProperty(made, "size", { value: size });
    return made;
};
const value = (name) => queryOne(`[name=${name}]`).value;

/** What the device answers when it is asked where it is. */
const here = (answer) =>
    patchWithCleanup(navigator, {
        geolocation: {
            getCurrentPosition: (found, failed) =>
                answer ? found({ coords: answer }) : failed(new Error("denied")),
        },
    });

const choose = async (...files) => {
    await click("#files");
    await setInputFiles(files);
    await animationFrame();
    await animationFrame();
};

beforeEach(async () => {
    here({ latitude: 16.46372, longitude: 107.59089, accuracy: 12.4 });
    await deleteDraft();
});

// --- position ------------------------------------------------------------------

test("the position is asked for, said in words and can be taken back", async () => {
    await startInteractions(FORM);
    expect(".o_civic_locate").not.toHaveClass("d-none");
    expect(".o_civic_locate_remove").toHaveClass("d-none");
    await click(".o_civic_locate_button");
    await animationFrame();
    expect(value("latitude")).toBe("16.4637200");
    expect(value("longitude")).toBe("107.5908900");
    expect(".o_civic_locate_status").toHaveText(/attached to the report, to about 12 metres/);
    expect("#address").not.toHaveAttribute("required");
    await click(".o_civic_locate_remove");
    await animationFrame();
    expect(value("latitude")).toBe("");
    expect("#address").toHaveAttribute("required");
    expect(".o_civic_locate_remove").toHaveClass("d-none");
});

test("a device that does not tell where it is", async () => {
    here(null);
    await startInteractions(FORM);
    await click(".o_civic_locate_button");
    await animationFrame();
    expect(value("latitude")).toBe("");
    expect(".o_civic_locate_status").toHaveText(/could not be found/);
    expect("#address").toHaveAttribute("required");
});

test("a place outside the province is asked about kindly", async () => {
    here({ latitude: 21.02, longitude: 105.85, accuracy: 5 });
    await startInteractions(FORM);
    await click(".o_civic_locate_button");
    await animationFrame();
    expect(".o_civic_locate_status").toHaveText(/outside the province/);
    expect(value("latitude")).toBe("21.0200000");
});

test("a position kept after an error is said", async () => {
    await startInteractions(
        FORM.replace('"latitude" value=""', '"latitude" value="16.4"').replace(
            '"longitude" value=""',
            '"longitude" value="107.5"'
        )
    );
    expect(".o_civic_locate_status").toHaveText(/attached to the report/);
    expect("#address").not.toHaveAttribute("required");
});

// --- files ---------------------------------------------------------------------

test("files add up, are listed and can be removed", async () => {
    await startInteractions(FORM);
    expect("#files").toHaveAttribute("required");
    await choose(file("a.jpg", 2 * MB));
    await choose(file("b.mp4", MB));
    expect(queryAll(".o_civic_chosen li span").map((el) => el.textContent)).toEqual([
        "a.jpg · 2.0 MB",
        "b.mp4 · 1.0 MB",
    ]);
    expect("#files").not.toHaveAttribute("required");
    await click(".o_civic_chosen li:first button");
    await animationFrame();
    expect(".o_civic_chosen li").toHaveCount(1);
    expect(".o_civic_chosen li span").toHaveText("b.mp4 · 1.0 MB");
});

for (const [files, problem] of [
    [[file("a.jpg", MB), file("b.jpg", MB), file("c.jpg", MB)], /at most 2 files/],
    [[file("phim.mp4", 26 * MB)], /phim.mp4 is larger than 25 MB/],
    [[file("a.mp4", 20 * MB), file("b.mp4", 20 * MB)], /larger than 30 MB in all/],
]) {
    test(`too much at once is refused in words: ${problem}`, async () => {
        await startInteractions(FORM);
        await choose(...files);
        expect(".o_civic_files_problem").toHaveText(problem);
        queryOne("#address").value = "Lê Lợi";
        await click(".o_civic_next_step");
        await animationFrame();
        expect(".o_civic_progress [aria-current=step]").toHaveText("One");
    });
}

// --- steps ---------------------------------------------------------------------

test("three steps, each checked before the next", async () => {
    onRpc("/phan-anh/gui/trung", () => []);
    await startInteractions(FORM);
    const now = () => queryOne("[aria-current=step]").textContent;
    expect(now()).toBe("One");
    expect("fieldset:not(.d-none)").toHaveCount(1);
    expect("#send_button").toHaveClass("d-none");
    await click(".o_civic_next_step");
    await animationFrame();
    expect(now()).toBe("One");
    await choose(file("a.jpg", MB));
    queryOne("#address").value = "Lê Lợi";
    await click(".o_civic_next_step");
    await animationFrame();
    expect(now()).toBe("Two");
    expect(document.activeElement).toBe(queryAll("legend")[1]);
    queryOne("#subject").value = "Ổ gà";
    await click(".o_civic_next_step");
    await animationFrame();
    await animationFrame();
    expect(now()).toBe("Three");
    expect("#send_button").not.toHaveClass("d-none");
    await click(".o_civic_back");
    await animationFrame();
    expect(now()).toBe("Two");
});

test("somebody in danger: the numbers at once, and no picture is waited for", async () => {
    await startInteractions(FORM);
    await click("#danger");
    await animationFrame();
    expect(document.activeElement).toBe(queryOne(".o_civic_danger_panel a"));
    expect("#files").not.toHaveAttribute("required");
    expect("#email").not.toHaveAttribute("required");
    expect("#subject").not.toHaveAttribute("required");
    expect("#address").toHaveAttribute("required");
    expect("label[for=files] .o_civic_mark").toHaveClass("d-none");
    expect("label[for=subject] .o_civic_mark").toHaveClass("d-none");
    await click("#danger");
    await animationFrame();
    expect(".o_civic_mark.d-none").toHaveCount(0);
    expect("#files").toHaveAttribute("required");
    expect("#email").toHaveAttribute("required");
});

test("a category that is an emergency waits for no more", async () => {
    await startInteractions(FORM);
    await select("2", { target: "#category_id" });
    await animationFrame();
    expect("#email").not.toHaveAttribute("required");
    await select("1", { target: "#category_id" });
    await animationFrame();
    expect("#email").toHaveAttribute("required");
});

test("likely duplicates are offered once, then the form goes on", async () => {
    onRpc("/phan-anh/gui/trung", () => [
        { code: "PA-26-000001", path: "/phan-anh/x-pa-26-000001", subject: "<b>Ổ gà</b>" },
    ]);
    await startInteractions(FORM.replace(/required="required"/g, ""));
    await click(".o_civic_next_step");
    await animationFrame();
    queryOne("#subject").value = "Ổ gà lớn";
    await click(".o_civic_next_step");
    await animationFrame();
    await animationFrame();
    expect("[aria-current=step]").toHaveText("Two");
    expect(".o_civic_offers_found").not.toHaveClass("d-none");
    expect(".o_civic_offers_found strong").toHaveText("<b>Ổ gà</b>");
    expect(value("seen_duplicates")).toBe("1");
    await click(".o_civic_next_step");
    await animationFrame();
    await animationFrame();
    expect("[aria-current=step]").toHaveText("Three");
});

test("a category is suggested with its reason, and asks its questions", async () => {
    onRpc("/phan-anh/gui/goi-y", () => ({
        category_id: 1,
        name: "Roads",
        reason: "because you wrote “ổ gà”",
        accepted: true,
        is_emergency: false,
    }));
    onRpc("/phan-anh/gui/cau-hoi", () => '<div><input name="answer_depth"/></div>', {
        pure: true,
    });
    await startInteractions(FORM);
    queryOne("#subject").value = "Ổ gà";
    queryOne("#subject").dispatchEvent(new Event("input", { bubbles: true }));
    await advanceTime(1000);
    await animationFrame();
    expect(".o_civic_suggestion_words").toHaveText("“Roads”? because you wrote “ổ gà”.");
    queryOne(".o_civic_suggestion_use").click();
    await animationFrame();
    expect("#category_id").toHaveValue("1");
    expect(".o_civic_suggestion").toHaveClass("d-none");
    await animationFrame();
    expect("#questions [name=answer_depth]").toHaveCount(1);
});

// --- pictures' places ------------------------------------------------------------

/** A JPEG that says nothing but where it was taken. */
function picture(latitude, longitude, { little = true, cut = 0 } = {}) {
    const view = new DataView(new ArrayBuffer(200));
    const tiff = 12;
    view.setUint16(0, 0xffd8);
    view.setUint16(2, 0xffe1);
    view.setUint16(4, 190);
    view.setUint32(6, 0x45786966);
    view.setUint16(tiff, little ? 0x4949 : 0x4d4d);
    const short = (at, number) => view.setUint16(tiff + at, number, little);
    const long = (at, number) => view.setUint32(tiff + at, number, little);
    short(2, 42);
    long(4, 8);
    short(8, 1);
    short(10, 0x8825);
    short(12, 4);
    long(14, 1);
    long(18, 26);
    short(26, 4);
    const entry = (index, tag, type, count, put) => {
        const at = 28 + 12 * index;
        short(at, tag);
        short(at + 2, type);
        long(at + 4, count);
        put(at + 8);
    };
    const letter = (text) => (at) => view.setUint8(tiff + at, text.charCodeAt(0));
    const fractions = (degrees, where) => (at) => {
        long(at, where);
        const whole = Math.floor(Math.abs(degrees));
        const minutes = (Math.abs(degrees) - whole) * 60;
        [[whole, 1], [Math.round(minutes * 1e6), 1e6], [0, 1]].forEach(([top, bottom], index) => {
            long(where + 8 * index, top);
            long(where + 8 * index + 4, bottom);
        });
    };
    entry(0, 1, 2, 2, letter(latitude < 0 ? "S" : "N"));
    entry(1, 2, 5, 3, fractions(latitude, 90));
    entry(2, 3, 2, 2, letter(longitude < 0 ? "W" : "E"));
    entry(3, 4, 5, 3, fractions(longitude, 114));
    return new File([view.buffer.slice(0, 200 - cut)], "a.jpg", { type: "image/jpeg" });
}

test("where a picture was taken", async () => {
    for (const [latitude, longitude, options] of [
        [16.4637, 107.5909, {}],
        [16.4637, 107.5909, { little: false }],
        [-33.8568, -151.2153, {}],
    ]) {
        const found = await readPosition(picture(latitude, longitude, options));
        expect(Math.abs(found.latitude - latitude)).toBeLessThan(0.00001);
        expect(Math.abs(found.longitude - longitude)).toBeLessThan(0.00001);
    }
});

test("pictures that say no place, or nonsense", async () => {
    for (const blob of [
        new Blob([]),
        new Blob(["x"]),
        new Blob(["<svg/>"]),
        new Blob([new Uint8Array(5000).fill(0xff)]),
        picture(0, 0),
        picture(16, 107, { cut: 60 }),
        picture(16, 107, { cut: 150 }),
    ]) {
        expect(await readPosition(blob)).toBe(null);
    }
});

test("a picture's place is shown, unless one is chosen", async () => {
    await startInteractions(FORM);
    await choose(picture(16.4637, 107.5909));
    await animationFrame();
    expect(value("latitude").slice(0, 7)).toBe("16.4637");
    expect(".o_civic_locate_status").toHaveText(/where the picture was taken/);
    await click(".o_civic_locate_button");
    await animationFrame();
    await choose(picture(10, 100));
    expect(value("latitude")).toBe("16.4637200");
});

// --- draft -----------------------------------------------------------------------

test("a draft is kept with its files, and nothing of who somebody is", async () => {
    await startInteractions(FORM);
    await choose(file("a.jpg", 1));
    queryOne("#address").value = "Lê Lợi";
    queryOne("#name").value = "Người gửi";
    queryOne("#consent").checked = true;
    queryOne("#address").dispatchEvent(new Event("input", { bubbles: true }));
    await advanceTime(600);
    let draft = null;
    while (!draft?.fields.address) {
        draft = await loadDraft();
    }
    expect(draft.fields).toEqual({ key: "key-1", address: "Lê Lợi" });
    expect(draft.files.map((kept) => kept.name)).toEqual(["a.jpg"]);
});

test("a draft comes back, says so and can be deleted", async () => {
    await saveDraft({ fields: { key: "key-9", address: "Lê Lợi" }, files: [file("a.jpg", 1)] });
    await startInteractions(FORM);
    await animationFrame();
    expect("#address").toHaveValue("Lê Lợi");
    expect(value("key")).toBe("key-9");
    expect(".o_civic_chosen li").toHaveCount(1);
    expect(".o_civic_draft").not.toHaveClass("d-none");
    expect(".o_civic_draft_words").toHaveText(/kept on this device alone, for 7 days/);
    await deleteDraft();
    expect(await loadDraft()).toBe(null);
});

test("an old draft is forgotten", async () => {
    await saveDraft({ fields: { address: "Lê Lợi" }, files: [] });
    await advanceTime(8 * 86400000);
    expect(await loadDraft()).toBe(null);
});

// --- connection ------------------------------------------------------------------

/** Answers of a server, one for each try: an object, or nothing for a lost one. */
function serverThat(...answers) {
    patchWithCleanup(window, {
        XMLHttpRequest: class {
            upload = {};
            open() {}
            setRequestHeader() {}
            abort() {}
            send(body) {
                expect.step(`sent ${body.get("key")} ${body.get("csrf_token")}`);
                const answer = answers.shift();
                queueMicrotask(() => {
                    if (!answer) {
                        return this.onerror();
                    }
                    [this.status, this.responseText] = answer;
                    this.onload();
                });
            }
        },
    });
}

const hooks = () => ({
    onProgress: () => {},
    onWait: (seconds) => expect.step(`waits ${seconds}`),
    renew: async () => ({ csrf_token: "new" }),
});
const body = () => {
    const made = new FormData();
    made.set("key", "key-1");
    made.set("csrf_token", "old");
    return made;
};

test("a lost connection is tried again with the same key", async () => {
    serverThat(null, [502, "<html/>"], [200, '{"path": "/x"}']);
    const sending = sendForm("/phan-anh/gui", body, hooks());
    await advanceTime(2000);
    await advanceTime(5000);
    expect((await sending).answer).toEqual({ path: "/x" });
    expect.verifySteps([
        "sent key-1 old",
        "waits 2",
        "sent key-1 old",
        "waits 5",
        "sent key-1 old",
    ]);
});

test("it is sent at once when the network is back", async () => {
    serverThat(null, [200, '{"path": "/x"}']);
    const sending = sendForm("/phan-anh/gui", body, hooks());
    await animationFrame();
    window.dispatchEvent(new Event("online"));
    expect((await sending).status).toBe(200);
    expect.verifySteps(["sent key-1 old", "waits 2", "sent key-1 old"]);
});

test("an old token is renewed once, without a word", async () => {
    const expired = [400, '{"errors": {"csrf_token": "too long"}}'];
    serverThat(expired, expired);
    expect((await sendForm("/phan-anh/gui", body, hooks())).status).toBe(400);
    expect.verifySteps(["sent key-1 old", "sent key-1 new"]);
});

test("what is no answer of ours is not tried for ever", async () => {
    serverThat([500, "<html/>"]);
    let caught = null;
    await sendForm("/phan-anh/gui", body, hooks()).catch((error) => (caught = error));
    expect(caught).not.toBe(null);
    expect(caught instanceof LostConnection).toBe(false);
    expect.verifySteps(["sent key-1 old"]);
});

test("errors of the server stand beside their fields, in their step", async () => {
    serverThat([422, '{"errors": {"subject": "Say what is wrong."}}']);
    onRpc("/phan-anh/gui/trung", () => []);
    await startInteractions(FORM.replace(/required="required"/g, ""));
    for (let step = 0; step < 2; step++) {
        await click(".o_civic_next_step");
        await animationFrame();
        await animationFrame();
    }
    queryOne("#civic_form").requestSubmit();
    for (let turn = 0; turn < 20 && !queryAll("#subject_error").length; turn++) {
        await animationFrame();
    }
    expect("#subject_error").toHaveText("Say what is wrong.");
    expect("#subject").toHaveAttribute("aria-invalid", "true");
    expect("[aria-current=step]").toHaveText("Two");
    expect.verifySteps(["sent key-1 old"]);
});
