"""Recordings: nobody hears or sees a difference, and nobody is told who made them."""

import re
import struct
from unittest.mock import patch

from ...tools import media
from ...tools.media import (
    iso,
    iso_samples,
    iso_tree,
    jpeg,
    matroska,
    mpeg,
    ogg,
    riff,
)
from ...tools.media import (
    recording as cleaning,
)
from ..rig import recordings
from ..rig.asked import trial
from ..rig.media import MP3, MediaCase, box, element, ogg_page, wav, webm
from ..rig.media import recording as small_recording
from ..rig.recordings import MAKER, RECIPES, changed_by_ffmpeg, played, recording, told

# What nothing that is stored may tell: a maker, a person, a place, a time.
TELLS = re.compile(rf"{MAKER}|2026|16\.46|107\.59|16 deg|Lav[cf]|x26[45]")
# Tags that hold numbers alone, in which such a word is found by chance, or that are the
# coded pictures' own.
NO_WORDS = re.compile(r"UID|Duration|DataOffset|DataSize|Seek|Cue|User.*Unregistered")
CANARY = b"CANARY-0912345678"
MB = 1024 * 1024


def cleaned(data):
    return media.clean_recording(data, media.inspect(data).mimetype)


def boxes_of(data, start=0, end=None):
    return [
        (name, start, inside, end)
        for name, start, inside, end in media.kinds.iso_boxes(
            data, start, len(data) if end is None else end
        )
    ]


def with_wide_boxes(data):
    """The same recording, its index last, with lengths and offsets of 64 bits."""
    names = [name for name, *_places in boxes_of(data)]
    assert names.index(b"mdat") < names.index(b"moov")
    made, moved = b"", 0
    for name, start, inside, end in boxes_of(data):
        body = data[inside:end]
        if name == b"mdat":
            made += struct.pack(">I4sQ", 1, b"mdat", len(body) + 16) + body
            moved = 8
        elif name == b"moov":
            made += box(b"moov", _widened(body, moved))
        else:
            made += data[start:end]
    return made


def _widened(body, moved):
    made = b""
    for name, start, inside, end in boxes_of(body):
        part = body[inside:end]
        if name in (b"trak", b"mdia", b"minf", b"stbl"):
            made += box(name, _widened(part, moved))
        elif name == b"stco":
            (count,) = struct.unpack_from(">I", part, 4)
            offsets = struct.unpack_from(f">{count}I", part, 8)
            wide = struct.pack(f">{count}Q", *(offset + moved for offset in offsets))
            made += box(b"co64", part[:8] + wide)
        else:
            made += body[start:end]
    return made


