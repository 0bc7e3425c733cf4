import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { CivicRedactDialog } from "./redact_dialog";

const ICONS = { video: "fa-film", audio: "fa-volume-up", document: "fa-file-o" };
const SCANS = {
    waiting: _t("Waits for the virus scan"),
    infected: _t("Infected: given to nobody"),
};

/** What the files of a report tell beside what they show, for the Centre. */
export class CivicMediaField extends Component {
    static template = "civic_report.MediaField";
    static props = { ...standardFieldProps };

    setup() {
        this.dialog = useService("dialog");
        this.editedAlt = _t("The edited version, as the public sees it");
    }

    get rows() {
        return this.props.record.data[this.props.name].records.map(({ resId, data }) => {
            const edited = data.redacted_attachment_id;
            const placed = data.latitude || data.longitude;
            const place = `${data.latitude.toFixed(5)}, ${data.longitude.toFixed(5)}`;
            return {
                ...data,
                id: resId,
                attachmentId: data.attachment_id.id,
                isEdited: Boolean(edited),
                shown: (edited || data.attachment_id).id,
                icon: ICONS[data.kind],
                scan: SCANS[data.scan_state],
                taken: data.taken_at && data.taken_at.toFormat("dd/MM/yyyy HH:mm"),
                position: place,
                map: placed && `https://www.openstreetmap.org/?mlat=${data.latitude}&mlon=${data.longitude}#map=17/${data.latitude}/${data.longitude}`,
                hints: data.hints || [],
            };
        });
    }

    edit(row) {
        const { record } = this.props;
        this.dialog.add(CivicRedactDialog, {
            reportId: record.resId,
            attachmentId: row.attachmentId,
            boxes: row.redactions || [],
            onSaved: () => record.load(),
        });
    }
}

const fields = {
    char: ["name", "mimetype", "kind", "software", "scan_state"],
    many2one: ["attachment_id", "redacted_attachment_id"],
    float: ["latitude", "longitude", "direction"],
    integer: ["width", "height"],
    json: ["redactions", "hints"],
    datetime: ["taken_at"],
};

registry.category("fields").add("civic_media", {
    component: CivicMediaField,
    displayName: _t("Files and what they tell"),
    supportedTypes: ["one2many"],
    isEmpty: () => false,
    relatedFields: Object.entries(fields).flatMap(([type, names]) =>
        names.map((name) =>
            type === "many2one"
                ? { name, type, relation: "ir.attachment" }
                : { name, type }
        )
    ),
});
