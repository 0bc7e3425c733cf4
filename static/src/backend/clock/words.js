import { _t } from "@web/core/l10n/translation";

const HOUR = 60;
const DAY = 24 * HOUR;

/**
 * Two largest parts of a duration, in the words that the server uses.
 *
 * @param {number} minutes whole minutes
 * @returns {string}
 */
export function durationWords(minutes) {
    const days = Math.floor(minutes / DAY);
    const hours = Math.floor((minutes % DAY) / HOUR);
    const rest = minutes % HOUR;
    let words;
    if (days) {
        words = [_t("%s day(s)", days), hours && _t("%s h", hours)];
    } else if (hours) {
        words = [_t("%s h", hours), rest && _t("%s min", rest)];
    } else {
        words = [_t("%s min", rest)];
    }
    return words.filter(Boolean).join(" ");
}

/**
 * The largest part of a duration: an age needs no more.
 *
 * @param {number} minutes whole minutes
 * @returns {string}
 */
export function roughWords(minutes) {
    if (minutes >= DAY) {
        return _t("%s day(s)", Math.floor(minutes / DAY));
    }
    if (minutes >= HOUR) {
        return _t("%s h", Math.floor(minutes / HOUR));
    }
    return _t("%s min", minutes);
}

/**
 * How far a deadline is: “2 h 15 min left”, “late by 1 day 3 h”.
 *
 * @param {number} deadline milliseconds
 * @param {number} now milliseconds
 * @returns {string}
 */
export function timeLeftWords(deadline, now) {
    const words = durationWords(Math.floor(Math.abs(deadline - now) / 60_000));
    return deadline < now ? _t("late by %s", words) : _t("%s left", words);
}
