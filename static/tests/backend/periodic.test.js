import { describe, expect, test } from "@odoo/hoot";
import { queryAll, queryFirst } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { CivicProgressField } from "@civic_report/backend/periodic/progress_field";

describe.current.tags("desktop");

class Periodic extends models.Model {
    _name = "civic.periodic.report";

    job = fields.Selection({
        selection: [
            ["count", "Being counted"],
            ["print", "Files being made"],
        ],
    });
    progress = fields.Integer();
    _records = [
        { id: 1, job: "count", progress: 0 },
        { id: 2, job: false, progress: 0 },
    ];
}

defineMailModels();
defineModels([Periodic]);

const ARCH = `<form><field name="progress" widget="civic_progress"/></form>`;
const BAR = "[role='progressbar']";

/** The field that is shown, as the bus would reach it. */
async function mountOn(resId) {
    let shown;
    patchWithCleanup(CivicProgressField.prototype, {
        setup() {
            super.setup();
            shown = this;
        },
    });
    await mountView({ type: "form", resModel: Periodic._name, resId, arch: ARCH });
    return shown;
}

test("shares of the own report move the bar, others' do not", async () => {
    const field = await mountOn(1);
    expect(queryFirst(BAR)).toHaveAttribute("aria-valuenow", "0");
    await field.onShare({ id: 1, progress: 40 });
    await animationFrame();
    expect(queryFirst(BAR)).toHaveAttribute("aria-valuenow", "40");
    await field.onShare({ id: 2, progress: 90 });
    await animationFrame();
    expect(queryFirst(BAR)).toHaveAttribute("aria-valuenow", "40");
});

test("what is done is read anew", async () => {
    const field = await mountOn(1);
    onRpc("web_read", () => expect.step("read"));
    await field.onShare({ id: 1, progress: 100 });
    expect.verifySteps(["read"]);
});

test("nothing is shown where nobody works on it", async () => {
    await mountOn(2);
    expect(queryAll(BAR)).toHaveLength(0);
});
