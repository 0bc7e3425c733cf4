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
