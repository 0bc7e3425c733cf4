import { formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";
import { KEPT_DAYS, deleteDraft, loadDraft, saveDraft } from "./draft_store";
import { solve, workWords } from "../challenge";
import { chooseFiles, filesOf, sizeText } from "./send_files";
import { sendForm } from "./uploader";

const { DateTime } = luxon;
// Kept in the draft only when the sender has said so; consent never is.
const IDENTITY = ["name", "phone", "email", "reporter_address", "citizen_id", "is_organisation"];
const NEVER_KEPT = ["csrf_token", "consent", "seen_duplicates", "proof"];
// Files and the place see to themselves.
const ASKED_IN_DANGER = ["files", "address", "description"];
const FORM_WIDE = ["csrf_token", "key", "form"];

/**
 * The form by which citizens send reports, in three short steps that survive a lost
 * connection. Without it the form is one long page that works the same.
 */
export class CivicSendForm extends Interaction {
    static selector = "#civic_form";
    dynamicContent = {
        _root: {
            "t-on-submit.prevent": this.onSubmit,
            "t-on-input": this.debounced(this.keepDraft, 500),
            "t-on-change": this.debounced(this.keepDraft, 500),
        },
        "#danger": { "t-on-change": this.onDanger },
        "#category_id": { "t-on-change": this.onUrgent },
        ".o_civic_progress": { "t-att-class": () => ({ "d-none": false }) },
        ".o_civic_keep": { "t-att-class": () => ({ "d-none": false }) },
        ".o_civic_back": {
            "t-on-click": () => this.goTo(this.step - 1),
            "t-att-class": () => ({ "d-none": !this.step }),
            "t-att-disabled": () => this.isSending,
        },
        ".o_civic_next_step": {
            "t-on-click": this.next,
            "t-att-class": () => ({ "d-none": this.isLast }),
            "t-att-disabled": () => this.isBusy,
        },
        "#send_button": {
            "t-att-class": () => ({ "d-none": !this.isLast }),
            "t-att-disabled": () => this.isSending,
        },
        ".o_civic_upload": { "t-att-class": () => ({ "d-none": !this.isSending }) },
        ".o_civic_sending": { "t-out": () => this.words },
        ".o_civic_draft": { "t-att-class": () => ({ "d-none": !this.draftWords }) },
        ".o_civic_draft_words": { "t-out": () => this.draftWords },
        ".o_civic_draft_delete": { "t-on-click": this.deleteDraft },
    };

    setup() {
        this.step = 0;
        this.isBusy = this.isSending = this.isSent = false;
        this.words = this.draftWords = "";
        this.steps = [...this.el.querySelectorAll("fieldset.o_civic_step")];
        // Each step is checked by itself: what is not shown cannot be pointed at.
        this.el.noValidate = true;
        this.leaving = new AbortController();
        this.registerCleanup(() => this.leaving.abort());
    }

    async willStart() {
        const summaryEl = document.querySelector("#error_summary");
        // What a server has filled in is not overwritten.
        this.draft = summaryEl || this.el.elements.recurrence_of?.value ? null : await loadDraft();
    }

    start() {
        const invalidEl = this.el.querySelector("[aria-invalid=true]");
        this.showStep(invalidEl ? this.stepOf(invalidEl) : 0);
        document.querySelector("#error_summary")?.focus();
        if (this.draft) {
            this.restore(this.draft);
        }
        this.addListener(this.el, "civic_files", () => this.keepDraft());
        // A page that the browser keeps for going back is a new one.
        this.addListener(window, "pageshow", (ev) => ev.persisted && location.reload());
    }

    // --- steps ---------------------------------------------------------------

    get isLast() {
        return this.step === this.steps.length - 1;
    }

    stepOf(control) {
        return Math.max(
            0,
            this.steps.findIndex((step) => step.contains(control))
        );
    }

    showStep(index) {
        this.step = index;
        this.steps.forEach((step, at) => step.classList.toggle("d-none", at !== index));
        this.el.querySelectorAll(".o_civic_progress li").forEach((item, at) => {
            item.classList.toggle("o_civic_done", at < index);
            at === index
                ? item.setAttribute("aria-current", "step")
                : item.removeAttribute("aria-current");
        });
        this.updateContent();
    }

    goTo(index) {
        this.showStep(index);
        const legendEl = this.steps[index].querySelector("legend");
        legendEl.focus({ preventScroll: true });
        legendEl.scrollIntoView({ block: "start" });
    }

    /** Whether the step shown is filled in; else the first fault is pointed at. */
    checkStep() {
        const problemEl = this.steps[this.step].querySelector(".o_civic_files_problem");
        if (problemEl?.textContent.trim()) {
            problemEl.scrollIntoView({ block: "center" });
            return false;
        }
        const fault = [...this.steps[this.step].elements].find((control) => !control.validity.valid);
        fault?.reportValidity();
        return !fault;
    }

    async next() {
        if (this.isBusy || !this.checkStep()) {
            return;
        }
        const step = this.steps[this.step];
        if (step.matches(".o_civic_matter") && !this.isEmergency) {
            this.isBusy = true;
            this.words = _t("Looking whether somebody has reported this already…");
            this.updateContent();
            const isOffered = await this.waitFor(this.askDuplicates());
            this.isBusy = false;
            this.words = isOffered
                ? _t("Look at these reports first; press Next again if yours is another matter.")
                : "";
            if (isOffered) {
                this.updateContent();
                return;
            }
        }
        this.words = "";
        this.goTo(this.step + 1);
    }

    askDuplicates() {
        return new Promise((resolve) => {
            const ev = new CustomEvent("civic_ask_duplicates", { detail: resolve });
            this.el.dispatchEvent(ev);
        });
    }

    // --- danger --------------------------------------------------------------

    get isEmergency() {
        const { danger, category_id } = this.el.elements;
        return danger?.checked || Boolean(category_id?.selectedOptions[0]?.dataset.emergency);
    }

    onDanger() {
        this.onUrgent();
        if (this.el.elements.danger.checked) {
            this.el.querySelector(".o_civic_danger_panel a").focus();
        }
    }

    /** In an emergency nothing is waited for but what and where. */
    onUrgent() {
        const isUrgent = this.isEmergency;
        for (const control of this.el.querySelectorAll("[required], [data-required]")) {
            if (!ASKED_IN_DANGER.includes(control.name)) {
                control.dataset.required = "1";
                control.required = !isUrgent;
                for (const label of control.labels) {
                    label.querySelector(".o_civic_mark")?.classList.toggle("d-none", isUrgent);
                }
            }
        }
        this.el.dispatchEvent(new CustomEvent("civic_danger", { detail: isUrgent }));
    }

    // --- draft ---------------------------------------------------------------

    keepDraft() {
        if (this.isSent) {
            return;
        }
        const keepsIdentity = this.el.querySelector("#keep_identity").checked;
        const left = keepsIdentity ? NEVER_KEPT : [...NEVER_KEPT, ...IDENTITY];
        const fields = {};
        for (const [name, value] of new FormData(this.el)) {
            if (typeof value === "string" && value && !left.includes(name)) {
                fields[name] = value;
            }
        }
        const files = filesOf(this.el);
        const isEmpty = !files.length && Object.keys(fields).every((name) => name === "key");
        return isEmpty ? deleteDraft() : saveDraft({ fields, files, keepsIdentity });
    }

    restore({ fields, files, savedAt, keepsIdentity }) {
        for (const [name, value] of Object.entries(fields)) {
            const control = this.el.elements[name];
            if (control) {
                control.type === "checkbox"
                    ? (control.checked = true)
                    : (control.value = value);
            }
        }
        this.el.querySelector("#keep_identity").checked = Boolean(keepsIdentity);
        if (files.length) {
            chooseFiles(this.el, files);
        }
        if (fields.danger) {
            this.onDanger();
        } else {
            this.onUrgent();
        }
        this.el.dispatchEvent(new CustomEvent("civic_draft", { detail: fields }));
        this.draftWords = _t(
            "Your draft of %(moment)s is back. It is kept on this device alone, for %(days)s days; who else uses the device could read it.",
            { moment: formatDateTime(DateTime.fromMillis(savedAt)), days: KEPT_DAYS }
        );
        this.updateContent();
    }

    async deleteDraft() {
        this.isSent = true; // nothing more is kept of this page
        await this.waitFor(deleteDraft());
        location.assign(location.pathname);
    }

    // --- sending -------------------------------------------------------------

    async onSubmit() {
        if (!this.isLast) {
            return this.next();
        }
        if (this.isSending || !this.checkStep()) {
            return;
        }
        this.isSending = true;
        this.words = _t("Sending…");
        this.updateContent();
        await this.keepDraft();
        try {
            const { status, answer } = await this.waitFor(
                sendForm(this.el.getAttribute("action"), () => this.body(), {
                    onProgress: (sent, total) => this.showProgress(sent, total),
                    onWait: (seconds) => this.say(this.waitWords(seconds)),
                    renew: () => this.renew(),
                    signal: this.leaving.signal,
                })
            );
            await this.answered(status, answer);
        } catch {
            this.stop(
                _t("The report could not be sent. What you wrote is still here: try again later.")
            );
        }
    }

    body() {
        const body = new FormData(this.el);
        body.delete("files");
        filesOf(this.el).forEach((file) => body.append("files", file, file.name));
        return body;
    }

    /** A page that was open for long gets a new token; nobody notices. */
    async renew() {
        const answer = await fetch("/phan-anh/gui/phien");
        return answer.json();
    }

    async answered(status, answer) {
        if (answer.path) {
            this.isSent = true;
            await deleteDraft();
            location.assign(answer.path);
        } else if (answer.duplicates) {
            this.stop(_t("Look at these reports first; send yours if it is another matter."));
            this.goTo(this.stepOf(this.el.querySelector("#subject")));
            this.el.dispatchEvent(
                new CustomEvent("civic_show_duplicates", { detail: answer.duplicates })
            );
        } else if (answer.challenge && !this.leaving.signal.aborted) {
            await this.workAndSend(answer.challenge);
        } else {
            this.stop("");
            this.showErrors(answer.errors || {});
        }
    }

    /** Too much comes in: the browser works a little, and the form goes on by itself. */
    async workAndSend(challenge) {
        this.say(workWords());
        this.el.elements.proof.value = await this.waitFor(
            solve(challenge, this.leaving.signal)
        );
        this.isSending = false;
        await this.onSubmit();
    }

    say(words) {
        this.words = words;
        this.updateContent();
    }

    stop(words) {
        this.isSending = false;
        this.say(words);
    }

    showProgress(sent, total) {
        this.el.querySelector(".o_civic_upload").value = (100 * sent) / total;
        this.say(
            sent < total
                ? _t("Sent %(sent)s of %(total)s…", {
                      sent: sizeText(sent),
                      total: sizeText(total),
                  })
                : _t("All is sent; waiting for the code of the report…")
        );
    }

    waitWords(seconds) {
        return navigator.onLine
            ? _t(
                  "The connection was lost. It is tried again in %s seconds; leave this page open.",
                  seconds
              )
            : _t("No network: the report is sent when it is back. Leave this page open.");
    }

    // --- errors --------------------------------------------------------------

    showErrors(errors) {
        this.el.querySelectorAll(".o_civic_error_script").forEach((el) => el.remove());
        for (const control of this.el.querySelectorAll("[aria-invalid=true]")) {
            control.removeAttribute("aria-invalid");
            control.classList.remove("is-invalid");
        }
        const wide = [];
        let first = null;
        for (const [name, words] of Object.entries(errors)) {
            const control = FORM_WIDE.includes(name) ? null : this.el.querySelector(`#${name}`);
            if (control) {
                this.pointAt(control, words);
                first ||= control;
            } else {
                wide.push(words);
            }
        }
        if (errors.key) {
            // Another matter under the key of a report that is sent: a form of its own.
            this.el.elements.key.value = crypto.randomUUID();
        }
        this.say([_t("The report is not sent yet."), ...wide].join(" "));
        if (first) {
            this.showStep(this.stepOf(first));
            first.focus();
        }
    }

    pointAt(control, words) {
        const errorEl = document.createElement("p");
        errorEl.className = "o_civic_error o_civic_error_script";
        errorEl.id = `${control.id}_error`;
        errorEl.textContent = words;
        control.setAttribute("aria-invalid", "true");
        control.classList.add("is-invalid");
        const described = (control.getAttribute("aria-describedby") || "").split(" ");
        control.setAttribute(
            "aria-describedby",
            [...new Set([...described, errorEl.id])].join(" ").trim()
        );
        control.closest(".mb-3, .form-check").append(errorEl);
    }
}

registry.category("public.interactions").add("civic_report.send_form", CivicSendForm);
