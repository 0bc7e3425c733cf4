import { describe, expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    defineModels,
    fields,
    MockServer,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

describe.current.tags("desktop");

class Rehearsal extends models.Model {
    _name = "civic.rehearsal";

    state = fields.Selection({
        selection: [
            ["running", "Being counted"],
            ["done", "Counted"],
        ],
    });
    _records = [{ id: 1, state: "running" }];
}

defineMailModels();
defineModels([Rehearsal]);

test("a page that waits for the server reads again until it is done", async () => {
    onRpc("civic.rehearsal", "web_read", () => expect.step("read"));
    await mountView({
        type: "form",
        resModel: "civic.rehearsal",
        resId: 1,
        arch: `<form><field name="state"/><widget name="civic_goes_on"/></form>`,
    });
    expect.verifySteps(["read"]);
    await advanceTime(2_100);
    await animationFrame();
    expect.verifySteps(["read"]);
    MockServer.env["civic.rehearsal"].write([1], { state: "done" });
    await advanceTime(2_000);
    await animationFrame();
    expect.verifySteps(["read"]);
    await advanceTime(10_000);
    expect.verifySteps([]);
});
