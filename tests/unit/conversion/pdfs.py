"""PDFs as scanners and offices make them, good and bad."""

import io
from typing import Any

import pikepdf
from PIL import Image

from sandbox.papers import an_old_book, as_file, draw

SHEET = draw(an_old_book(name="Nguyễn Thị Mẫu", number="0110123456", unit="Công ty Mẫu")[1], dots_per_inch=150)


def scanned(pages: int = 1) -> bytes:
    """As a scanner writes it: a picture for each page."""
    return as_file(SHEET, "PDF", *[SHEET] * (pages - 1))


def changed(instructions: bytes | None = None, **of_page: Any) -> bytes:
    """The scanner's page with something else on it."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(scanned())) as document:
        page = document.pages[0]
        if instructions is not None:
            page.contents_add(document.make_stream(instructions))
        for name, value in of_page.items():
            page.obj[f"/{name}"] = value
        document.save(out)
    return out.getvalue()


def with_picture(stream: bytes, *, width: int, height: int, packed: str = "/FlateDecode", **more: Any) -> bytes:
    """One page filled with a picture that is packed like this."""
    out = io.BytesIO()
    document = pikepdf.new()
    document.add_blank_page(page_size=(595, 842))
    picture = pikepdf.Stream(document, b"")
    picture.write(stream, filter=pikepdf.Name(packed))
    picture.Type, picture.Subtype = pikepdf.Name("/XObject"), pikepdf.Name("/Image")
    picture.Width, picture.Height, picture.BitsPerComponent, picture.ColorSpace = width, height, 8, pikepdf.Name("/DeviceGray")
    for name, value in more.items():
        picture[f"/{name}"] = value
    page = document.pages[0]
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=picture))
    page.contents_add(document.make_stream(b"q 595 0 0 842 0 0 cm /P Do Q"))
    document.save(out)
    return out.getvalue()


def with_a_field(text: str) -> bytes:
    """A page with a form's field that was filled in, whose look lies beside the page's content."""
    out = io.BytesIO()
    document = pikepdf.new()
    document.add_blank_page(page_size=(595, 842))
    look = document.make_stream(b"0 0 200 30 re S")
    look.Type, look.Subtype, look.BBox = pikepdf.Name("/XObject"), pikepdf.Name("/Form"), pikepdf.Array([0, 0, 200, 30])
    field = document.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name("/Annot"),
            Subtype=pikepdf.Name("/Widget"),
            FT=pikepdf.Name("/Sig"),
            T="f",
            V=pikepdf.Dictionary(Reason=text),
            Rect=pikepdf.Array([100, 100, 300, 130]),
            F=4,
            AP=pikepdf.Dictionary(N=look),
        )
    )
    document.pages[0].obj.Annots = pikepdf.Array([field])
    document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]))
    document.save(out)
    return out.getvalue()


def as_picture(content: bytes) -> Image.Image:
    """Opened."""
    return Image.open(io.BytesIO(content))
