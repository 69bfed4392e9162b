"""Whom a stranger may be at `make serve`: one person for each role, with what there is to do for them."""

from dataclasses import dataclass

from bhxh.registry.synthetic import Population
from tools.people import list_outsiders


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """One person of the sandbox in one role."""

    login: str
    """Of an officer; empty for everybody else."""
    pin: str
    name: str
    vi: str
    en: str
    does_vi: str
    does_en: str
    org_id: str = ""
    """Tax code of the organisation they sign in for."""
    officer_roles: str = ""

    @property
    def is_officer(self) -> bool:
        """Who needs a security key."""
        return bool(self.login)


def roles_of(population: Population) -> tuple[Role, ...]:
    """In the order in which a stranger meets them."""
    employer = population.demo_employer
    representatives = {one.legal_representative_pin for one in population.employers}
    worker = next(
        one for one in population.demo_workers if one.is_registered and one.managed_by == "mof" and one.pin not in representatives
    )
    by_pin = population.by_pin()
    officers = list_outsiders(population, [employer])
    return (
        Role(
            login="",
            pin=employer.legal_representative_pin,
            org_id=employer.tax_code,
            name=by_pin[employer.legal_representative_pin].full_name,
            vi=f"Đơn vị: người đại diện của {employer.name}",
            en=f"Employer: legal representative of {employer.name}",
            does_vi="tải danh sách lao động lên, ký, nộp",
            does_en="uploads a list of workers, signs, files",
        ),
        Role(
            login="",
            pin=worker.pin,
            name=worker.full_name,
            vi="Người lao động",
            en="Worker",
            does_vi="xem sổ, thẻ, hồ sơ; đồng ý hay từ chối chia sẻ",
            does_en="sees book, card and dossiers; agrees to sharing or does not",
        ),
        Role(
            login="lan",
            pin=officers[0].pin,
            name=officers[0].full_name,
            vi="Cán bộ thẩm định, phê duyệt",
            en="Officer who appraises and approves",
            does_vi="hàng việc, đề xuất, phê duyệt",
            does_en="the queue, proposals, approvals",
            officer_roles="APPRAISER,APPROVER",
        ),
        Role(
            login="minh",
            pin=officers[1].pin,
            name=officers[1].full_name,
            vi="Cán bộ thứ hai",
            en="Second officer",
            does_vi="phê duyệt điều cán bộ kia đề xuất",
            does_en="approves what the other one proposed",
            officer_roles="APPRAISER,APPROVER,RECEPTION,CONVERTER",
        ),
        Role(
            login="hoa",
            pin=officers[2].pin,
            name=officers[2].full_name,
            vi="Người vận hành",
            en="Operator",
            does_vi="số liệu, hàng đợi, thư trả lại",
            does_en="numbers, queues, returned letters",
            officer_roles="OPERATOR",
        ),
    )
