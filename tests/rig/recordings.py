"""Recordings as encoders make them, and what players see and hear in them.

They are made by ``ffmpeg`` once for each run and hold what telephones, cameras and
programs note: names, places, dates, tags, pictures, tracks of words.
"""

import functools
import json
import subprocess
import tempfile
from pathlib import Path

MAKER = "CANARYMAKER"
PLACE = "+16.4636+107.5955/"
PICTURE = "testsrc2=size=96x64:rate=10:duration=1.5"
TONE = "sine=frequency=440:sample_rate=16000:duration=1.5"
TAGS = {
    "title": f"{MAKER} title",
    "artist": f"{MAKER} artist",
    "comment": f"{MAKER} comment",
    "make": MAKER,
    "model": MAKER,
    "location": PLACE,
    "creation_time": "2026-03-06T09:30:05Z",
    "encoder": MAKER,
    "encoded_by": MAKER,
}
H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-bf", "2")
AAC = ("-c:a", "aac", "-b:a", "48k")
VP9 = ("-c:v", "libvpx-vp9", "-cpu-used", "8", "-deadline", "realtime")
MOTION = ("-map", "0", "-map", "1")
SOUND = ("-map", "1")
# Name → (mimetype that it is taken for, arguments of ffmpeg).
RECIPES = {
    "moov-last.mp4": ("video/mp4", (*MOTION, *H264, *AAC)),
    "moov-first.mp4": (
        "video/mp4",
        (*MOTION, *H264, *AAC, "-movflags", "+faststart+use_metadata_tags"),
    ),
    "fragments.mp4": (
        "video/mp4",
        (*MOTION, *H264, *AAC, "-g", "5", "-movflags", "frag_keyframe+empty_moov"),
    ),
    "fragments-moof-base.mp4": (
        "video/mp4",
        (*MOTION, *H264, *AAC, "-g", "5", "-movflags", "dash+delay_moov"),
    ),
    "one-chunk.mp4": ("video/mp4", ("-map", "0", *H264)),
    "hevc.mp4": (
        "video/mp4",
        (
            "-map",
            "0",
            "-c:v",
            "libx265",
            "-preset",
            "ultrafast",
            "-tag:v",
            "hvc1",
            "-x265-params",
            "log-level=none",
        ),
    ),  # fmt: skip
    "av1.mp4": ("video/mp4", ("-map", "0", "-c:v", "libaom-av1", "-cpu-used", "8")),
    "edit-list.mp4": ("video/mp4", (*MOTION, *H264, *AAC, "-ss", "0.35")),
    "two-sounds.mp4": ("video/mp4", (*MOTION, "-map", "1", *H264, *AAC)),
    "words.mp4": (
        "video/mp4",
        (*MOTION, "-map", "2", *H264, *AAC, "-c:s", "mov_text"),
    ),
    "time-code.mov": (
        "video/quicktime",
        (*MOTION, *H264, *AAC, "-timecode", "09:30:05:00"),
    ),
    "camera.mov": ("video/quicktime", ("-map", "0", "-c:v", "mjpeg")),
    "sound.mov": ("video/quicktime", (*MOTION, *H264, "-c:a", "pcm_s16le")),
    "mulaw.mov": ("video/quicktime", (*SOUND, "-c:a", "pcm_mulaw")),
    "old.3gp": (
        "video/3gpp",
        ("-map", "0", "-c:v", "h263", "-s", "128x96", "-f", "3gp"),
    ),
    "telephone.3gp": ("video/3gpp", (*MOTION, *H264, *AAC, "-f", "3gp")),
    "voice.m4a": ("audio/mp4", (*SOUND, *AAC, "-f", "ipod")),
    "alac.m4a": ("audio/mp4", (*SOUND, "-c:a", "alac", "-f", "ipod")),
    "browser.webm": ("video/webm", (*MOTION, *VP9, "-c:a", "libopus")),
    "old.webm": (
        "video/webm",
        (*MOTION, "-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libvorbis"),
    ),
    "live.webm": (
        "video/webm",
        (*MOTION, *VP9, "-c:a", "libopus", "-f", "webm", "-live", "1"),
    ),
    "computer.mkv": ("video/x-matroska", (*MOTION, *H264, *AAC)),
    "words.mkv": (
        "video/x-matroska",
        (*MOTION, "-map", "2", *H264, "-c:a", "flac", "-c:s", "srt"),
    ),
    "vorbis.mkv": ("video/x-matroska", (*SOUND, "-c:a", "libvorbis")),
    "vorbis.ogg": ("audio/ogg", (*SOUND, "-c:a", "libvorbis")),
    "opus.ogg": ("audio/ogg", (*SOUND, "-c:a", "libopus")),
    "flac.ogg": ("audio/ogg", (*SOUND, "-c:a", "flac")),
    "cbr.mp3": (
        "audio/mpeg",
        (*SOUND, "-c:a", "libmp3lame", "-b:a", "64k", "-write_id3v1", "1"),
    ),
    "vbr.mp3": ("audio/mpeg", (*SOUND, "-c:a", "libmp3lame", "-q:a", "4")),
    "plain.wav": ("audio/wav", (*SOUND, "-c:a", "pcm_s16le")),
    "broadcast.wav": (
        "audio/wav",
        (
            *SOUND,
            "-c:a",
            "pcm_s16le",
            "-write_bext",
            "1",
            "-write_peak",
            "1",
            "-metadata",
            f"originator={MAKER}",
            "-metadata",
            "origination_date=2026-03-06",
        ),
    ),  # fmt: skip
    "adpcm.wav": ("audio/wav", (*SOUND, "-c:a", "adpcm_ima_wav")),
    "frames.aac": ("audio/aac", (*SOUND, *AAC, "-f", "adts", "-write_id3v2", "1")),
    "plain.flac": ("audio/flac", (*SOUND, "-c:a", "flac")),
}
WORDS = f"1\n00:00:00,000 --> 00:00:01,000\n{MAKER} N 16.4636 E 107.5955\n"


