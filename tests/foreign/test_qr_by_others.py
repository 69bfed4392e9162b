"""QR codes of card and summary: drawn by us, read by zbar, judged by Node alone and by another COSE library."""

import zlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import cwt
import pytest
from PIL import Image, ImageFilter

from bhxh.book.rendering import OfflineCode, render_pdf
from bhxh.credentials.contents import card_of, summary_of
from bhxh.credentials.drawing import draw_png, draw_svg
from bhxh.credentials.status_lists import Standing, Status, seal_list
from bhxh.signing import base45
from bhxh.signing.base64url import decode
from bhxh.signing.cose_seals import PREFIX
from bhxh.signing.key_files import FileKeys
from tests.other_programs import needs
from tests.unit.book.books import composed, months
from tests.unit.book.test_rendering import FIXED_SEAL
from tests.unit.credentials.test_contents import AT, ON, book, sealed
from tests.unit.credentials.test_status_lists import ADDRESS
from tools.foreign import node_scripts, page_readers
from tools.foreign.programs import run


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> FileKeys:
    made = FileKeys(tmp_path_factory.mktemp("qr") / "seal", "mof")
    made.seal_key("credential")
    made.seal_key("book")
    return made


@pytest.fixture(scope="module")
def texts(keys: FileKeys) -> dict[str, str]:
    return {"card": sealed(card_of(book(), ON), keys), "summary": sealed(summary_of(book(), sha256=bytes(range(32))), keys)}


def _judge(keys: FileKeys, *texts: str, at: Any = AT, status_list: bytes = b"") -> list[dict[str, Any]]:
    """What the script says of each text."""
    needs("node")
    said = node_scripts.credentials("\n".join(texts), keys.key_set().to_json(), at=at, status_list=status_list)
    assert len(said) == len(texts)
    return [dict(one.told) for one in said]


@pytest.mark.parametrize("which", ["card", "summary"])
def test_zbar_reads_what_we_draw(texts: dict[str, str], which: str) -> None:
    needs("zbarimg")
    assert page_readers.codes_in_picture(draw_png(texts[which])) == [texts[which]]


def test_zbar_reads_both_from_the_printed_book(texts: dict[str, str], tmp_path: Path) -> None:
    """The page as an office printer gives it (200 dots an inch), in grey, once more through a photocopier's soft lens."""
    codes = [OfflineCode(name=("Mã", "Code"), svg=draw_svg(text), until=AT) for text in texts.values()]
    made = composed(months("2025-01", 3))
    pdf = render_pdf(made.payload, FIXED_SEAL, codes=codes, verification_address="https://bhxh.example/xac-minh/" + "0" * 64)
    (tmp_path / "book.pdf").write_bytes(pdf)
    needs("pdftoppm", "zbarimg")
    run("pdftoppm", "-r", "200", "-gray", "-png", "book.pdf", "page", folder=tmp_path)
    for page in tmp_path.glob("page-*.png"):
        Image.open(page).filter(ImageFilter.GaussianBlur(1.2)).save(page.with_name(f"copy-{page.name}"))
    for pages in ("page-*.png", "copy-page-*.png"):
        read = {code for page in tmp_path.glob(pages) for code in page_readers.codes_in_picture(page.read_bytes())}
        assert set(texts.values()) <= read, pages


def test_node_accepts_both_and_reads_what_they_say(texts: dict[str, str], keys: FileKeys) -> None:
    card, summary = _judge(keys, texts["card"], texts["summary"])
    assert (card["holds"], card["content"]["name"], card["status"]) == (True, "Nguyễn Thị Minh Hạnh", "not asked")
    assert (summary["holds"], summary["content"]["si"], summary["content"]["sha256"]) == (True, 54, bytes(range(32)).hex())


