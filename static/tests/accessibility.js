/**
 * Load pages of the site in frames as wide as a phone and as a desk's screen, and let
 * axe-core look at each. Run by tests/test_accessibility.py.
 */
const AXE = "/civic_report/static/tests/lib/axe-core/axe.min.js";
// WCAG 2.2 AA, and what axe holds for good practice in landmarks and headings.
const RULES = {
    type: "tag",
    values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
};

const loaded = (frame) =>
    new Promise((resolve, reject) => {
        frame.addEventListener("load", resolve, { once: true });
        frame.addEventListener("error", reject, { once: true });
    });

async function open(path, width) {
    const frame = document.createElement("iframe");
    frame.style = `width: ${width}px; height: 800px; border: 0; display: block`;
    frame.title = path;
    document.body.replaceChildren(frame);
    const done = loaded(frame);
    frame.src = path;
    await done;
    return frame;
}

/** Fill in and send the form of a page, past the browser's own checks. */
async function submit(frame, selector, values) {
    const form = frame.contentDocument.querySelector(selector);
    for (const [name, value] of Object.entries(values)) {
        form.elements[name].value = value;
    }
    const done = loaded(frame);
    frame.contentWindow.HTMLFormElement.prototype.submit.call(form);
    await done;
}

const found = async (find) => {
    for (let tries = 0; tries < 300; tries++) {
        const result = find();
        if (result) {
            return result;
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`in vain: ${find}`);
};

/** Go on to a step of the form for sending, as somebody in danger: few things are asked. */
async function goToStep(frame, number) {
    const page = frame.contentDocument;
    const isAt = (step) => page.querySelector(`.o_civic_progress li:nth-child(${step})[aria-current]`);
    await found(() => isAt(1));
    page.querySelector("#danger").click();
    for (let step = 1; step < number; step++) {
        for (const name of ["address", "subject", "description"]) {
            page.getElementById(name).value = "Trước số 10 Lê Lợi";
        }
        await found(() => {
            // Clicked again while the page's script still starts.
            page.querySelector(".o_civic_next_step").click();
            return isAt(step + 1);
        });
    }
}

async function look(frame, width) {
    const page = frame.contentWindow;
    await new Promise((resolve, reject) => {
        const script = page.document.createElement("script");
        script.src = AXE;
        script.addEventListener("load", resolve);
        script.addEventListener("error", reject);
        page.document.head.append(script);
    });
    await page.document.fonts.ready;
    // The footer is whatever the province writes into it.
    const { violations } = await page.axe.run(
        { exclude: ["#footer", ".o_footer_copyright"] },
        { runOnly: RULES, resultTypes: ["violations"] }
    );
    const faults = violations.flatMap((rule) =>
        rule.nodes.map((node) => `${rule.id} (${rule.help}): ${node.target.join(" ")}: ${node.html}`)
    );
    const wide = page.document.documentElement.scrollWidth;
    if (wide > width) {
        faults.push(`the page is ${wide} pixels wide and has to be scrolled sideways`);
    }
    return faults;
}

/**
 * @param {{path: string, form?: string, values?: Object, step?: number}[]} pages
 * @param {number[]} widths in pixels
 * @returns {Promise<string[]>} what is wrong, and where
 */
export async function inspect(pages, widths) {
    const told = [];
    for (const { path, form, values, step } of pages) {
        for (const width of widths) {
            const frame = await open(path, width);
            if (form) {
                await submit(frame, form, values);
            }
            if (step) {
                await goToStep(frame, step);
            }
            const faults = await look(frame, width);
            told.push(...faults.map((fault) => `${path} at ${width}: ${fault}`));
        }
    }
    return told;
}
