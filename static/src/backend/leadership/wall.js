import { Component, onMounted, onWillUnmount } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useNow } from "../clock/now";
import { formatMoment } from "../clock/moment_field";
import { useBoardPage } from "./board_page";
import {
    changeWords,
    figureWords,
    headlines,
    lateWords,
    momentWords,
    roughlyLateWords,
    shareWords,
    sinceWords,
    tileWords,
    turnWords,
} from "./board_words";
import { TrendChart } from "./trend_chart";
import { WardMap } from "./ward_map";

const { DateTime } = luxon;
// Rows for which the middle has room; the sentence of an empty list takes one.
const ROOM = 10;
const MOST_BESIDE = 3;

/** The Centre's wall: counts and codes in large type, nothing to press. */
export class CivicWall extends Component {
    static template = "civic_report.Wall";
    static components = { TrendChart, WardMap };
    static props = { ...standardActionServiceProps };

    setup() {
        this.board = useBoardPage("wall");
        this.clock = useNow();
        Object.assign(this, { figureWords, shareWords, turnWords, changeWords });
        onMounted(() => this.stayAwake());
        onWillUnmount(() => this.wake?.release?.());
    }

    /** Ask the screen not to go dark; where that is not to be had, its settings say. */
    async stayAwake() {
        try {
            this.wake = await navigator.wakeLock?.request("screen");
        } catch {
            this.wake = null;
        }
    }

    get page() {
        return this.board.page;
    }

    get time() {
        return formatMoment(DateTime.fromMillis(this.clock.now));
    }

    get headlines() {
        return headlines(this.page, this.clock.now);
    }

    get freshness() {
        if (this.board.fault) {
            return this.board.fault;
        }
        const { counted_at: at, is_stale: isStale, is_counted: isCounted } = this.page;
        if (!isCounted) {
            return _t("Open work has not been counted yet: it is counted each minute.");
        }
        return isStale
            ? _t("As of %s: counting stands still.", momentWords(at))
            : _t("As of %s", momentWords(at));
    }

    get figures() {
        const shown = ["received", "done", "on_time_rate", "satisfied_rate"];
        return this.page.figures.filter(({ key }) => shown.includes(key));
    }

    /** What the other lists leave free. */
    get roomForStuck() {
        const { emergencies, waiting } = this.page.matters;
        const taken = [emergencies, waiting].map((matters) =>
            Math.max(1, Math.min(MOST_BESIDE, matters?.length || 0))
        );
        return ROOM - taken[0] - taken[1];
    }

    get lists() {
        const { matters } = this.page;
        return [
            {
                key: "emergencies",
                most: MOST_BESIDE,
                title: _t("Emergencies in hand"),
                empty: _t("No emergency is in hand."),
                words: (matter) => sinceWords(matter.since, this.clock.now),
            },
            {
                key: "stuck",
                most: this.roomForStuck,
                title: _t("Overdue longest"),
                empty: _t("Nothing is overdue at agencies."),
                words: (matter) => lateWords(matter.since, this.clock.now),
            },
            {
                key: "waiting",
                most: MOST_BESIDE,
                title: _t("Waiting for the province"),
                empty: _t("Nothing waits for the province's decision."),
                words: (matter) => sinceWords(matter.since, this.clock.now),
            },
        ].map((list) => ({ ...list, matters: matters[list.key] || [] }));
    }

    get countsTitle() {
        return _t("Received and answered");
    }

    get countLines() {
        const { received, done } = this.page.trend;
        return [
            { label: _t("Received"), values: received },
            { label: _t("Answered"), values: done },
        ];
    }

    tileWords(tile) {
        return tileWords(tile, this.clock.now);
    }

    roughlyLate(moment) {
        return roughlyLateWords(moment, this.clock.now);
    }
}

registry.category("actions").add("civic_report.wall", CivicWall);
