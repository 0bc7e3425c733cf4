import { onMounted, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

export const CHANGED = "civic_report.board";
// Screens hear of a change at one moment; they do not all ask at once.
const SPREAD_MS = 3_000;
// Where the bus is cut off, and for what only the clock changes.
const ANEW_MS = 5 * 60_000;


/** What went wrong, in words for who looks. */
function faultWords(error) {
    const name = error?.exceptionName || error?.data?.name || "";
    if (name.includes("AccessError") || name.includes("UserError")) {
        return error.data?.message || String(error.message);
    }
    return _t("The figures could not be fetched. They are asked for again by themselves.");
}

/**
 * A page of `civic.board` that stays true while it is on screen: it is read anew when the
 * bus says that something has changed. A failure leaves what was there, and says so.
 *
 * @param {string} kind province, unit or wall
 * @returns {{page: Object | null, fault: string, isBusy: boolean, period: string,
 *     load: Function, choose: Function}}
 */
export function useBoardPage(kind) {
    const orm = useService("orm");
    const bus = useService("bus_service");
    const state = useState({ page: null, fault: "", isBusy: false, period: "month" });
    let asked = 0;
    let soon;
    let again;

    const load = async () => {
        const number = ++asked;
        state.isBusy = true;
        try {
            const page = await orm.silent.call("civic.board", "read_page", [kind, state.period]);
            if (number === asked) {
                state.page = page;
                state.fault = "";
            }
        } catch (error) {
            if (number === asked) {
                state.fault = faultWords(error);
            }
        } finally {
            if (number === asked) {
                state.isBusy = false;
            }
        }
    };
    const onChanged = () => {
        browser.clearTimeout(soon);
        soon = browser.setTimeout(() => {
            if (!document.hidden) {
                load();
            }
        }, Math.random() * SPREAD_MS);
    };
    const onShown = () => {
        if (!document.hidden) {
            load();
        }
    };

    onWillStart(load);
    onMounted(() => {
        bus.subscribe(CHANGED, onChanged);
        bus.start();
        again = browser.setInterval(onShown, ANEW_MS);
        document.addEventListener("visibilitychange", onShown);
    });
    onWillUnmount(() => {
        bus.unsubscribe(CHANGED, onChanged);
        browser.clearTimeout(soon);
        browser.clearInterval(again);
        document.removeEventListener("visibilitychange", onShown);
    });
    return Object.assign(state, {
        load,
        async choose(period) {
            state.period = period;
            await load();
        },
    });
}
