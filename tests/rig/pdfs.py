"""Documents that tell more than they show."""

import io
import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream
from PIL import Image

from .media import HUE, XMP, exif, pdf, saved

CANARY = b"CANARY-0912345678"
WORDS = CANARY.decode()


def photograph(**options):
    return saved(
        Image.effect_noise((300, 200), 80).convert("RGB"),
        exif=exif(gps=HUE),
        comment=CANARY,
        xmp=XMP,
        **options,
    )


def picture_in(made, data, **more):
    """A photograph of `photograph`'s size as PDF files hold it."""
    picture = Stream(made, data)
    kind = {"Type": Name.XObject, "Subtype": Name.Image}
    picture.update(Dictionary(**kind, Width=300, Height=200, **more))
    return picture


def telling(**save):
    """A PDF that tells of its makers wherever it can."""
    plain = pdf("Words of a citizen", author=WORDS, title=WORDS)
    made = pikepdf.open(io.BytesIO(plain))
    page, root = made.pages[0], made.Root
    with made.open_metadata() as metadata:
        metadata["dc:creator"] = [WORDS]
        metadata["pdf:Producer"] = WORDS
    made.attachments["cv.txt"] = pikepdf.AttachedFileSpec(
        made, CANARY, filename=f"{WORDS}.txt", description=WORDS
    )
    script = Dictionary(S=Name.JavaScript, JS=f"app.alert('{WORDS}')")
    root.OpenAction = made.make_indirect(script)
    root.AA = Dictionary(WC=script)
    root.Names.JavaScript = Dictionary(Names=Array(["x", script]))
    picture = picture_in(
        made,
        photograph(),
        ColorSpace=Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=Name.DCTDecode,
    )
    picture.Metadata = Stream(made, XMP)
    picture.Metadata.Type = Name.Metadata
    page.Resources.XObject = Dictionary(Im0=made.make_indirect(picture))
    packed = Stream(made, zlib.compress(photograph()))
    kept = set(picture.keys()) - {"/Length", "/Metadata"}
    packed.update(Dictionary({key: picture[key] for key in kept}))
    packed.Filter = Array([Name.FlateDecode, Name.DCTDecode])
    page.Resources.XObject.Im1 = made.make_indirect(packed)
    page.contents_add(b"q 300 0 0 200 100 300 cm /Im0 Do Q")
    page.PieceInfo = Dictionary(Maker=Dictionary(Private=WORDS))
    page.LastModified = "D:20260306093005+07'00'"
    note = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Text,
        Rect=Array([0, 0, 10, 10]),
        Contents="Kept words",
        T=WORDS,
        M="D:20260306093005+07'00'",
        A=script,
    )
    link = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Link,
        Rect=Array([0, 0, 10, 10]),
        A=Dictionary(S=Name.URI, URI="https://kept.example/"),
    )
    signature = Dictionary(
        Type=Name.Sig,
        Name=WORDS,
        M="D:20260306093005+07'00'",
        Location=WORDS,
        ByteRange=Array([0, 1, 2, 3]),
        Contents=CANARY,
    )
    signed = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Widget,
        FT=Name.Sig,
        T="Signature1",
        Rect=Array([0, 0, 10, 10]),
        V=made.make_indirect(signature),
    )
    written = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Widget,
        FT=Name.Tx,
        T="Field1",
        V="Kept answer",
        Rect=Array([0, 0, 10, 10]),
    )
    fields = [made.make_indirect(row) for row in (signed, written)]
    page.Annots = Array([made.make_indirect(note), made.make_indirect(link), *fields])
    root.AcroForm = Dictionary(Fields=Array(fields), SigFlags=3, XFA=WORDS)
    output = io.BytesIO()
    made.save(output, **save)
    return output.getvalue()


def locked(user):
    return pikepdf.Encryption(user=user, owner="owner")
