import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";
import { readPosition } from "./exif_gps";
import { shrinkPicture } from "./shrink";

export const MB = 1024 * 1024;
const KEPT = new WeakMap();

export const sizeText = (bytes) =>
    bytes < MB / 2 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / MB).toFixed(1)} MB`;

/**
 * Files chosen for a form, one after the other and from the camera.
 *
 * @param {HTMLFormElement} form
 * @returns {File[]}
 */
export const filesOf = (form) => KEPT.get(form) || [];

/** Choose these files, as a draft brings them back. */
export function chooseFiles(form, files) {
    form.dispatchEvent(new CustomEvent("civic_choose_files", { detail: files }));
}

/** Pictures first: the camera, files, what was chosen with a way to remove it. */
export class CivicSendFiles extends Interaction {
    static selector = "#civic_form .o_civic_files";
    dynamicContent = {
        "#files": {
            "t-on-change": this.onChosen,
            "t-att-required": () => this.isRequired && !this.files.length,
        },
        ".o_civic_mark": { "t-att-class": () => ({ "d-none": !this.isRequired }) },
        ".o_civic_camera": { "t-att-class": () => ({ "d-none": false }) },
        ".o_civic_camera_button": { "t-on-click": this.openCamera },
        ".o_civic_files_problem": { "t-out": () => this.problem },
    };

    setup() {
        this.form = this.el.closest("form");
        this.input = this.el.querySelector("#files");
        this.isRequired = this.input.required;
        this.addresses = [];
        this.wasRequired = this.isRequired;
        this.keep([]);
    }

    start() {
        this.addListener(this.form, "civic_choose_files", ({ detail }) => this.add(detail));
        this.addListener(this.form, "civic_danger", ({ detail }) => {
            this.isRequired = this.wasRequired && !detail;
        });
        this.registerCleanup(() => this.forgetAddresses());
    }

    get files() {
        return filesOf(this.form);
    }

    keep(files) {
        KEPT.set(this.form, files);
        this.problem = this.filesProblem(files);
    }

    /** A camera opens by a field of its own: the other one opens the files. */
    openCamera() {
        const camera = document.createElement("input");
        Object.assign(camera, { type: "file", accept: "image/*", capture: "environment" });
        this.addListener(camera, "change", () => this.add([...camera.files]));
        camera.click();
    }

    onChosen() {
        const files = [...this.input.files];
        // The field is empty again, so that the next choice is added to this one.
        this.input.value = "";
        return this.add(files);
    }

    async add(files) {
        this.keep([...this.files, ...files]);
        this.showChosen();
        this.updateContent();
        this.tell();
        for (const file of files) {
            const position = await this.waitFor(readPosition(file));
            if (position) {
                this.form.dispatchEvent(
                    new CustomEvent("civic_picture_position", { detail: position })
                );
                break;
            }
        }
        await this.shrink(files);
    }

    /** One after the other: each takes much memory while it is decoded. */
    async shrink(files) {
        for (const file of files) {
            const smaller = await this.waitFor(shrinkPicture(file));
            // It may be removed by now.
            const index = this.files.indexOf(file);
            if (smaller === file || index < 0) {
                continue;
            }
            this.keep(this.files.with(index, smaller));
            this.showChosen();
            this.updateContent();
            this.tell();
        }
    }

    remove(index) {
        this.keep(this.files.toSpliced(index, 1));
        this.showChosen();
        this.updateContent();
        this.tell();
        (this.el.querySelector(".o_civic_chosen button") || this.input).focus();
    }

    tell() {
        this.form.dispatchEvent(new CustomEvent("civic_files"));
    }

    forgetAddresses() {
        this.addresses.splice(0).forEach((address) => URL.revokeObjectURL(address));
    }

    showChosen() {
        this.forgetAddresses();
        this.el
            .querySelector(".o_civic_chosen")
            .replaceChildren(...this.files.map((file, index) => this.row(file, index)));
    }

    row(file, index) {
        const rowEl = document.createElement("li");
        if (file.type.startsWith("image/")) {
            const address = URL.createObjectURL(file);
            this.addresses.push(address);
            const pictureEl = Object.assign(document.createElement("img"), {
                src: address,
                alt: "",
            });
            rowEl.append(pictureEl);
        }
        const wordsEl = document.createElement("span");
        wordsEl.textContent = `${file.name} · ${sizeText(file.size)}`;
        const buttonEl = document.createElement("button");
        buttonEl.type = "button";
        buttonEl.className = "btn btn-outline-secondary btn-sm";
        buttonEl.textContent = _t("Remove");
        buttonEl.setAttribute("aria-label", _t("Remove %s", file.name));
        this.addListener(buttonEl, "click", () => this.remove(index));
        rowEl.append(wordsEl, buttonEl);
        return rowEl;
    }

    filesProblem(files) {
        const { maxFiles, maxTotal, maxPicture, maxRecording } = this.form.dataset;
        if (files.length > parseInt(maxFiles)) {
            return _t("Choose at most %s files.", maxFiles);
        }
        for (const file of files) {
            const limit = /^(video|audio)\//.test(file.type) ? maxRecording : maxPicture;
            if (file.size > parseInt(limit)) {
                return _t("%(name)s is larger than %(limit)s MB: choose a smaller file.", {
                    name: file.name,
                    limit: limit / MB,
                });
            }
        }
        const total = files.reduce((sum, file) => sum + file.size, 0);
        if (total > parseInt(maxTotal)) {
            return _t("The files are larger than %s MB in all: choose fewer.", maxTotal / MB);
        }
        return "";
    }
}

registry.category("public.interactions").add("civic_report.send_files", CivicSendFiles);
