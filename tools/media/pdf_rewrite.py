"""Write a PDF anew from standard input to standard output, without its makers.

A program of its own, so that a malicious file can neither fill the memory of a worker
nor stop it: see :mod:`.pdf`. It exits with one of the codes below.
"""

import hashlib
import io
import sys

import pikepdf
from jpeg import strip
from jpx import blank
from pikepdf import Array, Dictionary, Name, Stream, StreamDecodeLevel

DONE, LOCKED, BROKEN, CHANGED = 0, 3, 4, 5

# Of the catalogue: what tells of the file and of who handled it, and what acts.
OF_ROOT = (
    *("/Metadata", "/OpenAction", "/AA", "/AF", "/Collection", "/Perms", "/DSS"),
    *("/Legal", "/SpiderInfo", "/URI", "/PieceInfo", "/Requirements", "/Threads"),
    *("/LastModified", "/Extensions"),
)
OF_NAMES = (
    *("/JavaScript", "/EmbeddedFiles", "/Renditions", "/AlternatePresentations"),
    *("/URLS", "/IDS"),
)
# Actions that run something or reach out; links and jumps within the file stay.
ACTIONS = frozenset(
    (
        *("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE"),
        *("/Rendition", "/Sound", "/Movie", "/RichMediaExecute", "/GoTo3DView"),
    )
)
OF_ANNOTATION = (
    *("/M", "/CreationDate", "/NM", "/RC", "/FS", "/Sound", "/Movie"),
    *("/RichMediaContent", "/RichMediaSettings", "/3DD", "/ExData", "/AA"),
)
# Of anything else: a program's own data, a small picture, dates, names of files.
OF_ANY = ("/PieceInfo", "/LastModified", "/Thumb", "/OPI", "/EF", "/RF", "/AF")
SIGNATURES = ("/Sig", "/DocTimeStamp")
PICTURES = {"/DCTDecode": strip, "/JPXDecode": blank}


def rewrite(pdf, before):
    """
    :param before: what `_pages` said
    :raise ValueError: its pages would not have stayed the same.
    """
    _clean_root(pdf)
    for found in pdf.objects:
        _clean_below(pdf, found)
    written = io.BytesIO()
    pdf.save(
        written,
        encryption=False,
        static_id=True,
        fix_metadata_version=False,
        compress_streams=False,
        stream_decode_level=StreamDecodeLevel.none,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
    )
    with pikepdf.open(written, suppress_warnings=True) as result:
        if _pages(result) != before:
            raise ValueError("the pages changed")
    return written.getvalue()


def _pages(pdf):
    """What is on each page: its size, which way up it is, what is drawn."""
    pages = []
    for page in pdf.pages:
        contents = page.obj.get("/Contents", Array())
        parts = contents if isinstance(contents, Array) else [contents]
        drawn = hashlib.sha256()
        for part in parts:
            if isinstance(part, Stream):
                drawn.update(part.read_raw_bytes())
        boxes = (page.mediabox, page.cropbox, page.obj.get("/Rotate", 0))
        resources = page.obj.get("/Resources", Dictionary())
        names = [
            (kind, sorted(map(str, resources[kind].keys())))
            for kind in ("/Font", "/XObject", "/Pattern", "/ExtGState")
            if isinstance(resources.get(kind), Dictionary)
        ]
        pages.append((repr(boxes), drawn.digest(), names))
    return pages


def _clean_root(pdf):
    for key in set(pdf.trailer.keys()):
        if key not in ("/Root", "/Size"):
            del pdf.trailer[key]
    root = pdf.Root
    _drop(root, OF_ROOT)
    if isinstance(root.get("/Names"), Dictionary):
        _drop(root["/Names"], OF_NAMES)
    layers = root.get("/OCProperties")
    if isinstance(layers, Dictionary):
        for layout in (layers.get("/D"), *_as_list(layers.get("/Configs"))):
            if isinstance(layout, Dictionary):
                _drop(layout, ("/Creator",))
    form = root.get("/AcroForm")
    if isinstance(form, Dictionary):
        _drop(form, ("/XFA", "/SigFlags", "/CO"))


