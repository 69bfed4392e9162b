"""The national population database: answers who a personal number belongs to.

Its field names are placeholders; the real interface is not public.
"""

from pathlib import Path

from werkzeug.routing import Rule
from werkzeug.wrappers import Request, Response

from sandbox.client_proof import ClientProof
from sandbox.holdings import Holdings, PersonHeld, load_holdings
from sandbox.serving import Partner, add_population_arguments, answer, arguments_of, client_keys_of, json_of, run

_BATCH = 500
_SEX = {"MALE": "1", "FEMALE": "2", "UNDETERMINED": "3"}


class PopulationRegister(Partner):
    """POST /lookup {"danhSach": [{"soDinhDanh": ...}]}: one entry for each, `ketQua` CO or KHONG."""

    name = "population"

    def __init__(self, folder: Path, *, holdings: Holdings, client_keys: Path) -> None:
        super().__init__(folder)
        self._persons = holdings.persons
        self._proof = ClientProof(partner=self.name, keys_file=client_keys)

    def rules(self) -> list[Rule]:
        return [Rule("/lookup", endpoint=self._look_up, methods=["POST"])]

    def _look_up(self, request: Request) -> Response:
        if self._proof.find_client(request) is None:
            return answer({"ma": "KHONG_XAC_THUC"}, 401)
        asked = json_of(request).get("danhSach")
        if not isinstance(asked, list) or not 0 < len(asked) <= _BATCH:
            return answer({"ma": "SAI_DINH_DANG"}, 422)
        return answer({"danhSach": [self._entry(str(one.get("soDinhDanh", ""))) for one in asked if isinstance(one, dict)]})

    def _entry(self, pin: str) -> dict[str, object]:
        person = self._persons.get(pin)
        return _shown(person) if person else {"soDinhDanh": pin, "ketQua": "KHONG"}


def _shown(person: PersonHeld) -> dict[str, object]:
    return {
        "soDinhDanh": person.pin,
        "ketQua": "CO",
        "maBanGhi": person.record_id,
        "hoTen": person.full_name,
        "ngaySinh": "/".join(reversed(person.birth_on.split("-"))),
        "gioiTinh": _SEX[person.sex],
        "noiThuongTru": person.residence,
        "daChet": person.is_deceased,
    }


def main() -> None:
    """Run it."""
    parser = arguments_of("population", "stand-in for the national population database", 8711)
    add_population_arguments(parser)
    options = parser.parse_args()
    holdings = load_holdings(seed=options.seed, citizens=options.citizens, employers=options.employers)
    register = PopulationRegister(options.folder, holdings=holdings, client_keys=client_keys_of(options))
    run(register, port=options.port)


if __name__ == "__main__":
    main()
