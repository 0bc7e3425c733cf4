import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { CharField, charField } from "@web/views/fields/char/char_field";

const DOT = "•";

/**
 * A value of which people see a mask: typed anew, never edited. Left empty it stays.
 */
export class MaskedField extends CharField {
    static template = "civic_report.MaskedField";

    get isMasked() {
        return String(this.props.record.data[this.props.name] || "").includes(DOT);
    }

    get formattedValue() {
        return this.isMasked ? "" : super.formattedValue;
    }

    get mask() {
        return this.props.record.data[this.props.name];
    }

    get hint() {
        return this.isMasked ? _t("%s (type to replace)", this.mask) : this.props.placeholder;
    }

    parse(value) {
        const parsed = super.parse(value);
        return this.isMasked && !parsed ? this.mask : parsed;
    }
}

registry.category("fields").add("civic_masked", { ...charField, component: MaskedField });
