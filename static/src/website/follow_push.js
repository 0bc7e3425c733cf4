import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

export const WORKER = "/phan-anh/push.js";
export const SCOPE = "/phan-anh/";

/**
 * The button with which a visitor is notified of each step on this device. It is there
 * where the browser can do that; nothing is asked of the visitor before it is pressed.
 */
export class CivicFollowPush extends Interaction {
    static selector = ".o_civic_follow_push";
    dynamicContent = {
        _root: { "t-att-class": () => ({ "d-none": !this.isPossible }) },
        button: {
            "t-on-click": this.locked(this.press),
            "t-att-class": () => ({
                "btn-outline-primary": !this.isFollowed,
                "btn-link": this.isFollowed,
            }),
        },
        ".o_civic_follow_push_label": { "t-out": () => this.label },
        ".o_civic_follow_push_words": { "t-out": () => this.words },
    };

    setup() {
        this.isPossible = Boolean(
            browser.Notification && window.PushManager && browser.navigator.serviceWorker
        );
        this.isFollowed = false;
        this.words = "";
    }

    async willStart() {
        if (!this.isPossible) {
            return;
        }
        try {
            const subscription = await this.currentSubscription();
            if (subscription) {
                await this.send("", subscription);
            }
        } catch {
            // Whether it is followed is not known now: the button can be pressed.
        }
    }

    get label() {
        return this.isFollowed
            ? _t("Follow it no longer on this device")
            : _t("Follow on this device");
    }

    async press() {
        try {
            await this.waitFor(this.isFollowed ? this.unfollow() : this.follow());
        } catch {
            this.words = _t("That did not work. Try again later, or follow by e-mail.");
        }
    }

    async follow() {
        const permission = await browser.Notification.requestPermission();
        if (permission !== "granted") {
            this.words = _t(
                "The browser does not allow notifications of this site. Allow them in its " +
                    "settings, or follow by e-mail."
            );
            return;
        }
        await this.send("on", await this.subscribe());
        if (this.isFollowed) {
            this.words = _t("You are notified on this device at each step of the report.");
        }
    }

    async unfollow() {
        await this.send("off", await this.currentSubscription());
        if (!this.isFollowed) {
            this.words = _t("You are not notified of this report any more.");
        }
    }

    async currentSubscription() {
        const registration = await browser.navigator.serviceWorker.getRegistration(SCOPE);
        return registration?.pushManager.getSubscription();
    }

    async subscribe() {
        const registration = await browser.navigator.serviceWorker.register(WORKER, {
            scope: SCOPE,
        });
        await activated(registration);
        const options = {
            userVisibleOnly: true,
            applicationServerKey: bytesOf(this.el.dataset.key),
        };
        try {
            return await registration.pushManager.subscribe(options);
        } catch (error) {
            if (error.name !== "InvalidStateError") {
                throw error;
            }
            // The server's key is another than it was.
            const old = await registration.pushManager.getSubscription();
            await old?.unsubscribe();
            return registration.pushManager.subscribe(options);
        }
    }

    /**
     * @param {"on" | "off" | ""} wish nothing: only ask whether this device follows
     * @param {PushSubscription | null} subscription
     */
    async send(wish, subscription) {
        const { endpoint = "", keys = {} } = subscription?.toJSON() || {};
        const body = new FormData();
        const values = { csrf_token: this.el.dataset.token, wish, endpoint, ...keys };
        for (const [name, value] of Object.entries(values)) {
            body.set(name, value);
        }
        const response = await browser.fetch(this.el.dataset.action, { method: "POST", body });
        const answer = await response.json();
        if (answer.error) {
            this.words = answer.error;
        } else {
            this.isFollowed = answer.followed;
        }
    }
}

/** Wait until a worker that has just been registered is there to be woken. */
function activated(registration) {
    const worker = registration.active || registration.waiting || registration.installing;
    return new Promise((resolve, reject) => {
        const check = () => {
            if (worker.state === "activated") {
                resolve();
            } else if (worker.state === "redundant") {
                reject(new Error("redundant"));
            }
        };
        worker.addEventListener("statechange", check);
        check();
    });
}

/** @param {string} text base64url */
function bytesOf(text) {
    const letters = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}

registry.category("public.interactions").add("civic_report.follow_push", CivicFollowPush);