@trial("files")
class TestRealRecordings(MediaCase):
    """Every kind, made by real encoders, decoded before and after."""

    def assertUntouched(self, data, mimetype, suffix):
        """It plays as before and tells nothing; return it."""
        self.assertEqual(media.inspect(data).mimetype, mimetype)
        result = cleaned(data)
        frames = played(data)
        self.assertGreater(frames.count(b"\n"), 5)
        self.assertEqual(played(result), frames)
        self.assertNotIn(MAKER.encode(), result)
        for tag, value in told(result, suffix).items():
            if not NO_WORDS.search(tag):
                self.assertNotRegex(str(value), TELLS, tag)
        self.assertEqual(cleaned(result), result)
        return result

    def test_every_kind(self):
        for name, (mimetype, _arguments) in RECIPES.items():
            with self.subTest(name):
                data = recording(name)
                self.assertIn(MAKER.encode(), data)
                self.assertUntouched(data, mimetype, f".{name.rpartition('.')[2]}")

    def test_every_accepted_recording_is_tried(self):
        tried = {mimetype for mimetype, _arguments in RECIPES.values()}
        kinds = ("video", "audio")
        taken = {name for name, (kind, _end) in media.TYPES.items() if kind in kinds}
        # AMR has no room for notes, and Debian's ffmpeg does not write it.
        self.assertEqual(tried, taken - {"audio/amr"})
        self.assertEqual(set(cleaning.CLEANERS), taken - {"audio/amr"})

    def test_offsets_and_lengths_of_64_bits(self):
        for name in ("moov-last.mp4", "sound.mov", "hevc.mp4"):
            with self.subTest(name):
                data = with_wide_boxes(recording(name))
                self.assertEqual(played(data), played(recording(name)))
                mimetype = RECIPES[name][0]
                self.assertUntouched(data, mimetype, name[-4:])

    def test_a_box_that_seems_to_follow_a_long_length(self):
        """The offsets stand before a box of notes, and end with 00 00 00 01 ………."""
        data = recording("one-chunk.mp4")
        at = data.index(b"stco")
        self.assertEqual(data[at + 8 : at + 12], b"\0\0\0\1")
        self.assertUntouched(data, "video/mp4", ".mp4")

    def test_upright_stays_upright(self):
        for name in ("moov-last.mp4", "telephone.3gp", "camera.mov"):
            suffix = name[-4:]
            data = changed_by_ffmpeg(
                recording(name), suffix, "-c", "copy", "-metadata:s:v", "rotate=90"
            )
            result = self.assertUntouched(data, RECIPES[name][0], suffix)
            matrix = told(result, suffix)["Track1:MatrixStructure"]
            self.assertIn(matrix[:3], ("0 1", "0 -"))
            # ffmpeg turns it by the matrix when it decodes
            self.assertIn(b"64x96" if "3gp" not in name else b"x", played(result))

    def test_what_lies_between_the_samples_is_gone(self):
        """Dashboard cameras hide positions there, telephones small pictures."""
        data = recording("moov-last.mp4")
        (mdat,) = [row for row in boxes_of(data) if row[0] == b"mdat"]
        hidden = CANARY * 3
        end = mdat[3]
        longer = bytearray(data[:end] + hidden + data[end:])
        size = int.from_bytes(data[mdat[1] : mdat[1] + 4]) + len(hidden)
        longer[mdat[1] : mdat[1] + 4] = size.to_bytes(4)
        result = self.assertUntouched(bytes(longer), "video/mp4", ".mp4")
        self.assertNotIn(CANARY, result)

    def test_tracks_of_words_and_times_are_gone(self):
        for name in ("words.mp4", "time-code.mov", "words.mkv"):
            with self.subTest(name):
                data, result = recording(name), cleaned(recording(name))
                suffix = name[-4:]
                self.assertIn("Track3", {t[:6] for t in told(data, suffix)})
                self.assertNotIn("Track3", {t[:6] for t in told(result, suffix)})

    def test_positions_in_fragments_are_gone(self):
        """Of a track of positions the runs are blanked too."""
        words = ("-map", "0", "-map", "1", "-map", "2", *recordings.H264)
        fragments = ("-c:s", "mov_text", "-movflags", "frag_keyframe+empty_moov")
        fragmented = (*words, *recordings.AAC, "-g", "5", *fragments)
        with patch.dict(RECIPES, {"words-in-fragments.mp4": ("video/mp4", fragmented)}):
            data = recording("words-in-fragments.mp4")
        self.assertUntouched(data, "video/mp4", ".mp4")

    def test_what_was_told_is_read_first(self):
        for name in ("moov-last.mp4", "camera.mov", "telephone.3gp"):
            notes = media.recording_notes(recording(name), RECIPES[name][0])
            self.assertEqual(f"{notes['taken_at']:%Y-%m-%d %H:%M}", "2026-03-06 09:30")
            if name == "camera.mov":
                self.assertEqual(notes["latitude"], 16.4636)

    def test_cut_off_in_the_middle(self):
        """Taken or refused in words; what is taken plays as before."""
        for name, (mimetype, _arguments) in RECIPES.items():
            data = recording(name)
            for part in (0.05, 0.5, 0.95):
                cut = data[: int(len(data) * part)]
                with self.subTest(name=name, part=part):
                    try:
                        result = media.clean_recording(cut, media.inspect(cut).mimetype)
                    except media.MediaError:
                        continue
                    self.assertNotIn(MAKER.encode(), result, mimetype)


