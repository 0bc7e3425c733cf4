import { Component, onWillUnmount, useEffect, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useNow } from "../clock/now";
import { useBoardPage } from "./board_page";
import {
    changeWords,
    figureWords,
    headlines,
    lateWords,
    momentWords,
    nothingOverdue,
    shareWords,
    sinceWords,
    tileWords,
    turnWords,
} from "./board_words";
import { TrendChart } from "./trend_chart";
import { WardMap } from "./ward_map";

// Agencies of the table before it is asked for all of them.
const MOST_AGENCIES = 12;

/** One look at a province, or at a unit; every figure opens the list that it counts. */
export class CivicLeaderBoard extends Component {
    static template = "civic_report.LeaderBoard";
    static components = { TrendChart, WardMap };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.kind = this.props.action.params?.kind === "unit" ? "unit" : "province";
        this.board = useBoardPage(this.kind);
        this.clock = useNow();
        this.state = useState({ order: "rank", all: false, officers: null });
        if (this.isUnit) {
            useEffect(
                () => {
                    this.readOfficers();
                },
                () => [this.page?.period.code, this.page?.counted_at]
            );
            onWillUnmount(() => {
                this.officersAsked = null;
            });
        }
        Object.assign(this, { figureWords, shareWords, momentWords, turnWords, changeWords });
    }

    get page() {
        return this.board.page;
    }

    get isUnit() {
        return this.kind === "unit";
    }

    get title() {
        const { units, company } = this.page;
        return this.isUnit ? units.join(", ") : _t("Governing: %s", company);
    }

    get headlines() {
        return headlines(this.page, this.clock.now);
    }

    /** When the figures as of now are from, and whether counting stands still. */
    get freshness() {
        const { is_counted: isCounted, is_stale: isStale, counted_at: at } = this.page;
        if (!isCounted) {
            return _t("Open work has not been counted yet: it is counted each minute.");
        }
        return isStale
            ? _t(
                  "As of %s. Counting stands still: an administrator of the system looks at the scheduled actions.",
                  momentWords(at)
              )
            : _t("As of %s; it renews itself.", momentWords(at));
    }

    get periodWords() {
        const { period, last } = this.page;
        const facts = { from: this.day(period.from), to: this.day(period.to), last: last.label };
        return period.is_running
            ? _t("%(from)s – %(to)s, not over yet; beside it the whole of %(last)s.", facts)
            : _t("%(from)s – %(to)s; beside it %(last)s.", facts);
    }

    get countedWords() {
        const { counted_at: at } = this.page.period;
        return at ? _t("Counted %s.", momentWords(at)) : _t("Not counted yet.");
    }

    day(text) {
        return momentWords(`${text} 12:00:00`).split(" ")[0];
    }

    since(moment) {
        return sinceWords(moment, this.clock.now);
    }

    late(moment) {
        return lateWords(moment, this.clock.now);
    }

    tileWords(tile) {
        return tileWords(tile, this.clock.now);
    }

    // ------------------------------------------------------------------
    // Periods
    // ------------------------------------------------------------------

    get choice() {
        return this.page.choices.find(({ kind }) => kind === this.page.period.kind);
    }

    chooseKind(event) {
        return this.board.choose(event.target.value);
    }

    choosePeriod(event) {
        return this.board.choose(event.target.value);
    }

    async countNow() {
        await this.orm.call("civic.board", "count_figures", [this.kind]);
        this.notification.add(_t("The figures are being counted; they appear by themselves."), {
            type: "info",
        });
    }

    get exportUrl() {
        const period = encodeURIComponent(this.page.period.code);
        const company = user.activeCompany.id;
        return `/civic_report/board/${this.kind}/xlsx?period=${period}&company=${company}`;
    }

    // ------------------------------------------------------------------
    // Agencies
    // ------------------------------------------------------------------

    get agencies() {
        const rows = [...this.page.agencies];
        if (this.state.order === "overdue") {
            rows.sort(
                (one, other) =>
                    other.overdue - one.overdue ||
                    (one.overdue_since || "").localeCompare(other.overdue_since || "") ||
                    other.due_today - one.due_today
            );
        }
        return this.state.all ? rows : rows.slice(0, MOST_AGENCIES);
    }

    /** Heads of the tables; on a telephone they stand before each figure. */
    get labels() {
        return {
            inHand: _t("In hand"),
            overdue: _t("Overdue"),
            dueToday: _t("Due today"),
            submitted: _t("Waiting for approval"),
            sentBack: _t("Sent back"),
            rank: _t("Rank"),
            onTime: _t("On time"),
            satisfied: _t("Satisfied"),
            results: _t("Results"),
            openNow: _t("In hand now"),
            overdueNow: _t("Overdue now"),
            marks: _t("Marked for"),
            received: _t("Received"),
            done: _t("Answered"),
            given: _t("Duties given"),
            ended: _t("Done"),
            late: _t("Ended late"),
            overdueEnd: _t("Overdue at the end"),
        };
    }

    // ------------------------------------------------------------------
    // Officers
    // ------------------------------------------------------------------

    /** Figures of the own people are not kept: they come after the page. */
    async readOfficers() {
        const code = this.page?.period.code;
        this.officersAsked = code;
        if (!code || !this.page.may_see_officers) {
            return;
        }
        try {
            const rows = await this.orm.silent.call("civic.board", "read_officers", [code]);
            if (this.officersAsked === code) {
                this.state.officers = rows;
            }
        } catch {
            // The list behind the button says what is the matter.
            this.state.officers = null;
        }
    }

    async openOfficers() {
        const action = await this.orm.call("civic.board", "open_officers", [
            this.kind,
            this.page.period.code,
        ]);
        return this.action.doAction(action);
    }

    get officersTitle() {
        return _t("By person, %s", this.page.period.label);
    }

    /** Of the ratings how many were satisfied: always of how many. */
    ratingWords({ satisfied, rated }) {
        return rated ? `${satisfied}/${rated}` : "–";
    }

    overdueTitle({ overdue, name }) {
        return _t("%(count)s overdue at %(agency)s", { count: overdue, agency: name });
    }

    urgeTitle({ name }) {
        return _t("Urge %s: what it has overdue", name);
    }

    async urge({ id }) {
        const action = await this.orm.call("civic.board", "open_urging", [this.kind, id]);
        return this.action.doAction(action);
    }

    allTitle({ title }) {
        return _t("All of them: %s", title);
    }

    get allWords() {
        return _t("Show all agencies (%s)", this.page.agencies.length);
    }

    groupWords(group) {
        return {
            department: _t("Department"),
            local: _t("Ward or commune"),
            other: _t("Other"),
        }[group];
    }

    placeWords({ place, of }) {
        return place ? `${place}/${of}` : _t("not ranked");
    }

    get thresholdWords() {
        const { satisfied } = this.page.thresholds;
        return satisfied
            ? _t("Marked by the regulation: satisfied below %s %, and its other thresholds.", satisfied)
            : _t("The regulation sets no thresholds: agencies are marked for what is overdue.");
    }

    // ------------------------------------------------------------------
    // Lines
    // ------------------------------------------------------------------

    get countsTitle() {
        return this.isUnit ? _t("Given and done") : _t("Received and answered");
    }

    get ratesTitle() {
        return _t("On time and satisfied (%)");
    }

    get countLines() {
        const { received, done } = this.page.trend;
        return [
            { label: this.isUnit ? _t("Parts given") : _t("Received"), values: received },
            { label: this.isUnit ? _t("Done") : _t("Answered"), values: done },
        ];
    }

    get rateLines() {
        const { on_time_rate: onTime, satisfied_rate: satisfied } = this.page.trend;
        return [
            { label: _t("On time"), values: onTime },
            { label: _t("Satisfied"), values: satisfied },
        ];
    }

    // ------------------------------------------------------------------
    // What waits
    // ------------------------------------------------------------------

    get lists() {
        const { matters } = this.page;
        const lists = [
            {
                key: "emergencies",
                figure: "emergency",
                title: _t("Emergencies in hand"),
                empty: _t("No emergency is in hand."),
                model: "civic.report",
                words: (matter) => this.since(matter.since),
                more: (matter) => matter.deadline && this.late(matter.deadline),
            },
            {
                key: "waiting",
                figure: "designating",
                title: _t("Waiting for the province"),
                empty: _t("Nothing waits for the province's decision."),
                model: "civic.report",
                words: (matter) => this.since(matter.since),
                more: (matter) => matter.deadline && this.late(matter.deadline),
            },
            {
                key: "stuck",
                figure: "agency_overdue",
                title: _t("Stuck, and with whom"),
                empty: nothingOverdue(this.kind),
                model: "civic.assignment",
                words: (matter) => this.late(matter.since),
            },
            {
                key: "centre",
                figure: "centre_overdue",
                title: _t("Overdue at the Centre"),
                empty: _t("Nothing is overdue at the Centre."),
                model: "civic.report",
                words: (matter) => this.late(matter.since),
            },
            {
                key: "directives",
                figure: "directives",
                title: _t("Directives without an answer"),
                empty: _t("Every directive has been answered."),
                model: "civic.directive",
                words: (matter) => this.late(matter.since),
            },
        ];
        const shown = this.isUnit ? ["stuck", "directives"] : lists.map(({ key }) => key);
        return lists
            .filter(({ key }) => shown.includes(key))
            .map((list) => ({ ...list, matters: matters[list.key] || [] }));
    }

    /** Category, ward, agency, duty and person, as far as they are known. */
    factWords({ category, ward, agency, duty, holder }) {
        return [category, ward, agency, duty, holder].filter(Boolean).join(" · ");
    }

    // ------------------------------------------------------------------
    // Opening
    // ------------------------------------------------------------------

    async open(figure, place = {}) {
        const action = await this.orm.call("civic.board", "open_list", [
            this.kind,
            figure,
            this.page.period.code,
            place,
        ]);
        return this.action.doAction(action);
    }

    async openMatter({ model }, matter) {
        const isPart = model === "civic.assignment";
        const id = isPart || model === "civic.directive" ? matter.id : matter.report;
        const action = await this.orm.call("civic.board", "open_matter", [this.kind, model, id]);
        return this.action.doAction(action);
    }
}

registry.category("actions").add("civic_report.board", CivicLeaderBoard);
