async function picture(name, colour) {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [64, 48];
    const context = canvas.getContext("2d");
    context.fillStyle = colour;
    context.fillRect(0, 0, canvas.width, canvas.height);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg"));
    return new File([blob], name, { type: blob.type });
}

/**
 * What a step runs to choose a picture in its file input.
 *
 * @param {string} name of the file
 * @param {string} colour of the picture, as CSS writes it
 */
export function choosePicture(name, colour) {
    return async function () {
        const chosen = new DataTransfer();
        chosen.items.add(await picture(name, colour));
        this.anchor.files = chosen.files;
        this.anchor.dispatchEvent(new Event("change", { bubbles: true }));
    };
}

/**
 * What a step runs to fill in its field for a day and time, which keyboards of tours
 * cannot reach.
 *
 * @param {string} moment such as 2026-08-28T16:20
 */
export function setMoment(moment) {
    return function () {
        this.anchor.value = moment;
        this.anchor.dispatchEvent(new Event("input", { bubbles: true }));
        this.anchor.dispatchEvent(new Event("change", { bubbles: true }));
    };
}

/**
 * Open a report's card on a board: on a wide screen from the column of its state, on a
 * telephone from the one list, whose cards say the state.
 *
 * @param {string} state as the board writes it
 * @param {string} subject of the report
 */
export const openCard = (state, subject) => [
    {
        isActive: ["desktop"],
        trigger: `.o_kanban_group:has(.o_column_title:contains(${state})) .o_kanban_record:contains(${subject})`,
        run: "click",
    },
    {
        isActive: ["mobile"],
        trigger: `.o_kanban_ungrouped .o_kanban_record:contains(${state}):contains(${subject})`,
        run: "click",
    },
];

/** Open a menu below one of the bar. */
export const chooseMenu = (section, menu) => [
    {
        trigger: `.o_menu_sections [data-menu-xmlid='civic_report.${section}']`,
        run: "click",
    },
    {
        trigger: `.o-dropdown--menu [data-menu-xmlid='civic_report.${menu}']`,
        run: "click",
    },
];

/** Open a report, or its assignment, from a list. */
export const openRow = (subject) => ({
    trigger: `.o_list_view .o_data_row:contains(${subject}) td[name='subject']`,
    run: "click",
});

/** Press the button of a form that bears this label. */
export const press = (label) => ({
    trigger: `.o_form_view .o_statusbar_buttons button:contains(/^${label}$/)`,
    run: "click",
});

/** Press the button of a dialog that does what it asks for. */
export const confirm = {
    trigger: ".modal footer button[name='action_confirm']",
    run: "click",
};

/** Choose an agency in a dialog's field for several. */
export const chooseAgency = (name) => [
    {
        trigger: ".modal .o_field_widget[name='agency_ids'] input",
        run: `edit ${name}`,
    },
    {
        trigger: `.o-autocomplete--dropdown-item > a:contains(/^${name}$/)`,
        run: "click",
    },
    {
        trigger: `.modal .o_field_widget[name='agency_ids'] .o_tag:contains(${name})`,
    },
];

/** Wait for the state that an act brings; a telephone shows that one alone. */
export const waitForState = (state) => [
    {
        isActive: ["desktop"],
        trigger: `.o_statusbar_status .o_arrow_button_current:contains(${state})`,
    },
    {
        isActive: ["mobile"],
        trigger: `.o_statusbar_status button:visible:contains(${state})`,
    },
    { trigger: "body:not(:has(.modal))" },
];
