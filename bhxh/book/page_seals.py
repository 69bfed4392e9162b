"""What seals the pages that leave this room and the rooms above it. Wiring binds it once; where none is bound, pages carry no seal."""

from bhxh.signing.page_sealing import PageSeal, PageSealer

_bound: list[PageSealer] = []


def bind_page_sealer(sealer: PageSealer | None) -> None:
    """Called once by wiring."""
    _bound[:] = [sealer] if sealer is not None else []


def present_page_seal() -> PageSeal | None:
    """The seal for one page; None where this installation has no certificate in force for it."""
    return _bound[0].now() if _bound else None
