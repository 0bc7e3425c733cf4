import { describe, expect, test } from "@odoo/hoot";
import { queryAllTexts, queryFirst } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, mockDate } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    makeMockEnv,
    makeServerError,
    MockServer,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { durationWords, roughWords } from "@civic_report/backend/clock/words";

describe.current.tags("desktop");

class Report extends models.Model {
    _name = "civic.report";

    subject = fields.Char();
    is_emergency = fields.Boolean();
    state = fields.Selection({ selection: [["new", "New"]] });
    deadline = fields.Datetime();
    overdue_from = fields.Datetime();
    clock_started_at = fields.Datetime();
    received_at = fields.Datetime();
    result = fields.Text();
    draft_version = fields.Integer({ readonly: true });
    latitude = fields.Float();
    clock_code = fields.Selection({ selection: [["accept", "Take in"]] });
    picture_ids = fields.Many2many({ relation: "civic.picture" });
    public_ids = fields.Many2many({ relation: "civic.picture" });
    _records = [{ id: 1, subject: "A hole", state: "new", picture_ids: [7, 8], public_ids: [7] }];
}

class Picture extends models.Model {
    _name = "civic.picture";

    name = fields.Char();
    mimetype = fields.Char();
    _records = [
        { id: 7, name: "1.jpg", mimetype: "image/jpeg" },
        { id: 8, name: "2.jpg", mimetype: "image/jpeg" },
    ];
}

class Media extends models.Model {
    _name = "civic.media";

    attachment_id = fields.Many2one({ relation: "civic.picture" });
    redacted_attachment_id = fields.Many2one({ relation: "civic.picture" });
    redactions = fields.Json();
}

defineMailModels();
defineModels([Report, Picture, Media]);

async function mountClock(values) {
    Report._records = [{ id: 1, clock_code: "accept", ...values }];
    await mountView({
        type: "form",
        resModel: "civic.report",
        resId: 1,
        arch: `<form><field name="deadline" widget="civic_clock" options="{'duty': True}"/></form>`,
    });
    return queryFirst(".o_civic_clock");
}

const LIMIT = { clock_started_at: "2026-11-20 08:00:00", deadline: "2026-11-20 10:00:00" };

test("two largest parts of a duration", async () => {
    await makeMockEnv();
    expect([0, 45, 60, 135, 1440, 1620, 1441].map(durationWords)).toEqual([
        "0 min",
        "45 min",
        "1 h",
        "2 h 15 min",
        "1 day(s)",
        "1 day(s) 3 h",
        "1 day(s)",
    ]);
    expect([0, 59, 61, 1439, 3000].map(roughWords)).toEqual([
        "0 min",
        "59 min",
        "1 h",
        "23 h",
        "2 day(s)",
    ]);
});

test("the clock says and shows how much is left, and goes on", async () => {
    mockDate("2026-11-20 08:44:30");
    const clock = await mountClock(LIMIT);
    expect(clock).toHaveClass("o_civic_clock_calm");
    expect(".o_civic_clock_duty").toHaveText("Take in");
    expect(".o_civic_clock_words").toHaveText("1 h 15 min left");
    await advanceTime(30 * 60_000);
    expect(".o_civic_clock").toHaveClass("o_civic_clock_soon");
    expect(".o_civic_clock_words").toHaveText("45 min left");
    await advanceTime(30 * 60_000);
    expect(".o_civic_clock").toHaveClass("o_civic_clock_pressing");
    await advanceTime(60 * 60_000);
    expect(".o_civic_clock").toHaveClass("o_civic_clock_late");
    expect(".o_civic_clock_words").toHaveText("late by 44 min");
});

test("in the grace after the deadline it says: at once", async () => {
    mockDate("2026-11-20 10:03:00");
    await mountClock({ ...LIMIT, overdue_from: "2026-11-20 10:05:00" });
    expect(".o_civic_clock_words").toHaveText("at once");
    expect(".o_civic_clock").not.toHaveClass("o_civic_clock_late");
});

test("a duty without a deadline has no bar", async () => {
    await mountClock({ deadline: false, clock_started_at: "2026-11-20 08:00:00" });
    expect(".o_civic_clock_words").toHaveText("no time limit");
    expect(".o_civic_clock_track").toHaveCount(0);
});

