import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * Pictures with a box each; the boxes are ticked in another many2many field of the
 * record, named by the option `ticks`.
 */
export class CivicPictureTicksField extends Component {
    static template = "civic_report.PictureTicksField";
    static props = { ...standardFieldProps, ticks: String };

    get pictures() {
        return this.props.record.data[this.props.name].records;
    }

    get ticked() {
        return this.props.record.data[this.props.ticks];
    }

    alt(index) {
        return _t("Picture %s", index + 1);
    }

    isTicked(picture) {
        return this.ticked.currentIds.includes(picture.resId);
    }

    toggle(picture) {
        const change = this.isTicked(picture) ? "remove" : "add";
        return this.ticked.addAndRemove({ [change]: [picture.resId] });
    }
}

export const civicPictureTicksField = {
    component: CivicPictureTicksField,
    displayName: _t("Pictures with boxes"),
    supportedTypes: ["many2many"],
    isEmpty: () => false,
    relatedFields: [{ name: "name", type: "char" }],
    extractProps: ({ options }) => ({ ticks: options.ticks }),
};

registry.category("fields").add("civic_picture_ticks", civicPictureTicksField);
