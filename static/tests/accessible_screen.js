/**
 * Let axe-core look at a screen of the web client as it stands. Run by
 * tests/leadership/test_leader_screens.py.
 */
const AXE = "/civic_report/static/tests/lib/axe-core/axe.min.js";
const RULES = {
    type: "tag",
    values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
};

const found = async (selector) => {
    for (let tries = 0; tries < 300; tries++) {
        const element = document.querySelector(selector);
        if (element) {
            return element;
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`in vain: ${selector}`);
};

/**
 * @param {string} selector of the screen
 * @param {string[]} parts that have to be drawn before one looks
 * @returns {Promise<string[]>} what is wrong, and where
 */
export async function look(selector, parts) {
    const screen = await found(selector);
    for (const part of parts) {
        await found(part);
    }
    await new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = AXE;
        script.addEventListener("load", resolve);
        script.addEventListener("error", reject);
        document.head.append(script);
    });
    await document.fonts.ready;
    const { violations } = await window.axe.run(screen, {
        runOnly: RULES,
        resultTypes: ["violations"],
    });
    const faults = violations.flatMap((rule) =>
        rule.nodes.map((node) => `${rule.id} (${rule.help}): ${node.target.join(" ")}: ${node.html}`)
    );
    if (screen.scrollWidth > screen.clientWidth + 1) {
        faults.push(`the screen is ${screen.scrollWidth} pixels wide and has to be scrolled sideways`);
    }
    return faults;
}
