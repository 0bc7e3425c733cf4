import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { CivicRedactDialog } from "../redact/redact_dialog";

/**
 * Pictures and recordings with a box each; the boxes are ticked in another many2many
 * field of the record, named by the option `ticks`. Pictures stand there as the public
 * will see them.
 */
export class CivicPictureTicksField extends Component {
    static template = "civic_report.PictureTicksField";
    static props = { ...standardFieldProps, ticks: String };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.edited = useState({});
        onWillStart(() => this.loadEdited(this.props));
        onWillUpdateProps((props) => this.loadEdited(props));
    }

    async loadEdited(props) {
        const ids = props.record.data[props.name].currentIds;
        if (`${ids}` === this.loadedIds) {
            return;
        }
        this.loadedIds = `${ids}`;
        const rows = await this.orm.searchRead(
            "civic.media",
            [["attachment_id", "in", ids]],
            ["attachment_id", "redacted_attachment_id", "redactions"]
        );
        for (const row of rows) {
            this.edited[row.attachment_id[0]] = row;
        }
    }

    get pictures() {
        return this.props.record.data[this.props.name].records;
    }

    get ticked() {
        return this.props.record.data[this.props.ticks];
    }

    kind(picture) {
        return (picture.data.mimetype || "").split("/")[0];
    }

    isEdited(picture) {
        return Boolean(this.edited[picture.resId]?.redacted_attachment_id);
    }

    /** Id of what the public would see. */
    shown(picture) {
        const version = this.edited[picture.resId]?.redacted_attachment_id;
        return version ? version[0] : picture.resId;
    }

    alt(index) {
        return _t("Picture %s", index + 1);
    }

    isTicked(picture) {
        return this.ticked.currentIds.includes(picture.resId);
    }

    /** What the box shows counts: an earlier click may still be on its way. */
    toggle(picture, isChecked) {
        const change = isChecked ? "add" : "remove";
        return this.ticked.addAndRemove({ [change]: [picture.resId] });
    }

    edit(picture) {
        this.dialog.add(CivicRedactDialog, {
            reportId: this.props.record.data.report_id.id,
            attachmentId: picture.resId,
            boxes: this.edited[picture.resId]?.redactions || [],
            onSaved: () => {
                this.loadedIds = null;
                return this.loadEdited(this.props);
            },
        });
    }
}

export const civicPictureTicksField = {
    component: CivicPictureTicksField,
    displayName: _t("Pictures with boxes"),
    supportedTypes: ["many2many"],
    isEmpty: () => false,
    relatedFields: [
        { name: "name", type: "char" },
        { name: "mimetype", type: "char" },
    ],
    extractProps: ({ options }) => ({ ticks: options.ticks }),
};

registry.category("fields").add("civic_picture_ticks", civicPictureTicksField);
