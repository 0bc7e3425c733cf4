import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { click, queryOne } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { onRpc, patchWithCleanup } from "@web/../tests/web_test_helpers";
import { setupInteractionWhiteList, startInteractions } from "@web/../tests/public/helpers";
import { browser } from "@web/core/browser/browser";

setupInteractionWhiteList("civic_report.follow_push");
describe.current.tags("interaction_dev");

const ACTION = "/phan-anh/o-ga-pa-26-000001/theo-doi-thiet-bi";
const PAGE = `
    <div class="o_civic_follow_push d-none" data-action="${ACTION}" data-key="AQ-_" data-token="token-1">
        <button type="button" class="btn btn-outline-primary"><span class="o_civic_follow_push_label">Follow on this device</span></button>
        <p class="o_civic_follow_push_words" role="status"></p>
    </div>`;
const SUBSCRIPTION = {
    endpoint: "https://push.example.com/1",
    keys: { p256dh: "point", auth: "secret" },
};

let subscription, permission, worker;

function makeSubscription() {
    return {
        toJSON: () => SUBSCRIPTION,
        unsubscribe: async () => {
            expect.step("unsubscribe");
            subscription = null;
        },
    };
}

const registration = {
    pushManager: {
        getSubscription: async () => subscription,
        subscribe: async ({ userVisibleOnly, applicationServerKey }) => {
            expect.step(`subscribe ${userVisibleOnly} ${[...applicationServerKey]}`);
            if (subscription) {
                throw new DOMException("another key", "InvalidStateError");
            }
            subscription = makeSubscription();
            return subscription;
        },
    },
    get installing() {
        return worker;
    },
};

beforeEach(() => {
    subscription = null;
    permission = "granted";
    worker = Object.assign(new EventTarget(), { state: "activated" });
    patchWithCleanup(window, { PushManager: class {} });
    patchWithCleanup(browser, {
        Notification: {
            requestPermission: async () => {
                expect.step("ask");
                return permission;
            },
        },
    });
    const serviceWorker = Object.assign(new EventTarget(), {
        getRegistration: async () => registration,
        register: async (url, { scope }) => {
            expect.step(`register ${url} ${scope}`);
            return registration;
        },
    });
    patchWithCleanup(window.navigator, { serviceWorker });
});

/** The server, which keeps whether the device follows. */
function answer({ followed = false, error } = {}) {
    onRpc(ACTION, async (request) => {
        const form = await request.formData();
        const sent = ["csrf_token", "wish", "endpoint", "p256dh", "auth"].map((name) =>
            form.get(name)
        );
        expect.step(sent.join(" "));
        if (error) {
            return new Response(JSON.stringify({ error }), { status: 429 });
        }
        const wish = form.get("wish");
        followed = wish ? wish === "on" : followed;
        return new Response(JSON.stringify({ followed }));
    }, { pure: true });
}

const sent = (wish) => `token-1 ${wish} https://push.example.com/1 point secret`;
const words = () => queryOne(".o_civic_follow_push_words").textContent;
const label = () => queryOne(".o_civic_follow_push_label").textContent;
const press = async () => {
    await click(".o_civic_follow_push button");
    for (let turn = 0; turn < 4; turn++) {
        await animationFrame();
    }
};

test("a device follows, and no longer", async () => {
    answer();
    await startInteractions(PAGE);
    expect(".o_civic_follow_push").not.toHaveClass("d-none");
    expect.verifySteps([]);
    await press();
    expect.verifySteps([
        "ask",
        "register /phan-anh/push.js /phan-anh/",
        "subscribe true 1,15,191",
        sent("on"),
    ]);
    expect(label()).toBe("Follow it no longer on this device");
    expect(words()).toBe("You are notified on this device at each step of the report.");
    await press();
    expect.verifySteps([sent("off")]);
    expect(label()).toBe("Follow on this device");
    expect(words()).toBe("You are not notified of this report any more.");
});

test("a device that follows already is known", async () => {
    subscription = makeSubscription();
    answer({ followed: true });
    await startInteractions(PAGE);
    expect.verifySteps([sent("")]);
    expect(label()).toBe("Follow it no longer on this device");
    expect(words()).toBe("");
});

test("whoever does not allow it is told what else there is", async () => {
    permission = "denied";
    await startInteractions(PAGE);
    await press();
    expect.verifySteps(["ask"]);
    expect(words()).toInclude("or follow by e-mail");
    expect(label()).toBe("Follow on this device");
});

test("what the server says is shown", async () => {
    answer({ error: "Too many tries." });
    await startInteractions(PAGE);
    await press();
    expect(words()).toBe("Too many tries.");
    expect(label()).toBe("Follow on this device");
    expect.verifySteps([
        "ask",
        "register /phan-anh/push.js /phan-anh/",
        "subscribe true 1,15,191",
        sent("on"),
    ]);
});

test("a worker that cannot be there is said", async () => {
    worker.state = "redundant";
    await startInteractions(PAGE);
    await press();
    expect(words()).toInclude("did not work");
    expect.verifySteps(["ask", "register /phan-anh/push.js /phan-anh/"]);
});

test("the key of the server has changed", async () => {
    subscription = makeSubscription();
    answer();
    await startInteractions(PAGE);
    await press();
    expect.verifySteps([
        sent(""),
        "ask",
        "register /phan-anh/push.js /phan-anh/",
        "subscribe true 1,15,191",
        "unsubscribe",
        "subscribe true 1,15,191",
        sent("on"),
    ]);
});

test("a browser that cannot do it shows nothing", async () => {
    patchWithCleanup(window, { PushManager: undefined });
    await startInteractions(PAGE);
    expect(".o_civic_follow_push").toHaveClass("d-none");
});
