import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

const MB = 1024 * 1024;
const MAX_FILE = 25 * MB;

const sizeText = (bytes) =>
    bytes < MB / 2 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / MB).toFixed(1)} MB`;

/**
 * What a script adds to the form by which citizens send reports. Without it the form
 * works the same, only less comfortably.
 */
export class CivicSendForm extends Interaction {
    static selector = "#civic_form";
    dynamicContent = {
        _root: { "t-on-submit": this.onSubmit },
        "#files": { "t-on-change": this.showFiles },
        ".o_civic_locate": { "t-att-class": () => ({ "d-none": !navigator.geolocation }) },
        ".o_civic_locate_button": { "t-on-click": this.locate },
        ".o_civic_locate_remove": {
            "t-on-click": this.removePosition,
            "t-att-class": () => ({ "d-none": !this.hasPosition }),
        },
        ".o_civic_locate_status": { "t-out": () => this.positionText },
        ".o_civic_sending": { "t-out": () => this.sendingText },
        "#send_button": { "t-att-disabled": () => (this.isSending ? "disabled" : false) },
        "#address": { "t-att-required": () => this.addressIsRequired && !this.hasPosition },
    };

    setup() {
        this.isSending = false;
        this.sendingText = "";
        this.addressIsRequired = this.el.querySelector("#address").required;
        this.positionText = this.hasPosition ? this.positionKept() : "";
    }

    start() {
        document.querySelector("#error_summary")?.focus();
        // A page that the browser keeps for going back may have its button off.
        this.addListener(window, "pageshow", () => {
            this.isSending = false;
            this.sendingText = "";
        });
    }

    // --- position ----------------------------------------------------------

    get position() {
        return ["latitude", "longitude"].map((name) => this.el.elements[name]);
    }

    get hasPosition() {
        return this.position.every((input) => input.value);
    }

    positionKept() {
        return _t("The position of this device is attached to the report.");
    }

    async locate() {
        this.positionText = _t("Looking for the position…");
        this.updateContent();
        try {
            const { coords } = await this.waitFor(
                new Promise((resolve, reject) =>
                    navigator.geolocation.getCurrentPosition(resolve, reject, {
                        enableHighAccuracy: true,
                        timeout: 15000,
                    })
                )
            );
            const [latitude, longitude] = this.position;
            latitude.value = coords.latitude.toFixed(7);
            longitude.value = coords.longitude.toFixed(7);
            this.positionText = _t(
                "The position of this device is attached to the report, to about %s metres.",
                Math.round(coords.accuracy)
            );
        } catch {
            this.positionText = _t(
                "The position could not be found. Type the place, or allow the browser to use the position."
            );
        }
    }

    removePosition() {
        this.position.forEach((input) => (input.value = ""));
        this.positionText = _t("The position is removed.");
    }

    // --- files -------------------------------------------------------------

    showFiles() {
        const files = [...this.el.querySelector("#files").files];
        const listEl = this.el.querySelector(".o_civic_chosen");
        listEl.replaceChildren(
            ...files.map((file) => {
                const itemEl = document.createElement("li");
                itemEl.textContent = `${file.name} · ${sizeText(file.size)}`;
                return itemEl;
            })
        );
        this.el.querySelector("#files").setCustomValidity(this.filesProblem(files));
        this.el.querySelector("#files").reportValidity();
    }

    filesProblem(files) {
        const { maxFiles, maxTotal } = this.el.dataset;
        if (files.length > parseInt(maxFiles)) {
            return _t("Choose at most %s files.", maxFiles);
        }
        const large = files.find((file) => file.size > MAX_FILE);
        if (large) {
            return _t("%s is larger than 25 MB: choose a smaller file.", large.name);
        }
        const total = files.reduce((sum, file) => sum + file.size, 0);
        if (total > parseInt(maxTotal)) {
            return _t("The files are larger than %s MB in all: choose fewer.", maxTotal / MB);
        }
        return "";
    }

    // --- sending -----------------------------------------------------------

    onSubmit(ev) {
        if (this.isSending) {
            ev.preventDefault();
            return;
        }
        this.isSending = true;
        this.sendingText = _t("Sending… With pictures this may take a minute.");
    }
}

registry.category("public.interactions").add("civic_report.send_form", CivicSendForm);