test("a coordinate is written as maps write it, in any language", async () => {
    onRpc("civic.report", "web_save", ({ args }) => {
        expect(args[1]).toEqual({ latitude: 16.4637 });
        expect.step("saved");
    });
    await mountView({
        type: "form",
        resModel: "civic.report",
        resId: 1,
        arch: `<form><field name="latitude" widget="civic_coordinate" placeholder="Latitude"/></form>`,
    });
    const input = ".o_field_widget[name=latitude] input";
    expect(input).toHaveValue("");
    expect(input).toHaveAttribute("placeholder", "Latitude");
    await contains(input).edit("north");
    expect(".o_field_widget[name=latitude]").toHaveClass("o_field_invalid");
    await contains(input).edit("16,4637");
    expect(input).toHaveValue("16.4637");
    await contains(".o_form_button_save").click();
    expect.verifySteps(["saved"]);
});

test("pictures that came with a saved report cannot be taken away", async () => {
    await mountView({
        type: "form",
        resModel: "civic.report",
        resId: 1,
        arch: `<form>
            <field name="picture_ids" widget="civic_gallery" options="{'keep': True}"/>
            <field name="public_ids" widget="civic_gallery"/>
        </form>`,
    });
    expect("[name=picture_ids] img").toHaveCount(2);
    expect("[name=picture_ids] .o_civic_gallery_remove").toHaveCount(0);
    await contains("[name=public_ids] .o_civic_gallery_remove").click();
    expect("[name=public_ids] img").toHaveCount(0);
});

test("boxes under pictures tick another field", async () => {
    onRpc("civic.report", "web_save", ({ args }) => {
        expect(args[1].public_ids).toEqual([
            [3, 7],
            [4, 8],
        ]);
        expect.step("saved");
    });
    await mountView({
        type: "form",
        resModel: "civic.report",
        resId: 1,
        arch: `<form>
            <field name="public_ids" invisible="1"/>
            <field name="picture_ids" widget="civic_picture_ticks" options="{'ticks': 'public_ids'}"/>
        </form>`,
    });
    expect("input:checked").toHaveCount(1);
    await contains("input:first").click();
    await contains("input:last").click();
    expect(".o_civic_ticked").toHaveCount(1);
    await contains(".o_form_button_save").click();
    expect.verifySteps(["saved"]);
});

test("an emergency that arrives appears by itself and is called out once", async () => {
    await mountView({
        type: "kanban",
        resModel: "civic.report",
        arch: `<kanban js_class="civic_board">
            <field name="is_emergency"/>
            <field name="state"/>
            <t t-name="card"><field name="subject"/></t>
        </kanban>`,
    });
    expect(queryAllTexts("article:not(.o_kanban_ghost)")).toEqual(["A hole"]);
    MockServer.env["civic.report"].create({ subject: "A fire", state: "new", is_emergency: true });
    await advanceTime(30_000);
    await animationFrame();
    expect(queryAllTexts("article:not(.o_kanban_ghost)")).toEqual(["A hole", "A fire"]);
    expect(".o_notification").toHaveText("Emergency: A fire");
    await advanceTime(30_000);
    await animationFrame();
    expect(".o_notification").toHaveCount(1);
});

async function openDraft(seen) {
    Report._records = [{ id: 1, result: "", draft_version: 0 }];
    onRpc("civic.report", "submit", () => true);
    onRpc("civic.report", "web_save", ({ args }) => {
        const [saved] = MockServer.env["civic.report"].browse(1);
        seen.push(args[1].draft_version);
        if (args[1].draft_version !== saved.draft_version) {
            throw makeServerError({ message: "Another draft was saved" });
        }
    });
    await mountView({
        type: "form",
        resModel: "civic.report",
        resId: 1,
        arch: `<form js_class="civic_form">
            <header><button name="submit" type="object" string="Submit"/></header>
            <field name="draft_version" invisible="1"/><field name="result"/>
        </form>`,
    });
    await contains(".o_field_widget[name=result] textarea").edit("Mine");
    MockServer.env["civic.report"].write([1], { result: "Hers", draft_version: 1 });
}

for (const button of [".o_form_button_save", "button[name=submit]"]) {
    test(`of two drafts neither is lost, and the form goes on: ${button}`, async () => {
        expect.errors(1);
        const seen = [];
        await openDraft(seen);
        await contains(button).click();
        await animationFrame();
        expect.verifyErrors(["RPC_ERROR"]);
        expect(".o_field_widget[name=result] textarea").toHaveValue(
            "Mine\n\n--- The other draft:\nHers"
        );
        await contains(".o_error_dialog footer button").click();
        await contains(".o_field_widget[name=result] textarea").edit("Both");
        await contains(button).click();
        expect(seen).toEqual([0, 1]);
        expect(MockServer.env["civic.report"].browse(1)[0].result).toBe("Both");
    });
}