@trial("files")
class TestHarm(MediaCase):
    """A rewrite that changes what is played is not given out."""

    def harmed(self, name, harm):
        """Refused when its cleaner goes wrong in this way."""
        data = recording(name)
        mimetype = RECIPES[name][0]
        clean, essence = cleaning.CLEANERS[mimetype]
        wrong = {mimetype: (lambda raw: harm(clean(raw)), essence)}
        with patch.dict(cleaning.CLEANERS, wrong):
            return self.refused("changed", media.clean_recording, data, mimetype)

    def test_one_byte_of_sound_or_picture(self):
        for name in RECIPES:
            with self.subTest(name):
                data = recording(name)
                # Somewhere in the longest run of what is coded.
                result = cleaned(data)
                at = self.coded_at(name, result)
                self.harmed(
                    name,
                    lambda raw, at=at: raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :],
                )

    def coded_at(self, name, data):
        mimetype = RECIPES[name][0]
        if mimetype in media.ISO_MEDIA:
            root = iso_tree.parse(data, iso.KEPT)
            start, end = max(
                iso._sample_ranges(data, root, iso._played(data, root)),
                key=lambda place: place[1] - place[0],
            )
            return (start + end) // 2
        if "matroska" in mimetype or "webm" in mimetype:
            row = max(
                (
                    row
                    for row in matroska.elements(data)
                    if row.number in (matroska.SIMPLE_BLOCK, matroska.BLOCK_GROUP)
                ),
                key=lambda row: row.end - row.inside,
            )
            return (row.inside + row.end) // 2
        return len(data) * 2 // 3

    def test_the_index(self):
        def other_offsets(raw):
            at = raw.index(b"stco") + 12
            return raw[:at] + b"free" + raw[at + 4 :]

        def other_matrix(raw):
            at = raw.index(b"tkhd") + 44
            return raw[:at] + bytes(36) + raw[at + 36 :]

        def other_times(raw):
            at = raw.index(b"stts") + 12
            return raw[:at] + b"\0\0\0\1" + raw[at + 4 :]

        for harm in (other_offsets, other_matrix, other_times):
            self.harmed("moov-last.mp4", harm)
        self.harmed("browser.webm", lambda raw: raw[:-20])
        hertz = (b"\x80\x3e\0\0", b"\x40\x3e\0\0")
        self.harmed("plain.wav", lambda raw: raw.replace(*hertz))

    def test_what_plays_another_file(self):
        data = recording("camera.mov")
        at = data.index(b"dref") + 12
        other = data[: at + 8] + bytes(4) + data[at + 12 :]
        self.assertEqual(data[at + 8 : at + 12], b"\0\0\0\1")
        self.refused("changed", media.clean_recording, other, "video/quicktime")

    def test_too_many_boxes(self):
        many = small_recording(b"mp42") + box(b"free") * 300
        media.clean_recording(many, "video/mp4")
        with patch.object(iso_tree, "MAX_BOXES", 300):
            self.refused("changed", media.clean_recording, many, "video/mp4")

    def test_tables_that_promise_more_than_they_hold(self):
        """Neither memory nor time goes by what a header says."""
        data = recording("moov-last.mp4")
        for name in (b"stsz", b"stco", b"stsc", b"stts"):
            at = data.index(name) + 8 + (4 if name == b"stsz" else 0)
            for count in (b"\xff\xff\xff\xff", b"\0\0\0\0", b"\0\1\0\0"):
                with self.subTest(name=name, count=count):
                    wrong = data[:at] + count + data[at + 4 :]
                    try:
                        result = media.clean_recording(wrong, "video/mp4")
                    except media.MediaError:
                        continue
                    self.assertEqual(len(result), len(data))


