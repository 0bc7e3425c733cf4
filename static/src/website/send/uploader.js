/** Seconds before it is tried again; the last one for every later try. */
export const WAITS = [2, 5, 10, 20, 30, 60];

/**
 * Send a form once, by its own key, over a connection that comes and goes: the same key
 * makes one report, however often it is sent.
 *
 * @param {string} url
 * @param {() => FormData} makeBody made anew for each try
 * @param {Object} hooks
 * @param {(sent: number, total: number) => void} hooks.onProgress
 * @param {(seconds: number) => void} hooks.onWait the connection was lost; it is tried
 *      again after so many seconds, or when the device says that it is back
 * @param {() => Promise<Object>} hooks.renew what to add when the token was too old
 * @param {AbortSignal} [hooks.signal]
 * @returns {Promise<{status: number, answer: Object}>}
 */
export async function sendForm(url, makeBody, { onProgress, onWait, renew, signal }) {
    let isRenewed = false;
    let added = {};
    for (let lost = 0; ; ) {
        const body = makeBody();
        for (const [name, value] of Object.entries(added)) {
            body.set(name, value);
        }
        try {
            const result = await post(url, body, onProgress, signal);
            if (!result.answer.errors?.csrf_token || isRenewed) {
                return result;
            }
            isRenewed = true;
            added = await renew();
        } catch (error) {
            if (!(error instanceof LostConnection) || signal?.aborted) {
                throw error;
            }
            const seconds = WAITS[Math.min(lost++, WAITS.length - 1)];
            onWait(seconds);
            await pause(seconds, signal);
        }
    }
}

/** No answer came, or one of a proxy that could not reach the server. */
export class LostConnection extends Error {}

const GATEWAY = [502, 503, 504];

function post(url, body, onProgress, signal) {
    return new Promise((resolve, reject) => {
        const request = new XMLHttpRequest();
        request.open("POST", url);
        request.setRequestHeader("Accept", "application/json");
        request.timeout = 10 * 60 * 1000;
        request.upload.onprogress = (ev) => ev.lengthComputable && onProgress(ev.loaded, ev.total);
        request.onload = () => {
            try {
                const answer = JSON.parse(request.responseText);
                resolve({ status: request.status, answer });
            } catch {
                const isLost = GATEWAY.includes(request.status);
                reject(isLost ? new LostConnection() : new Error(`HTTP ${request.status}`));
            }
        };
        request.onerror = request.ontimeout = () => reject(new LostConnection());
        request.onabort = () => reject(new Error("aborted"));
        signal?.addEventListener("abort", () => request.abort());
        request.send(body);
    });
}

/** Wait, until the device is connected again at most. */
function pause(seconds, signal) {
    return new Promise((resolve) => {
        const done = () => {
            clearTimeout(timer);
            window.removeEventListener("online", done);
            resolve();
        };
        const timer = setTimeout(done, seconds * 1000);
        window.addEventListener("online", done);
        signal?.addEventListener("abort", done);
    });
}
