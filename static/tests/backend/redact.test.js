import { describe, expect, test } from "@odoo/hoot";
import { drag, press, queryAll, queryFirst } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    getService,
    models,
    mountView,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";
import {
    between,
    CivicRedactDialog,
    fitted,
} from "@civic_report/backend/redact/redact_dialog";

describe.current.tags("desktop");

class Report extends models.Model {
    _name = "civic.report";

    text = fields.Text();
    _records = [{ id: 1, text: "😀 Gọi 0912 345 678 hoặc a@example.com" }];
}

defineMailModels();
defineModels([Report]);

const BOX = ".o_civic_redact_box";

async function openDialog(boxes = []) {
    onRpc("civic.report", "redact", ({ args }) => {
        expect.step(rounded(args));
        return true;
    });
    await mountWithCleanup(WebClient);
    getService("dialog").add(CivicRedactDialog, {
        reportId: 1,
        attachmentId: 7,
        boxes,
        onSaved: () => expect.step("saved"),
    });
    await animationFrame();
    // The test has no picture to give the canvas its height.
    queryFirst(".o_civic_redact_canvas").style.height = "400px";
}

const save = () => contains("footer .btn-primary").click();
const rounded = ([[id], picture, boxes]) => [
    id,
    picture,
    boxes.map((box) => box.map((share) => Math.round(share * 100) / 100)),
];

test("boxes stay on the picture", () => {
    expect(fitted({ x: 0.9, y: -1, width: 0.3, height: 2 })).toEqual({
        x: 0.7,
        y: 0,
        width: 0.3,
        height: 1,
    });
    expect(between({ x: 0.5, y: 0.25 }, { x: 0.25, y: 2 })).toEqual({
        x: 0.25,
        y: 0.25,
        width: 0.25,
        height: 0.75,
    });
});

test("keys add, move, size, remove and undo", async () => {
    await openDialog();
    await contains(".o_civic_redact_add").click();
    await animationFrame();
    expect(BOX).toBeFocused();
    await press("ArrowRight");
    await press("ArrowDown");
    await press(["shift", "ArrowRight"]);
    await animationFrame();
    expect(BOX).toHaveAttribute(
        "aria-label",
        "Box 1: 41 % from the left, 41 % from the top, 21 % wide, 10 % high"
    );
    await contains(".o_civic_redact_add").click();
    await animationFrame();
    await press("Delete");
    await animationFrame();
    expect(BOX).toHaveCount(1);
    await press(["ctrl", "z"]);
    await animationFrame();
    expect(BOX).toHaveCount(2);
    await press(["ctrl", "z"]);
    await animationFrame();
    await save();
    expect.verifySteps([[1, 7, [[0.41, 0.41, 0.21, 0.1]]], "saved"]);
});

test("what was drawn before is there, and can be taken off", async () => {
    await openDialog([[0.1, 0.2, 0.3, 0.4]]);
    expect(BOX).toHaveCount(1);
    await contains(BOX).click();
    await contains("button:contains(Remove)").click();
    await save();
    expect.verifySteps([[1, 7, []], "saved"]);
});

test("a pointer draws; a click draws nothing", async () => {
    await openDialog();
    const canvas = queryFirst(".o_civic_redact_canvas");
    const { width, height } = canvas.getBoundingClientRect();
    const at = (share) => ({
        position: { x: width * share, y: height * share },
        relative: true,
    });
    const { drop, moveTo } = await drag(canvas, at(0.25));
    await moveTo(canvas, at(0.5));
    await drop();
    await animationFrame();
    expect(BOX).toHaveCount(1);
    await contains(canvas).click(at(0.02));
    await animationFrame();
    expect(queryAll(BOX)).toHaveLength(1);
    await save();
    expect.verifySteps([[1, 7, [[0.25, 0.25, 0.25, 0.25]]], "saved"]);
});

test("personal data is struck out by one click, and comes back by another", async () => {
    onRpc("has_group", () => true);
    onRpc("civic.report", "find_personal_data", ({ args }) => {
        expect.step(args[1]);
        return [
            { start: 6, end: 18, label: "a telephone number" },
            { start: 24, end: 37, label: "an e-mail address" },
        ];
    });
    await mountView({
        type: "form",
        resModel: "civic.report",
        resId: 1,
        arch: `<form><field name="text" widget="civic_public_text"/></form>`,
    });
    await contains("button:contains(Strike out)").click();
    expect("textarea").toHaveValue("😀 Gọi […] hoặc […]");
    expect("[role=status]").toHaveText(
        "Struck out: a telephone number, an e-mail address. Undo"
    );
    await contains("button:contains(Undo)").click();
    expect("textarea").toHaveValue("😀 Gọi 0912 345 678 hoặc a@example.com");
    expect.verifySteps(["😀 Gọi 0912 345 678 hoặc a@example.com"]);
});
