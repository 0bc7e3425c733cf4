/**
 * Large pictures are made smaller on the device before they are sent: over a slow network
 * 50 MB do not arrive. What a camera noted (EXIF: when, where, with what) goes with the
 * picture, as with one that is sent as it is; the site takes it off before anybody sees it.
 */
import { readHead } from "./exif_gps";

// The site itself shows 2560 pixels; this leaves enough to read a licence plate by.
export const LONGEST_SIDE = 4096;
export const QUALITY = 0.85;
// Below these a picture is small enough as it is: bytes, and bytes for each pixel.
const SMALL = 1.5 * 1024 * 1024;
const DENSE = 0.4;
// A result that saves less is not worth the loss.
const WORTH = 0.8;
// To decode a picture takes four bytes for each pixel: what a telephone has room for.
const MOST_PIXELS = 120e6;
const MOST_PIXELS_SMALL_DEVICE = 50e6;
const SMALL_DEVICE = 2; // GB of memory
// Those that are pictures of cameras or screens; others are sent as they are (HEIC is
// small already and would lose what its camera noted).
const KINDS = ["image/jpeg", "image/png", "image/webp"];

/**
 * @param {File} file
 * @returns {Promise<File>} a smaller JPEG of the same picture, or the file itself where
 *      that is small, is no picture, or cannot be decoded here
 */
export async function shrinkPicture(file) {
    if (!KINDS.includes(file.type) || file.size < SMALL) {
        return file;
    }
    try {
        const head = file.type === "image/jpeg" ? await readHead(file) : null;
        if (head && !isLarge(file, head)) {
            return file;
        }
        const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
        try {
            if (!head && Math.max(bitmap.width, bitmap.height) <= LONGEST_SIDE) {
                return file;
            }
            return smaller(file, await drawn(bitmap), head?.exif);
        } finally {
            bitmap.close();
        }
    } catch {
        return file; // the site decodes more than a browser does
    }
}

function isLarge(file, { width, height }) {
    const isSmallDevice = navigator.deviceMemory && navigator.deviceMemory <= SMALL_DEVICE;
    const pixels = width * height;
    if (pixels > (isSmallDevice ? MOST_PIXELS_SMALL_DEVICE : MOST_PIXELS)) {
        return false;
    }
    return Math.max(width, height) > LONGEST_SIDE || file.size / pixels > DENSE;
}

/** The picture as a JPEG, its longer side at most `LONGEST_SIDE`. */
function drawn(bitmap) {
    const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(bitmap.width * scale);
    canvas.height = Math.round(bitmap.height * scale);
    const context = canvas.getContext("2d");
    context.imageSmoothingQuality = "high";
    context.fillStyle = "white"; // behind what is transparent
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return new Promise((resolve) =>
        canvas.toBlob(
            (blob) => {
                canvas.width = canvas.height = 0; // Safari keeps the memory else
                resolve(blob);
            },
            "image/jpeg",
            QUALITY
        )
    );
}

/** The smaller one with what the camera noted, if it is worth it. */
function smaller(file, blob, exif) {
    if (!blob || blob.size > WORTH * file.size) {
        return file;
    }
    const parts = exif ? [blob.slice(0, 2), exif, blob.slice(2)] : [blob];
    const name = file.name.replace(/\.[^.]*$/, "") + ".jpg";
    return new File(parts, name, { type: "image/jpeg", lastModified: file.lastModified });
}