def run(*command, check=True):
    return subprocess.run(command, capture_output=True, check=check, timeout=120)


@functools.cache
def recording(name):
    """The bytes of a recording of `RECIPES`."""
    with tempfile.TemporaryDirectory() as folder:
        words = Path(folder, "words.srt")
        words.write_text(WORDS)
        made = Path(folder, name)
        noted = [f"{key}={value}" for key, value in TAGS.items()]
        run(
            *("ffmpeg", "-v", "error", "-y", "-bitexact"),
            *("-f", "lavfi", "-i", PICTURE, "-f", "lavfi", "-i", TONE, "-i", words),
            *RECIPES[name][1],
            *(part for note in noted for part in ("-metadata", note)),
            *("-metadata:s:0", f"title={MAKER}"),
            *("-metadata:s:0", f"handler_name={MAKER}"),
            made,
        )
        return made.read_bytes()


def changed_by_ffmpeg(data, suffix, *arguments):
    """The same recording, copied by ffmpeg with these arguments before its output."""
    with tempfile.TemporaryDirectory() as folder:
        before, after = Path(folder, f"a{suffix}"), Path(folder, f"b{suffix}")
        before.write_bytes(data)
        run(*("ffmpeg", "-v", "error", "-i", before), *arguments, after)
        return after.read_bytes()


def played(data, kinds="Va"):
    """What is seen and heard: the digest of every decoded frame of each stream, with
    its time; pictures on the cover are none."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        streams = [part for kind in kinds for part in ("-map", f"0:{kind}?")]
        done = run(
            *("ffmpeg", "-v", "error", "-copyts", "-i", file.name, *streams),
            *("-f", "framemd5", "-"),
        )
    return b"\n".join(
        row for row in done.stdout.splitlines() if not row.startswith(b"#software")
    )


def told(data, suffix):
    """What `exiftool` reads of a file: dict of group:tag → value."""
    with tempfile.NamedTemporaryFile(suffix=suffix) as file:
        file.write(data)
        file.flush()
        done = run(
            *("exiftool", "-json", "-a", "-G1", "-ee3", "-U", "-u"),
            *("-api", "largefilesupport=1", file.name),
            check=False,
        )
    (found,) = json.loads(done.stdout)
    return {
        tag: value
        for tag, value in found.items()
        if tag.partition(":")[0] not in ("System", "ExifTool", "SourceFile")
    }
