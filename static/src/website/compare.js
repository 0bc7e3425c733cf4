import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/**
 * Lays the picture after the work over the one before it, behind a line that is moved
 * by finger, mouse or keyboard. Without it the two pictures stand side by side.
 */
export class CivicCompare extends Interaction {
    static selector = ".o_civic_compare";
    dynamicContent = {
        _root: {
            "t-att-class": () => ({ o_civic_compare_on: true }),
            "t-att-style": () => ({ "--civic-cut": `${this.cut}%` }),
        },
        "input[type='range']": {
            "t-on-input": this.move,
            "t-att-class": () => ({ "d-none": false }),
            "t-att-aria-valuetext": () => _t("%s percent", this.cut),
        },
    };

    setup() {
        // Going back in the browser keeps where the line was.
        this.cut = this.el.querySelector("input").value;
    }

    move(ev) {
        this.cut = ev.currentTarget.value;
    }
}

registry.category("public.interactions").add("civic_report.compare", CivicCompare);