def _clean_below(pdf, found):
    """Clean an object and what stands in it, but not what it refers to."""
    pending = [found]
    while pending:
        now = pending.pop()
        if isinstance(now, Array):
            parts = list(now)
        elif isinstance(now, (Dictionary, Stream)):
            _clean_one(pdf, now)
            parts = [value for _key, value in now.items()]
        else:
            continue
        pending += [
            part
            for part in parts
            if isinstance(part, (Array, Dictionary, Stream)) and not part.is_indirect
        ]


def _clean_one(pdf, row):
    kind, subtype, style = (_name(row, key) for key in ("/Type", "/Subtype", "/S"))
    if style in ACTIONS and "/K" not in row:
        _drop(row, row.keys())
        return
    if isinstance(row.get("/Metadata"), Stream):
        del row["/Metadata"]
    for key in OF_ANY:
        if key in row and _name(row[key], "/Type") != "/Font":
            del row[key]
    if _acts(row.get("/AA")):
        del row["/AA"]
    if "/Rect" in row and subtype:
        _drop(row, OF_ANNOTATION)
        if subtype != "/Widget":  # there it names the field
            _drop(row, ("/T",))
    if kind in SIGNATURES or "/ByteRange" in row:
        _drop(row, set(row.keys()) - {"/Type"})
    if _name(row, "/FT") == "/Sig":
        _drop(row, ("/V", "/Lock", "/SV"))
    if kind == "/Filespec":
        _drop(row, ("/Desc", "/CI", "/ID"))
    if kind == "/OCG" and isinstance(row.get("/Usage"), Dictionary):
        _drop(row["/Usage"], ("/CreatorInfo", "/User"))
    if isinstance(row, Stream) and subtype == "/Image":
        _clean_picture(pdf, row)


def _acts(row):
    """Whether these are actions that follow what happens, and not a font's name."""
    return isinstance(row, Dictionary) and not _name(row, "/Type")


def _clean_picture(pdf, stream):
    """Leave out what a camera noted in a photograph; it is not coded anew."""
    names, parameters = (
        _as_list(stream.get(key)) for key in ("/Filter", "/DecodeParms")
    )
    if not names or str(names[-1]) not in PICTURES:
        return
    try:
        # What is packed around the photograph is unpacked by a stream of its own.
        packed = Stream(pdf, stream.read_raw_bytes())
        if len(names) > 1:
            packed.Filter = Array(names[:-1])
            if len(parameters) == len(names):
                packed.DecodeParms = Array(parameters[:-1])
        data = packed.read_bytes(StreamDecodeLevel.generalized)
        stripped = PICTURES[str(names[-1])](data)
    except (IndexError, pikepdf.PdfError):
        return  # it is no picture, or nobody can see it
    if stripped != data:
        own = parameters[-1] if len(parameters) == len(names) else None
        stream.write(
            stripped,
            filter=names[-1],
            decode_parms=own if isinstance(own, Dictionary) else None,
        )


def _as_list(value):
    if value is None:
        return []
    return list(value) if isinstance(value, Array) else [value]


def _name(row, key):
    if not isinstance(row, (Dictionary, Stream)):
        return ""
    value = row.get(key)
    return str(value) if isinstance(value, Name) else ""


def _drop(row, keys):
    for key in list(keys):
        if key in row:
            del row[key]


def _bound(memory, seconds):
    try:
        import resource
    except ImportError:  # not on Windows
        return
    for limit, value in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
    ):
        most = resource.getrlimit(limit)[1]
        least = value if most == resource.RLIM_INFINITY else min(value, most)
        resource.setrlimit(limit, (least, most))


def main():
    _bound(*map(int, sys.argv[1:3]))
    try:
        pdf = pikepdf.open(io.BytesIO(sys.stdin.buffer.read()), suppress_warnings=True)
        before = _pages(pdf)
    except pikepdf.PasswordError:
        return LOCKED
    except (pikepdf.PdfError, AttributeError, KeyError, TypeError, ValueError):
        return BROKEN
    if not before:
        return BROKEN
    try:
        written = rewrite(pdf, before)
    except MemoryError:
        raise
    except Exception as error:  # a damaged file fails anywhere
        sys.stderr.write(type(error).__name__)
        return CHANGED
    sys.stdout.buffer.write(written)
    return DONE


if __name__ == "__main__":
    sys.exit(main())
