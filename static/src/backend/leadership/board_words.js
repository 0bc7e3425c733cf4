import { deserializeDateTime } from "@web/core/l10n/dates";
import { localization } from "@web/core/l10n/localization";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/core/utils/numbers";
import { durationWords, roughWords } from "../clock/words";
import { formatMoment } from "../clock/moment_field";

const NOTHING = "–";

/**
 * A figure as officers read it; what is not to be had is a dash, never 0.
 *
 * @param {number | null | undefined} value
 * @param {string} [unit] count, percent or hours
 * @returns {string}
 */
export function figureWords(value, unit = "count") {
    if (value === null || value === undefined) {
        return NOTHING;
    }
    const digits = Number.isInteger(value) ? 0 : 1;
    const text = formatFloat(value, { digits: [16, digits] });
    if (unit === "percent") {
        return _t("%s %", text);
    }
    return unit === "hours" ? _t("%s h", text) : text;
}

/**
 * A rate with what it is counted of: a rate of few says little.
 *
 * @param {{value: number | null, part?: number, whole?: number, is_few?: boolean}} rate
 * @returns {string} such as “8/9, fewer than 10”
 */
export function shareWords({ part, whole, is_few: isFew }) {
    if (!whole) {
        return _t("none yet");
    }
    const share = `${part}/${whole}`;
    return isFew ? _t("%s, fewer than 10", share) : share;
}

/**
 * How a figure stands against the same of the period before.
 *
 * @param {{value: number | null, last: number | null, unit: string, better: string | null}} figure
 * @returns {{words: string, turn: "better" | "worse" | "even"}}
 */
export function changeWords({ value, last, unit, better }) {
    if (value === null || value === undefined || last === null || last === undefined) {
        return { words: _t("nothing to compare with"), turn: "even" };
    }
    const before = figureWords(last, unit);
    const difference = Math.round((value - last) * 10) / 10;
    if (!difference) {
        return { words: _t("as before (%s)", before), turn: "even" };
    }
    const isUp = difference > 0;
    const turn = better ? (isUp === (better === "up") ? "better" : "worse") : "even";
    const amount = figureWords(Math.abs(difference), unit === "percent" ? "count" : unit);
    let change;
    if (unit === "percent") {
        change = isUp ? _t("%s points more", amount) : _t("%s points less", amount);
    } else {
        change = isUp ? _t("%s more", amount) : _t("%s less", amount);
    }
    return { words: _t("%(change)s than before (%(before)s)", { change, before }), turn };
}

/** What a turn is called, beside its colour. */
export function turnWords(turn) {
    return { better: _t("better"), worse: _t("worse"), even: "" }[turn];
}

/**
 * @param {string | null | undefined} moment as the server writes it, with a Z
 * @returns {luxon.DateTime | null}
 */
export function readMoment(moment) {
    return moment ? deserializeDateTime(moment.replace("T", " ").replace("Z", "")) : null;
}

/** Day and time of a moment, as everywhere. */
export function momentWords(moment) {
    return formatMoment(readMoment(moment) || false);
}

/**
 * Since when something waits: “for 3 day(s) 2 h”.
 *
 * @param {string | null} moment
 * @param {number} now milliseconds
 */
export function sinceWords(moment, now) {
    const at = readMoment(moment);
    if (!at) {
        return "";
    }
    const minutes = Math.floor((now - at) / 60_000);
    return minutes < 1 ? _t("just now") : _t("for %s", durationWords(minutes));
}

/**
 * How late something is: “late by 3 day(s) 2 h”, or how much time is left.
 *
 * @param {string | null} moment
 * @param {number} now milliseconds
 */
export function lateWords(moment, now) {
    const at = readMoment(moment);
    if (!at) {
        return _t("no time limit");
    }
    const words = durationWords(Math.floor(Math.abs(now - at) / 60_000));
    return at < now ? _t("late by %s", words) : _t("%s left", words);
}

/** The largest part of how late something is. */
export function roughlyLateWords(moment, now) {
    const at = readMoment(moment);
    return at && at < now
        ? _t("late by %s", roughWords(Math.floor((now - at) / 60_000)))
        : "";
}

/** The largest part of since when: for tiles and walls. */
export function oldestWords(moment, now) {
    const at = readMoment(moment);
    if (!at || at > now) {
        return "";
    }
    return _t("the oldest for %s", roughWords(Math.floor((now - at) / 60_000)));
}

/** By which day the first is owed, or how late that one is. */
export function dueWords(moment, now) {
    const at = readMoment(moment);
    if (!at) {
        return "";
    }
    if (at < now) {
        return roughlyLateWords(moment, now);
    }
    // The end of a day off is midnight, which clocks count to the next day.
    const day = at.minus({ minutes: 1 }).toFormat(localization.dateFormat);
    return _t("the nearest day: %s", day);
}

/**
 * What stands below a figure as of now.
 *
 * @param {{since?: string | null, due?: string | null}} tile
 * @param {number} now milliseconds
 */
export function tileWords({ since, due }, now) {
    return due ? dueWords(due, now) : oldestWords(since, now);
}

/** A unit's page is about its own agencies; the others' are nothing to it. */
export function nothingOverdue(kind) {
    return kind === "unit" ? _t("Nothing is overdue.") : _t("Nothing is overdue at agencies.");
}

/**
 * The page in two or three sentences: what whoever has no minute reads.
 *
 * @param {Object} page as `civic.board.read_page` gives it
 * @param {number} now milliseconds
 * @returns {string[]}
 */
export function headlines(page, now) {
    const tile = Object.fromEntries(page.tiles.map(({ key, value }) => [key, value]));
    const late = page.agencies
        .filter(({ overdue }) => overdue)
        .sort((one, other) => (one.overdue_since < other.overdue_since ? -1 : 1));
    const said = [];
    if (tile.emergency) {
        said.push(_t("Emergencies in hand: %s.", tile.emergency));
    }
    if (late.length) {
        const facts = {
            count: tile.agency_overdue,
            agencies: late.length,
            agency: late[0].name,
            since: lateWords(late[0].overdue_since, now),
        };
        said.push(
            page.kind === "unit"
                ? _t("Overdue: %(count)s; the longest at %(agency)s, %(since)s.", facts)
                : _t(
                      "Overdue: %(count)s, at %(agencies)s agencies; the longest at %(agency)s, %(since)s.",
                      facts
                  )
        );
    } else {
        said.push(nothingOverdue(page.kind));
    }
    if (tile.centre_overdue) {
        said.push(_t("Overdue at the Centre: %s.", tile.centre_overdue));
    }
    if (tile.designating) {
        said.push(_t("Waiting for the province's decision: %s.", tile.designating));
    }
    if (tile.agency_submitted) {
        said.push(_t("Waiting for your approval: %s.", tile.agency_submitted));
    }
    return said;
}
