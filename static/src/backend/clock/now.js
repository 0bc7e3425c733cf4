import { onMounted, onWillUnmount, reactive, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";

const TICK_MS = 30_000;

const clock = reactive({ now: Date.now() });
let watchers = 0;
let timer;

function tick() {
    clock.now = Date.now();
}

/**
 * The present moment, kept fresh while a component that asks for it is on screen.
 * One timer serves them all.
 *
 * @returns {{ now: number }} reactive, in milliseconds
 */
export function useNow() {
    const state = useState(clock);
    onMounted(() => {
        watchers += 1;
        if (watchers === 1) {
            tick();
            timer = browser.setInterval(tick, TICK_MS);
        }
    });
    onWillUnmount(() => {
        watchers -= 1;
        if (!watchers) {
            browser.clearInterval(timer);
        }
    });
    return state;
}