class TestNotes(MediaCase):
    """What real encoders do not write, but others do."""

    def test_boxes_of_notes_become_empty_space(self):
        place = box(b"\xa9xyz", b"+16.4636+107.5955/" + CANARY)
        large = struct.pack(">I4sQ", 1, b"uuid", 16 + len(CANARY)) + CANARY
        data = (
            small_recording(
                b"NIKO",
                box(b"mvhd", bytes(100)),
                box(b"udta", place),
                box(b"meta", CANARY),
                box(b"abcd", CANARY),
            )
            + box(b"free", CANARY)
            + box(b"gps ", CANARY)
            + large
        )
        for mimetype in media.ISO_MEDIA:
            result = media.clean_recording(data, mimetype)
            self.assertEqual(len(result), len(data))
            self.assertNotIn(CANARY, result)
            self.assertNotIn(b"NIKO", result)
            self.assertEqual(result.count(b"free"), 6)
            self.assertEqual(media.clean_recording(result, mimetype), result)

    def test_matroska(self):
        cluster = element(b"\x1f\x43\xb6\x75", element(b"\xe7", b"\0"))
        tags = element(b"\x12\x54\xc3\x67", CANARY)
        info = element(b"\x15\x49\xa9\x66", element(b"\x7b\xa9", CANARY))
        attached = element(b"\x19\x41\xa4\x69", CANARY)
        chapters = element(b"\x10\x43\xa7\x70", CANARY)
        unknown = element(b"\x11\x22\x33\x44", CANARY) + element(b"\xec", CANARY)
        short = b"\x7b\xa9\x83CAN"
        live = b"\x1f\x43\xb6\x75\x01" + b"\xff" * 7 + element(b"\xe7", b"\1")
        for data in (
            webm(info, tags, cluster, attached, chapters, unknown),
            webm(cluster, element(b"\x15\x49\xa9\x66", short), live, tags),
        ):
            result = media.clean_recording(data, "video/webm")
            self.assertEqual(len(result), len(data))
            self.assertNotIn(b"CAN", result)
            self.assertEqual(result.index(cluster), data.index(cluster))
            self.assertEqual(media.inspect(result).mimetype, "video/webm")
            self.assertEqual(media.clean_recording(result, "video/webm"), result)
        endless = webm(b"\x12\x54\xc3\x67\x01" + b"\xff" * 7 + CANARY)
        for data in (webm() + b"\x00", endless):
            self.refused("changed", media.clean_recording, data, "video/webm")

    def test_ogg_checksums_are_right(self):
        for name in ("vorbis.ogg", "opus.ogg", "flac.ogg"):
            result = cleaned(recording(name))
            for page in ogg.pages(result):
                blank = bytearray(result[page.start : page.end])
                crc = bytes(blank[22:26])
                blank[22:26] = bytes(4)
                self.assertEqual(ogg.checksum(blank), crc)

    def test_ogg_comments_over_many_pages(self):
        comment = b"GEO_LOCATION=" + CANARY * 30
        row = struct.pack("<I", len(comment)) + comment
        packet = b"OpusTags" + bytes(4) + struct.pack("<I", 1) + row
        data = ogg_page(b"OpusHead" + bytes(11)) + ogg_page(packet[:510], whole=False)
        data += ogg_page(packet[510:]) + ogg_page(b"sound")
        result = media.clean_recording(data, "audio/ogg")
        self.assertNotIn(CANARY, result)
        self.assertEqual((len(result), result[-5:]), (len(data), b"sound"))
        cut = ogg_page(b"OpusHead") + ogg_page(packet[:510], whole=False)
        self.refused("changed", media.clean_recording, cut, "audio/ogg")

    def test_other_streams_of_an_ogg_are_left_out(self):
        lyrics = ogg_page(b"\x80kate" + CANARY, serial=2)
        data = recording("vorbis.ogg")
        first = next(ogg.pages(data))
        mixed = data[: first.end] + lyrics + data[first.end :] + CANARY
        self.assertEqual(cleaned(mixed), cleaned(data))

    def test_chunks_of_a_wav(self):
        sound = (b"data", b"sound")
        notes = [(name, CANARY) for name in (b"LIST", b"JUNK", b"id3 ", b"iXML")]
        data = wav(*notes, (b"fmt ", bytes(16)), *notes, sound, *notes)
        result = media.clean_recording(data, "audio/wav")
        self.assertNotIn(CANARY, result)
        self.assertEqual(riff.essence_wav(result), [(b"fmt ", bytes(16)), sound])

    def test_a_wav_whose_recorder_did_not_come_back(self):
        data = wav((b"fmt ", bytes(16)), (b"data", b"12345678"))
        for size in (b"\0\0\0\0", b"\xff\xff\xff\xff"):
            open_ended = data.replace(b"\x08\0\0\0" + b"1234", size + b"1234")
            result = media.clean_recording(open_ended, "audio/wav")
            self.assertEqual(result, data)
        self.refused(
            "changed", media.clean_recording, wav((b"fmt ", bytes(16))), "audio/wav"
        )

    def test_tags_of_an_mp3(self):
        size = bytes([0, 0, 1, 0])
        tag = b"ID3\x04\x00\x00" + size + CANARY.ljust(128)
        old = b"TAG" + CANARY.ljust(125)
        ape = CANARY.ljust(40) + b"APETAGEX" + struct.pack("<II", 2000, 72)
        headed = b"APETAGEX" + bytes(24) + ape + bytes(3) + b"\x80" + bytes(8)
        ape += bytes(16)
        lyrics = b"LYRICSBEGININD0000" + CANARY + b"000042LYRICS200"
        first_lyrics = b"LYRICSBEGIN" + CANARY + b"LYRICSEND"
        appended = tag + b"3DI\x04\x00\x10" + size
        for data in (
            tag + MP3,
            MP3 + old,
            tag + tag + MP3 + ape + old,
            MP3 + headed,
            MP3 + lyrics + old,
            MP3 + first_lyrics + old,
            MP3 + appended,
            tag + MP3[: 417 * 5] + tag + MP3[417 * 5 :],
            tag + bytes(100) + MP3 + CANARY,
            # Recordings that were joined.
            tag + MP3[: 417 * 5] + old + tag + MP3[417 * 5 :],
            MP3[: 417 * 5] + lyrics + old + MP3[417 * 5 :],
            MP3[: 417 * 5] + bytes(9) + ape + MP3[417 * 5 :],
        ):
            self.assertEqual(media.clean_recording(data, "audio/mpeg"), MP3)
        self.refused("changed", media.clean_recording, tag, "audio/mpeg")

    def test_tags_behind_a_flac(self):
        sound = recording("plain.flac")
        clean = media.clean_recording(sound, "audio/flac")
        ape = CANARY.ljust(40) + b"APETAGEX" + struct.pack("<II", 2000, 72) + bytes(16)
        old = b"TAG" + CANARY.ljust(125)
        for tags in (ape, old, ape + old):
            result = media.clean_recording(sound + tags, "audio/flac")
            self.assertEqual(result, clean)

    def test_what_begins_like_sound(self):
        for data in (b"\xff\xfb\x90\x00", b"ID3\x04\0\0\0\0\0\0" + b"text " * 90):
            self.assertIsNone(mpeg.frame_type(data, mpeg.tags_end(data)))
        for junk in (b"\xff", b"ID3", b"ID3\xff" + bytes(9), b"APETAGEX", b"TAG"):
            self.assertIsNone(mpeg.frame_type(junk, mpeg.tags_end(junk)))

    def test_packed_sizes_of_samples(self):
        """Four bits for each sample (ISO/IEC 14496-12, 8.7.3.3)."""
        table = box(b"stz2", bytes(4), b"\0\0\0\4", struct.pack(">I", 3), b"\x12\x30")
        root = iso_tree.parse(table, {b"": frozenset({b"stz2"})})
        self.assertEqual(iso_samples._sizes(table, root), (0, (1, 2, 3)))

    def test_segments_of_a_jpeg(self):
        self.assertFalse(jpeg.has_end(b"\xff\xd8"))
