import { _t } from "@web/core/l10n/translation";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

const SKETCH = [
    ...["subject", "description", "address", "category_id", "ward_id"],
    ...["latitude", "longitude"],
];

const el = (tag, values = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), values);
    made.append(...children);
    return made;
};

/** What has been written so far, as helpers of the form are asked about it. */
const sketchOf = (form) =>
    Object.fromEntries(SKETCH.map((name) => [name, form.elements[name]?.value || ""]));

/**
 * What is wrong: a category suggested by the words, its questions, and reports that may
 * be about the same. None of them is needed to go on.
 */
export class CivicSendMatter extends Interaction {
    static selector = "#civic_form .o_civic_matter";
    dynamicContent = {
        "#subject": { "t-on-input": this.debounced(this.suggest, 700) },
        "#description": { "t-on-input": this.debounced(this.suggest, 900) },
        "#category_id": { "t-on-change": this.onCategory },
        ".o_civic_suggestion": { "t-att-class": () => ({ "d-none": !this.suggested }) },
        ".o_civic_suggestion_words": { "t-out": () => this.suggestionWords },
        ".o_civic_suggestion_use": {
            "t-on-click": this.useSuggestion,
            "t-att-class": () => ({ "d-none": !this.suggested?.accepted }),
        },
        ".o_civic_offers_found": { "t-att-class": () => ({ "d-none": !this.offers.length }) },
    };

    setup() {
        this.form = this.el.closest("form");
        this.offers = [];
        this.suggested = null;
    }

    start() {
        this.addListener(this.form, "civic_ask_duplicates", ({ detail }) =>
            detail(this.askDuplicates())
        );
        this.addListener(this.form, "civic_show_duplicates", ({ detail }) =>
            this.showOffers(detail)
        );
        this.addListener(this.form, "civic_draft", ({ detail }) => this.askQuestions(detail));
    }

    get category() {
        return this.form.elements.category_id;
    }

    async ask(path) {
        try {
            return await this.waitFor(rpc(path, sketchOf(this.form), { silent: true }));
        } catch {
            return null; // no connection: the form goes on without help
        }
    }

    // --- category ------------------------------------------------------------

    async suggest() {
        const found = await this.ask("/phan-anh/gui/goi-y");
        const isNew = found?.category_id && String(found.category_id) !== this.category.value;
        this.suggested = isNew ? found : null;
        this.updateContent();
    }

    get suggestionWords() {
        if (!this.suggested) {
            return "";
        }
        const { name, reason, accepted, guidance, is_emergency } = this.suggested;
        if (!accepted) {
            return _t("%(name)s, %(reason)s: %(guidance)s", { name, reason, guidance });
        }
        return is_emergency
            ? _t("“%(name)s”? %(reason)s. If somebody is in danger, call 113, 114 or 115 first.", {
                  name,
                  reason,
              })
            : _t("“%(name)s”? %(reason)s.", { name, reason });
    }

    useSuggestion() {
        this.category.value = this.suggested.category_id;
        this.suggested = null;
        this.category.dispatchEvent(new Event("change", { bubbles: true }));
        this.category.focus();
    }

    onCategory() {
        this.suggested = null;
        return this.askQuestions();
    }

    /** @param {Object} [answers] by name of the control, to fill in */
    async askQuestions(answers = {}) {
        const query = new URLSearchParams({ category: this.category.value });
        const questionsEl = this.el.querySelector("#questions");
        try {
            const answer = await this.waitFor(fetch(`/phan-anh/gui/cau-hoi?${query}`));
            if (!answer.ok) {
                return;
            }
            const page = new DOMParser().parseFromString(
                await this.waitFor(answer.text()),
                "text/html"
            );
            questionsEl.replaceChildren(...page.body.children);
        } catch {
            return; // no connection: the server says what is missing
        }
        for (const control of questionsEl.querySelectorAll("[name]")) {
            const value = answers[control.name];
            if (value !== undefined) {
                control.type === "checkbox" ? (control.checked = true) : (control.value = value);
            }
        }
    }

    // --- duplicates ----------------------------------------------------------

    /** @returns {Promise<boolean>} whether something new is offered */
    async askDuplicates() {
        const found = await this.ask("/phan-anh/gui/trung");
        if (!found) {
            return false;
        }
        this.form.elements.seen_duplicates.value = "1";
        const known = this.offers.map((row) => row.code);
        const isNew = found.some((row) => !known.includes(row.code));
        this.showOffers(found);
        return isNew;
    }

    showOffers(rows) {
        this.offers = rows;
        this.form.elements.seen_duplicates.value = "1";
        this.el
            .querySelector(".o_civic_offers_found ul")
            .replaceChildren(...rows.map((row) => this.offer(row)));
        this.updateContent();
        if (rows.length) {
            this.el.querySelector(".o_civic_offers_found").focus();
        }
    }

    offer(row) {
        const facts = [row.code, row.place, row.distance, row.state].filter(Boolean).join(" · ");
        const rowEl = el("li");
        if (row.picture) {
            rowEl.append(el("img", { src: `${row.picture}?size=480`, alt: "" }));
        }
        rowEl.append(
            el(
                "div",
                {},
                el("strong", { textContent: row.subject }),
                el("div", { className: "text-muted", textContent: facts }),
                el("a", {
                    href: row.path,
                    target: "_blank",
                    rel: "noopener",
                    textContent: _t("Follow this one instead (opens in a new tab)"),
                })
            )
        );
        return rowEl;
    }
}

registry.category("public.interactions").add("civic_report.send_matter", CivicSendMatter);
