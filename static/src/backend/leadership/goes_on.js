import { Component, onMounted, onWillUnmount, xml } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const EVERY_MS = 2_000;
const BUSY = ["queued", "running"];

/** Reads a record again and again while the server works on it, so that its page shows
 * how far that is, and what comes of it, without a reload. */
export class CivicGoesOn extends Component {
    static template = xml`<span/>`;
    static props = { ...standardWidgetProps };

    setup() {
        onMounted(() => {
            this.timer = browser.setInterval(() => this.refresh(), EVERY_MS);
        });
        onWillUnmount(() => browser.clearInterval(this.timer));
    }

    get isWaiting() {
        const { record } = this.props;
        return Boolean(record.resId) && BUSY.includes(record.data.state);
    }

    async refresh() {
        if (this.isReading || document.hidden || !this.isWaiting) {
            return;
        }
        this.isReading = true;
        try {
            if (!(await this.props.record.isDirty())) {
                await this.props.record.load();
            }
        } finally {
            this.isReading = false;
        }
    }
}

export const civicGoesOn = { component: CivicGoesOn };

registry.category("view_widgets").add("civic_goes_on", civicGoesOn);
