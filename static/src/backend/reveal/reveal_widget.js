import { Component, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { loadGrounds } from "./grounds";

/** What was shown goes away by itself: people leave their desks. */
const SHOWN_MS = 120000;

/**
 * Secret data, fetched when asked for, kept in this page alone and hidden again soon.
 */
class Reveal extends Component {
    static template = "civic_report.Reveal";
    static props = { ...standardWidgetProps };
    static label = "";
    static asksReason = false;

    setup() {
        this.orm = useService("orm");
        this.state = useState({ rows: null, ground: "", words: "" });
        onWillStart(async () => {
            this.grounds = this.asksReason ? await loadGrounds(this.orm) : [];
        });
        onWillUnmount(() => browser.clearTimeout(this.timer));
    }

    get label() {
        return this.constructor.label;
    }

    get asksReason() {
        return this.constructor.asksReason;
    }

    get needsWords() {
        const chosen = this.grounds.find((ground) => ground.code === this.state.ground);
        return Boolean(chosen?.needs_words);
    }

    async show() {
        const { resModel, resId } = this.props.record;
        const { ground, words } = this.state;
        const args = this.asksReason ? [[resId], ground, words] : [[resId]];
        this.state.rows = await this.orm.call(resModel, this.constructor.method, args);
        browser.clearTimeout(this.timer);
        this.timer = browser.setTimeout(() => this.hide(), SHOWN_MS);
    }

    hide() {
        this.state.rows = null;
        Object.assign(this.state, { ground: "", words: "" });
    }
}

export class CivicLook extends Reveal {
    static method = "look";
    static label = _t("Show the identity");
}

export class CivicShowDetails extends Reveal {
    static method = "show_details";
    static label = _t("Show what the citizen wrote");
    static asksReason = true;
}

registry.category("view_widgets").add("civic_look", { component: CivicLook });
registry.category("view_widgets").add("civic_show_details", { component: CivicShowDetails });
