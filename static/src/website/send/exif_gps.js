/**
 * Where a picture was taken, as its camera wrote it (EXIF): read on the device, so that
 * who sends it sees the place and can remove it.
 */

const JPEG = 0xffd8;
const APP1 = 0xffe1;
const START_OF_FRAME = 0xffc0; // to 0xffcf, but for tables and what is reserved
const NO_FRAME = [0xffc4, 0xffc8, 0xffcc];
const START_OF_SCAN = 0xffda;
const EXIF = 0x45786966; // "Exif"
const LITTLE_ENDIAN = 0x4949;
const GPS_DIRECTORY = 0x8825;
const ORIENTATION = 0x0112;
const RATIONAL = 5;
const TAGS = { latitudeRef: 1, latitude: 2, longitudeRef: 3, longitude: 4 };
// What cameras write about a picture stands in its first part.
const HEAD = 256 * 1024;

/**
 * @param {Blob} file
 * @returns {Promise<{latitude: number, longitude: number}|null>} null where nothing
 *      sensible is written
 */
export async function readPosition(file) {
    try {
        const head = await file.slice(0, HEAD).arrayBuffer();
        return positionOf(new DataView(head));
    } catch {
        // Cut short, or not what it says: a picture without a place.
        return null;
    }
}

/**
 * What a JPEG says before its pixels.
 *
 * @param {Blob} file
 * @returns {Promise<{width: number, height: number, exif: Uint8Array|null}|null>} the size
 *      as it is coded; its EXIF part, for a picture that stands upright already; null for
 *      what is no JPEG
 */
export async function readHead(file) {
    try {
        const view = new DataView(await file.slice(0, HEAD).arrayBuffer());
        let exif = null;
        for (const { marker, at, end } of segments(view)) {
            if (marker === APP1 && view.getUint32(at + 4) === EXIF && end <= view.byteLength) {
                exif = uprightExif(view, at, end);
            } else if (marker >> 4 === START_OF_FRAME >> 4 && !NO_FRAME.includes(marker)) {
                return { height: view.getUint16(at + 5), width: view.getUint16(at + 7), exif };
            }
        }
        return null;
    } catch {
        return null;
    }
}

/** A copy of an EXIF part that says of the picture that it stands upright. */
function uprightExif(view, at, end) {
    const copy = new Uint8Array(view.buffer.slice(at, end));
    const tiff = at + 10;
    const little = view.getUint16(tiff) === LITTLE_ENDIAN;
    const first = tiff + view.getUint32(tiff + 4, little);
    const entry = findEntry(view, tiff, first, little, ORIENTATION);
    if (entry !== null) {
        new DataView(copy.buffer).setUint16(entry - at + 8, 1, little);
    }
    return copy;
}

/** The segments of a JPEG up to its pixels. */
function* segments(view) {
    if (view.getUint16(0) !== JPEG) {
        return;
    }
    for (let at = 2; at + 10 <= view.byteLength; ) {
        const marker = view.getUint16(at);
        if (marker === START_OF_SCAN || marker >> 8 !== 0xff) {
            return;
        }
        const end = at + 2 + view.getUint16(at + 2);
        yield { marker, at, end };
        at = end;
    }
}

/** @param {DataView} view */
function positionOf(view) {
    const tiff = findTiff(view);
    if (tiff === null) {
        return null;
    }
    const little = view.getUint16(tiff) === LITTLE_ENDIAN;
    const first = view.getUint32(tiff + 4, little);
    const pointer = findEntry(view, tiff, tiff + first, little, GPS_DIRECTORY);
    if (pointer === null) {
        return null;
    }
    const directory = tiff + view.getUint32(pointer + 8, little);
    const entry = (tag) => findEntry(view, tiff, directory, little, tag);
    const degrees = (tag) => readDegrees(view, tiff, entry(tag), little);
    const sign = (tag, negative) =>
        String.fromCharCode(view.getUint8(entry(tag) + 8)) === negative ? -1 : 1;
    const latitude = degrees(TAGS.latitude) * sign(TAGS.latitudeRef, "S");
    const longitude = degrees(TAGS.longitude) * sign(TAGS.longitudeRef, "W");
    // Not a number compares as false; 0/0 is a camera that did not know.
    const isOnMap = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
    return isOnMap && (latitude || longitude) ? { latitude, longitude } : null;
}

/** Offset of the TIFF header inside the EXIF part of a JPEG, or null. */
function findTiff(view) {
    for (const { marker, at } of segments(view)) {
        if (marker === APP1 && view.getUint32(at + 4) === EXIF) {
            return at + 10;
        }
    }
    return null;
}

/** Offset of the entry of a tag in a directory, or null. */
function findEntry(view, tiff, directory, little, tag) {
    const count = view.getUint16(directory, little);
    for (let index = 0; index < count; index++) {
        const at = directory + 2 + 12 * index;
        if (view.getUint16(at, little) === tag) {
            return at;
        }
    }
    return null;
}

/** Degrees, minutes and seconds, each a fraction. */
function readDegrees(view, tiff, entry, little) {
    const isDegrees =
        entry !== null &&
        view.getUint16(entry + 2, little) === RATIONAL &&
        view.getUint32(entry + 4, little) === 3;
    if (!isDegrees) {
        return NaN;
    }
    const at = tiff + view.getUint32(entry + 8, little);
    const [degrees, minutes, seconds] = [0, 8, 16].map((offset) => {
        const denominator = view.getUint32(at + offset + 4, little);
        return denominator ? view.getUint32(at + offset, little) / denominator : NaN;
    });
    return degrees + minutes / 60 + seconds / 3600;
}
