import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { click, queryOne, setInputFiles } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { onRpc, patchWithCleanup } from "@web/../tests/web_test_helpers";
import { setupInteractionWhiteList, startInteractions } from "@web/../tests/public/helpers";

setupInteractionWhiteList("civic_report.send_form");
describe.current.tags("interaction_dev");

const MB = 1024 * 1024;
const FORM = `
    <form id="civic_form" data-max-files="2" data-max-total="${30 * MB}" action="/phan-anh/gui" method="post">
        <input type="file" id="files" name="files" multiple="multiple"/>
        <ul class="o_civic_chosen"></ul>
        <input type="text" id="address" name="address" required="required"/>
        <div class="o_civic_locate d-none">
            <button type="button" class="o_civic_locate_button">Use</button>
            <button type="button" class="o_civic_locate_remove d-none">Remove</button>
            <p class="o_civic_locate_status"></p>
        </div>
        <input type="hidden" name="latitude" value=""/>
        <input type="hidden" name="longitude" value=""/>
        <button type="submit" id="send_button">Send</button>
        <p class="o_civic_sending"></p>
    </form>`;

const file = (name, size) => {
    const made = new File(["x"], name);
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

beforeEach(() => here({ latitude: 16.46372, longitude: 107.59089, accuracy: 12.4 }));

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

test("chosen files are listed; too many or too large ones are refused at once", async () => {
    await startInteractions(FORM);
    for (const [files, problem] of [
        [[file("a.jpg", 2 * MB)], ""],
        [[file("a.jpg", MB), file("b.jpg", MB), file("c.jpg", MB)], /at most 2 files/],
        [[file("phim.mp4", 26 * MB)], /phim.mp4 is larger than 25 MB/],
        [[file("a.mp4", 20 * MB), file("b.mp4", 20 * MB)], /larger than 30 MB in all/],
    ]) {
        await click("#files");
        await setInputFiles(files);
        await animationFrame();
        expect(".o_civic_chosen li").toHaveCount(files.length);
        const message = queryOne("#files").validationMessage;
        expect(problem ? problem.test(message) : message === "").toBe(true, { message });
    }
    expect(".o_civic_chosen li:first").toHaveText("a.mp4 · 20.0 MB");
});

test("a second click sends nothing", async () => {
    onRpc("/phan-anh/gui", () => expect.step("sent"));
    await startInteractions(FORM);
    queryOne("#address").value = "Lê Lợi";
    const form = queryOne("#civic_form");
    form.requestSubmit();
    await animationFrame();
    expect("#send_button").toHaveAttribute("disabled");
    expect(".o_civic_sending").toHaveText(/Sending/);
    form.requestSubmit();
    await animationFrame();
    expect.verifySteps(["sent"]);
});
