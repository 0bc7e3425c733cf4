import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";
import { createMap, loadMap, signIcon } from "../map/civic_map";

const EARTH = 6371000;
const PLACE_ZOOM = 16;

const distance = (one, other) => {
    const radians = (degrees) => (degrees * Math.PI) / 180;
    const height = Math.sin(radians(other.latitude - one.latitude) / 2);
    const width = Math.sin(radians(other.longitude - one.longitude) / 2);
    const chord =
        height ** 2 +
        Math.cos(radians(one.latitude)) * Math.cos(radians(other.latitude)) * width ** 2;
    return 2 * EARTH * Math.asin(Math.sqrt(Math.min(chord, 1)));
};

/** The place: from the device, from a picture, from a pin on the map, or typed. */
export class CivicSendPlace extends Interaction {
    static selector = "#civic_form .o_civic_where";
    dynamicContent = {
        ".o_civic_locate": { "t-att-class": () => ({ "d-none": false }) },
        ".o_civic_locate_button": {
            "t-on-click": this.locate,
            "t-att-class": () => ({ "d-none": !navigator.geolocation }),
        },
        ".o_civic_locate_remove": {
            "t-on-click": this.removePosition,
            "t-att-class": () => ({ "d-none": !this.position }),
        },
        ".o_civic_locate_status": { "t-out": () => this.words },
        ".o_civic_pin_button": {
            "t-on-click": this.toggleMap,
            "t-att-aria-expanded": () => String(this.isMapShown),
        },
        ".o_civic_pin": { "t-att-class": () => ({ "d-none": !this.isMapShown }) },
        ".o_civic_pin_middle": { "t-on-click": this.pinMiddle },
        "#address": {
            "t-att-required": () =>
                (this.addressIsRequired || this.isUrgent) && !this.position,
        },
    };

    setup() {
        this.form = this.el.closest("form");
        this.inputs = ["latitude", "longitude"].map((name) =>
            this.el.querySelector(`[name=${name}]`)
        );
        this.addressIsRequired = this.el.querySelector("#address").required;
        this.reach = JSON.parse(this.el.dataset.reach || "{}");
        this.isUrgent = false;
        this.isMapShown = false;
        this.words = this.position ? this.attachedWords() : "";
    }

    start() {
        this.addListener(this.form, "civic_picture_position", ({ detail }) =>
            this.fromPicture(detail)
        );
        this.addListener(this.form, "civic_danger", ({ detail }) => {
            this.isUrgent = detail;
        });
        this.addListener(this.form, "civic_draft", () => {
            this.words = this.position ? this.attachedWords() : "";
        });
    }

    destroy() {
        this.map?.remove();
    }

    get position() {
        const [latitude, longitude] = this.inputs.map((input) => parseFloat(input.value));
        return Number.isFinite(latitude) && Number.isFinite(longitude)
            ? { latitude, longitude }
            : null;
    }

    setPosition({ latitude, longitude }, words) {
        [this.inputs[0].value, this.inputs[1].value] = [
            latitude.toFixed(7),
            longitude.toFixed(7),
        ];
        const { metres } = this.reach;
        this.words =
            metres && distance(this.reach, { latitude, longitude }) > metres
                ? _t(
                      "This place lies outside the province. Is it right? Else remove it, or choose another one. You can send the report either way; the intake centre looks at it."
                  )
                : words;
        this.showPin();
        this.changed();
    }

    changed() {
        this.updateContent();
        this.inputs[0].dispatchEvent(new Event("change", { bubbles: true }));
    }

    attachedWords() {
        return _t("A position is attached to the report.");
    }

    async locate() {
        this.words = _t("Looking for the position…");
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
            this.setPosition(
                coords,
                _t(
                    "The position of this device is attached to the report, to about %s metres.",
                    Math.round(coords.accuracy)
                )
            );
        } catch {
            this.words = _t(
                "The position could not be found. Type the place, or allow the browser to use the position."
            );
            this.updateContent();
        }
    }

    /** What a picture says does not take the place of what somebody has chosen. */
    fromPicture(position) {
        if (!this.position) {
            this.setPosition(
                position,
                _t("The position where the picture was taken is attached to the report.")
            );
        }
    }

    removePosition() {
        this.inputs.forEach((input) => (input.value = ""));
        this.words = _t("The position is removed.");
        this.pin?.remove();
        this.pin = null;
        this.changed();
    }

    // --- map -----------------------------------------------------------------

    async toggleMap() {
        this.isMapShown = !this.isMapShown;
        this.updateContent();
        if (this.isMapShown && !this.map) {
            const settings = JSON.parse(this.el.dataset.map);
            const start = this.position ? { ...this.position, zoom: PLACE_ZOOM } : {};
            this.L = await this.waitFor(loadMap());
            this.map = await this.waitFor(
                createMap(this.el.querySelector(".o_civic_pin_map"), {
                    ...settings,
                    ...start,
                    label: _t("Map for choosing the place"),
                })
            );
            this.map.on("click", ({ latlng }) => this.pinned(latlng));
        }
        this.showPin();
    }

    showPin() {
        if (!this.map || !this.position) {
            return;
        }
        const at = [this.position.latitude, this.position.longitude];
        if (!this.pin) {
            this.pin = this.L.marker(at, {
                icon: signIcon(this.L, "pin"),
                draggable: true,
                keyboard: false,
                alt: _t("The chosen place"),
            }).addTo(this.map);
            this.pin.on("dragend", () => this.pinned(this.pin.getLatLng()));
        }
        this.pin.setLatLng(at);
        if (!this.map.getBounds().contains(at)) {
            this.map.setView(at, Math.max(this.map.getZoom(), PLACE_ZOOM));
        }
    }

    pinMiddle() {
        if (this.map) {
            this.pinned(this.map.getCenter());
        }
    }

    pinned({ lat, lng }) {
        this.setPosition(
            { latitude: lat, longitude: lng },
            _t("The place chosen on the map is attached to the report.")
        );
    }
}

registry.category("public.interactions").add("civic_report.send_place", CivicSendPlace);
