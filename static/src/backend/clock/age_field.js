import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { formatMoment } from "./moment_field";
import { useNow } from "./now";
import { roughWords } from "./words";

/** How long ago something happened, in words. */
export class CivicAgeField extends Component {
    static template = "civic_report.AgeField";
    static props = { ...standardFieldProps };

    setup() {
        this.clock = useNow();
    }

    get value() {
        return this.props.record.data[this.props.name];
    }

    get words() {
        const minutes = Math.floor((this.clock.now - this.value) / 60_000);
        return minutes < 1 ? _t("just now") : _t("%s ago", roughWords(minutes));
    }

    get title() {
        return formatMoment(this.value);
    }
}

export const civicAgeField = {
    component: CivicAgeField,
    displayName: _t("Age"),
    supportedTypes: ["datetime"],
};

registry.category("fields").add("civic_age", civicAgeField);
