import { _t } from "@web/core/l10n/translation";
import { localization } from "@web/core/l10n/localization";
import { registry } from "@web/core/registry";
import { DateTimeField, dateTimeField } from "@web/views/fields/datetime/datetime_field";

/**
 * Day and time as officers write them, without seconds: 28/11/2026 17:00.
 *
 * @param {luxon.DateTime | false} value
 * @returns {string}
 */
export function formatMoment(value) {
    const { dateFormat, timeFormat } = localization;
    return value ? value.toFormat(`${dateFormat} ${timeFormat.replace(":ss", "")}`) : "";
}

export class CivicMomentField extends DateTimeField {
    /** @override */
    getFormattedValue(valueIndex) {
        return formatMoment(this.values[valueIndex]);
    }
}

export const civicMomentField = {
    ...dateTimeField,
    component: CivicMomentField,
    displayName: _t("Day and time"),
    listViewWidth: 145,
};

registry.category("fields").add("civic_moment", civicMomentField);
