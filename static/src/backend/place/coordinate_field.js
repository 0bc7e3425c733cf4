import { registry } from "@web/core/registry";
import { FloatField, floatField } from "@web/views/fields/float/float_field";

/** A coordinate as maps write it everywhere, 16.4637; empty where none is known. */
export class CivicCoordinateField extends FloatField {
    static template = "civic_report.CoordinateField";
    static props = { ...FloatField.props, placeholder: { type: String, optional: true } };

    /** @override */
    get formattedValue() {
        return this.value ? String(this.value) : "";
    }

    /** @override */
    parse(text) {
        const coordinate = Number(text.trim().replace(",", "."));
        if (Number.isNaN(coordinate)) {
            throw new Error(`${text} is not a coordinate`);
        }
        return coordinate;
    }
}

export const civicCoordinateField = {
    ...floatField,
    component: CivicCoordinateField,
    extractProps: (staticInfo) => ({
        ...floatField.extractProps(staticInfo),
        placeholder: staticInfo.placeholder,
    }),
};

registry.category("fields").add("civic_coordinate", civicCoordinateField);