def test_node_refuses_every_changed_character(texts: dict[str, str], keys: FileKeys) -> None:
    for text in texts.values():
        spoiled = [text[:at] + ("0" if letter != "0" else "1") + text[at + 1 :] for at, letter in enumerate(text)]
        assert not any(one["holds"] for one in _judge(keys, *spoiled))


def test_node_refuses_every_changed_bit(texts: dict[str, str], keys: FileKeys) -> None:
    packed = base45.decode(texts["card"].removeprefix(PREFIX))
    spoiled = []
    for at in range(len(packed)):
        for bit in range(8):
            changed = bytearray(packed)
            changed[at] ^= 1 << bit
            spoiled.append(PREFIX + base45.encode(bytes(changed)))
    assert not any(one["holds"] for one in _judge(keys, *spoiled))


def test_node_refuses_what_is_off(texts: dict[str, str], keys: FileKeys, tmp_path: Path) -> None:
    import zlib

    bomb = PREFIX + base45.encode(zlib.compress(bytes(2_000_000), 9))
    for text in (bomb, "HC1:ABC", PREFIX, "hello", texts["card"] + "00"):
        [said] = _judge(keys, text)
        assert not said["holds"] and said["why"]
    assert _judge(keys, texts["card"], at=AT + timedelta(days=200))[0]["why"] == "expired"
    assert _judge(keys, texts["card"], at=AT - timedelta(days=1))[0]["why"] == "issued later than now"
    other = FileKeys(tmp_path / "other", "mof")
    other.seal_key("credential")
    assert "is not published" in _judge(other, texts["card"])[0]["why"]


def test_node_asks_the_status_list(texts: dict[str, str], keys: FileKeys) -> None:
    def asked(standings: dict[int, Standing], *, address: str = ADDRESS, at: Any = AT, purpose: Any = "credential") -> dict[str, Any]:
        file = seal_list(standings, address=address, at=at, key=keys.seal_key(purpose))
        [said] = _judge(keys, texts["card"], status_list=file)
        return said

    assert asked({4710: Standing(Status.WITHDRAWN)})["status"] == "valid"
    said = asked({4711: Standing(Status.SUSPENDED, "CARD_LOCKED"), 4712: Standing(Status.WITHDRAWN)})
    assert (said["holds"], said["status"], said["reason"]) == (False, "suspended", "CARD_LOCKED")
    assert asked({4711: Standing(Status.WITHDRAWN)})["status"] == "withdrawn"
    assert asked({4711: Standing(Status.REPLACED)})["status"] == "replaced"
    assert asked({}, at=AT - timedelta(days=1))["why"] == "status list: too old"
    assert "made later than now" in asked({}, at=AT + timedelta(minutes=6))["why"]
    assert asked({}, address=ADDRESS + "7")["why"] == "status list: of another number"
    assert asked({}, purpose="book")["why"] == "the key is for something else"
    good = seal_list({}, address=ADDRESS, at=AT, key=keys.seal_key("credential"))
    spoiled = good.replace(b'"payload":"ey', b'"payload":"eY', 1)
    assert not _judge(keys, texts["card"], status_list=spoiled)[0]["holds"]


def test_another_cose_library_reads_the_claims(texts: dict[str, str], keys: FileKeys) -> None:
    message = zlib.decompress(base45.decode(texts["card"].removeprefix(PREFIX)))
    [public] = [key.as_jwk() for key in keys.key_set() if key.purpose == "credential"]
    x, y, kid = decode(public["x"]), decode(public["y"]), bytes.fromhex(str(public["kid"])[-16:])
    key = cwt.COSEKey.new({1: 2, 2: kid, 3: -7, 4: [2], -1: 1, -2: x, -3: y})
    claims = cwt.COSE.new().decode(message, key)
    assert b"Nguy\xe1\xbb\x85n" in claims
    spoiled = bytearray(message)
    spoiled[-1] ^= 1
    with pytest.raises(cwt.VerifyError):
        cwt.COSE.new().decode(bytes(spoiled), key)
