"""What a granted request does: nothing to the National Insurance Database (no NID change); its result is the sealed extract."""

import orjson

from bhxh.book.queries import compose_one
from bhxh.book.seal_keys import bound_seal_key
from bhxh.dossiers.procedure import Effects, EffectsRequest, ResultDocument
from bhxh.kernel.canonical import canonical_bytes
from bhxh.kernel.clock import day_in_vietnam
from bhxh.procedures.confirmation_extract.extract import KIND, TYPE_NAME, compose_extract
from bhxh.signing.seals import as_flattened, seal


def carry_out(request: EffectsRequest) -> Effects:
    """No NID change: nobody's book is touched, so none is sealed anew."""
    return Effects(
        touched_person_ids=(), person_id_by_line={line.line.number: line.subject.person_id for line in request.lines if line.subject}
    )


def seal_result(request: EffectsRequest) -> tuple[ResultDocument, ...]:
    """The extract as the database stands at `request.at`, sealed. The engine writes down the look and puts it into the warehouse."""
    return tuple(_seal(request, line.subject.person_id) for line in request.lines if line.subject is not None)


def _seal(request: EffectsRequest, person_id: int) -> ResultDocument:
    composed = compose_one(person_id, valid_on=day_in_vietnam(request.at), known_at=request.at)
    payload = canonical_bytes(
        compose_extract(
            orjson.loads(composed.book.payload),
            book_sha256=composed.book.digest.hex(),
            is_sealed=composed.is_sealed,
            dossier_code=request.dossier_code,
            at=request.at,
            wishes=request.filing.content,
        )
    )
    return ResultDocument(
        kind=KIND,
        title_vi="Bản trích quá trình tham gia bảo hiểm xã hội (đã ký số)",
        title_en="Sealed extract of participation in social insurance",
        media_type="application/jose+json",
        content=as_flattened(payload, seal(payload, key=bound_seal_key(), type_name=TYPE_NAME)),
    )
