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
 * @param {{path: string, form?: string, values?: Object}[]} pages
 * @param {number[]} widths in pixels
 * @returns {Promise<string[]>} what is wrong, and where
 */
export async function inspect(pages, widths) {
    const found = [];
    for (const { path, form, values } of pages) {
        for (const width of widths) {
            const frame = await open(path, width);
            if (form) {
                await submit(frame, form, values);
            }
            const faults = await look(frame, width);
            found.push(...faults.map((fault) => `${path} at ${width}: ${fault}`));
        }
    }
    return found;
}
