"""The national business register: answers who a tax code belongs to. Its field names are placeholders."""

from pathlib import Path

from werkzeug.routing import Rule
from werkzeug.wrappers import Request, Response

from sandbox.client_proof import ClientProof
from sandbox.holdings import Holdings, load_holdings
from sandbox.serving import Partner, add_population_arguments, answer, arguments_of, client_keys_of, json_of, run


class BusinessRegister(Partner):
    """POST /lookup {"maSoThue": ...}: the enterprise, or 404 with `ma` KHONG_TIM_THAY."""

    name = "business"

    def __init__(self, folder: Path, *, holdings: Holdings, client_keys: Path) -> None:
        super().__init__(folder)
        self._companies = holdings.companies
        self._proof = ClientProof(partner=self.name, keys_file=client_keys)

    def rules(self) -> list[Rule]:
        return [Rule("/lookup", endpoint=self._look_up, methods=["POST"])]

    def _look_up(self, request: Request) -> Response:
        if self._proof.find_client(request) is None:
            return answer({"ma": "KHONG_XAC_THUC"}, 401)
        company = self._companies.get(str(json_of(request).get("maSoThue", "")))
        if company is None:
            return answer({"ma": "KHONG_TIM_THAY"}, 404)
        return answer(
            {
                "maSoThue": company.tax_code,
                "maSoDoanhNghiep": company.tax_code[:10],
                "tenDoanhNghiep": company.name,
                "tinhTrang": "DANG_HOAT_DONG" if company.is_active else "TAM_NGUNG",
                "diaChiTruSo": company.address,
                "soDinhDanhNguoiDaiDien": company.legal_representative_pin,
            }
        )


def main() -> None:
    """Run it."""
    parser = arguments_of("business", "stand-in for the national business register", 8712)
    add_population_arguments(parser)
    options = parser.parse_args()
    holdings = load_holdings(seed=options.seed, citizens=options.citizens, employers=options.employers)
    register = BusinessRegister(options.folder, holdings=holdings, client_keys=client_keys_of(options))
    run(register, port=options.port)


if __name__ == "__main__":
    main()
