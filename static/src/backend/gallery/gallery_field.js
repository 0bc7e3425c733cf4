import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { FileModel } from "@web/core/file_viewer/file_model";
import { useFileViewer } from "@web/core/file_viewer/file_viewer_hook";
import {
    many2ManyBinaryField,
    Many2ManyBinaryField,
} from "@web/views/fields/many2many_binary/many2many_binary_field";

const isRecording = ({ mimetype }) =>
    mimetype.startsWith("video/") || mimetype.startsWith("audio/");

/** Pictures large enough to judge by, videos and sound to play, papers to open. */
export class CivicGalleryField extends Many2ManyBinaryField {
    static template = "civic_report.GalleryField";

    static props = {
        ...Many2ManyBinaryField.props,
        keep: { type: Boolean, optional: true },
        compact: { type: Boolean, optional: true },
    };

    setup() {
        super.setup();
        this.fileViewer = useFileViewer();
    }

    get shown() {
        return this.files.map((file) =>
            Object.assign(new FileModel(), {
                id: file.id,
                name: file.name,
                mimetype: file.mimetype || "",
                type: "binary",
            })
        );
    }

    get pictures() {
        return this.shown.filter((file) => file.isImage);
    }

    get recordings() {
        return this.shown.filter(isRecording);
    }

    get papers() {
        return this.shown.filter((file) => !file.isImage && !isRecording(file));
    }

    /** What came in with a saved report stays with it. */
    get canRemove() {
        return !this.props.readonly && !(this.props.keep && this.props.record.resId);
    }

    alt(index) {
        return _t("Picture %s", index + 1);
    }

    open(index) {
        const pictures = this.pictures;
        this.fileViewer.open(pictures[index], pictures);
    }
}

export const civicGalleryField = {
    ...many2ManyBinaryField,
    component: CivicGalleryField,
    displayName: _t("Pictures and files"),
    extractProps: (staticInfo, dynamicInfo) => ({
        ...many2ManyBinaryField.extractProps(staticInfo, dynamicInfo),
        keep: Boolean(staticInfo.options.keep),
        compact: Boolean(staticInfo.options.compact),
    }),
};

registry.category("fields").add("civic_gallery", civicGalleryField);
