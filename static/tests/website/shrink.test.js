import { describe, expect, test } from "@odoo/hoot";

import { readHead, readPosition } from "@civic_report/website/send/exif_gps";
import { LONGEST_SIDE, shrinkPicture } from "@civic_report/website/send/shrink";

describe.current.tags("headless");

/** Noise, which no encoder makes small, in colours that differ from left to right. */
async function noisy(width, height, type = "image/jpeg", side = 256) {
    const tile = document.createElement("canvas");
    Object.assign(tile, { width: side, height: Math.min(side, height) });
    const grain = tile.getContext("2d");
    const pixels = grain.createImageData(tile.width, tile.height);
    for (let at = 0; at < pixels.data.length; at += 4) {
        pixels.data.set([Math.random() * 255, Math.random() * 255, 128, 255], at);
    }
    grain.putImageData(pixels, 0, 0);
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const context = canvas.getContext("2d");
    context.fillStyle = context.createPattern(tile, "repeat");
    context.fillRect(0, 0, width, height);
    context.fillStyle = "red";
    context.fillRect(0, 0, width / 4, height);
    return new Promise((resolve) => canvas.toBlob(resolve, type, 0.95));
}

/** EXIF: turned by 90 degrees, taken at 16°30' N, 107°30' E. */
function exif() {
    const rational = (...numbers) => numbers.flatMap((number) => [0, 0, 0, number, 0, 0, 0, 1]);
    const entry = (tag, type, count, ...value) => [
        ...[tag >> 8, tag & 255, 0, type, 0, 0, 0, count],
        ...value,
    ];
    const tiff = [
        ...[0x4d, 0x4d, 0, 42, 0, 0, 0, 8],
        ...[0, 2, ...entry(0x0112, 3, 1, 0, 6, 0, 0), ...entry(0x8825, 4, 1, 0, 0, 0, 38)],
        ...[0, 0, 0, 0],
        ...[0, 4, ...entry(1, 2, 2, 78, 0, 0, 0), ...entry(2, 5, 3, 0, 0, 0, 92)],
        ...[...entry(3, 2, 2, 69, 0, 0, 0), ...entry(4, 5, 3, 0, 0, 0, 116)],
        ...[0, 0, 0, 0],
        ...rational(16, 30, 0),
        ...rational(107, 30, 0),
    ];
    const body = [0x45, 0x78, 0x69, 0x66, 0, 0, ...tiff];
    return new Uint8Array([0xff, 0xe1, 0, body.length + 2, ...body]);
}

test("a large photograph is made smaller and keeps what its camera noted", async () => {
    const blob = await noisy(5000, 3000);
    const file = new File([blob.slice(0, 2), exif(), blob.slice(2)], "IMG 1.JPEG", {
        type: "image/jpeg",
    });
    expect(await readHead(file)).toMatchObject({ width: 5000, height: 3000 });
    const smaller = await shrinkPicture(file);
    expect(smaller.size).toBeLessThan(file.size * 0.8);
    expect([smaller.name, smaller.type]).toEqual(["IMG 1.jpg", "image/jpeg"]);
    expect(await readPosition(smaller)).toEqual({ latitude: 16.5, longitude: 107.5 });
    // It stands upright now, and says so.
    const { width, height } = await readHead(smaller);
    expect([width, height]).toEqual([Math.round(LONGEST_SIDE * 0.6), LONGEST_SIDE]);
    const bitmap = await createImageBitmap(smaller);
    expect([bitmap.width, bitmap.height]).toEqual([width, height]);
    const canvas = new OffscreenCanvas(width, height);
    canvas.getContext("2d").drawImage(bitmap, 0, 0);
    const colour = (x, y) => [...canvas.getContext("2d").getImageData(x, y, 1, 1).data];
    expect(colour(width / 2, 20)[0]).toBeGreaterThan(200);
    expect(colour(width / 2, 20)[2]).toBeLessThan(60);
    // A draft that comes back is not made smaller once more.
    expect(await shrinkPicture(smaller)).toBe(smaller);
});

test("a large picture of a screen becomes a JPEG", async () => {
    const file = new File([await noisy(4500, 900, "image/png", 4500)], "screen.png", {
        type: "image/png",
    });
    const smaller = await shrinkPicture(file);
    expect([smaller.name, smaller.type]).toEqual(["screen.jpg", "image/jpeg"]);
    expect(smaller.size).toBeLessThan(file.size);
});

test("what is small, no picture or not to be decoded is sent as it is", async () => {
    const bytes = new Uint8Array(2 * 1024 * 1024);
    const small = await noisy(300, 200);
    for (const file of [
        new File([small], "small.jpg", { type: "image/jpeg" }),
        new File([bytes], "broken.jpg", { type: "image/jpeg" }),
        new File([bytes], "broken.png", { type: "image/png" }),
        new File([bytes], "apple.heic", { type: "image/heic" }),
        new File([bytes], "film.mp4", { type: "video/mp4" }),
        new File([await noisy(2000, 1500, "image/png")], "page.png", { type: "image/png" }),
    ]) {
        expect(await shrinkPicture(file)).toBe(file, { message: file.name });
    }
});
