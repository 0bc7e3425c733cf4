import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

// Fetched when a browser has to work, and never before; see static/lib/README.md.
const SOLVER = "/civic_report/static/lib/altcha/pbkdf2.js";

const encoded = (answer) => btoa(JSON.stringify(answer));

/** What is said, by a screen reader too, while the browser works. */
export const workWords = () =>
    _t(
        "Very much comes in right now: this browser does a small sum to show that it is no machine's flood. Leave this page open; it goes on by itself."
    );

/**
 * Answer a challenge of the server, so that the act that it refused may go on.
 *
 * Nothing has to be read, heard or clicked. Where the browser cannot work (no secure
 * connection, no workers), it waits for as long as the challenge says instead.
 *
 * @param {string} text the challenge as JSON
 * @param {AbortSignal} [signal] the page is left
 * @returns {Promise<string>} what the field "proof" takes
 */
export async function solve(text, signal) {
    const challenge = JSON.parse(text);
    try {
        return encoded({ challenge, solution: await work(challenge, signal) });
    } catch {
        await pause(challenge.parameters.data.seconds);
        return encoded({ challenge });
    }
}

function work(challenge, signal) {
    const worker = new Worker(SOLVER);
    signal?.addEventListener("abort", () => worker.terminate());
    const solution = new Promise((resolve, reject) => {
        worker.onerror = reject;
        worker.onmessage = ({ data }) =>
            data && !data.error ? resolve(data) : reject(new Error("unsolved"));
        worker.postMessage({
            type: "work",
            challenge,
            counterStart: 0,
            counterStep: 1,
            timeout: 0,
        });
    });
    return solution.finally(() => worker.terminate());
}

function pause(seconds) {
    return new Promise((resolve) => setTimeout(resolve, (seconds + 1) * 1000));
}

/** A form that the server refused: the browser works, and sends it again. */
export class CivicChallenge extends Interaction {
    static selector = ".o_civic_challenge";

    setup() {
        this.leaving = new AbortController();
        this.registerCleanup(() => this.leaving.abort());
    }

    start() {
        this.el.textContent = workWords();
        return this.answer();
    }

    async answer() {
        const form = this.el.closest("form");
        form.elements.proof.value = await this.waitFor(
            solve(this.el.dataset.challenge, this.leaving.signal)
        );
        form.requestSubmit(form.querySelector("[type=submit]"));
    }
}

registry.category("public.interactions").add("civic_report.challenge", CivicChallenge);
