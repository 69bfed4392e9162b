"""For which organisation somebody works on these pages, and by what right: the frame says the former on every page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

from bhxh.access.authority import Standing
from bhxh.access.permissions import may_file, may_grant_mandate, may_see_worker, may_withdraw
from bhxh.access.roles import MandateRole
from bhxh.doors.signed_in import SignedIn
from bhxh.doors.signed_in_page import frame_of_role
from bhxh.kernel.actor import Actor
from bhxh.kernel.errors import BhxhError
from bhxh.registry.queries import EmployerSummary, get_employer
from bhxh.web.languages import in_words
from bhxh.web.pages import Frame, page

OVERVIEW, WORKERS, DECLARE, FILED, RIGHTS = "/don-vi", "/don-vi/lao-dong", "/don-vi/khai-bao", "/don-vi/ho-so", "/don-vi/quyen"
LIST_SLUG = "register_employees"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ROLES = {
    MandateRole.LEGAL_REPRESENTATIVE: ("Người đại diện theo pháp luật", "Legal representative"),
    MandateRole.AUTHORISED: ("Được ủy quyền", "By mandate"),
    MandateRole.AGENT: ("Đại lý nộp thay", "Filing agent"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Working:
    """Somebody at work for an organisation."""

    who: Standing
    employer: EmployerSummary

    @property
    def actor(self) -> Actor:
        """Who acts."""
        return self.who.actor

    @property
    def employer_id(self) -> int:
        """Of the organisation."""
        return self.employer.employer_id

    @property
    def role(self) -> str:
        """By what right, in words."""
        authority = self.who.authority
        return in_words(_ROLES.get(authority.role, ("", ""))) if authority else ""

    @property
    def may_follow(self) -> bool:
        """See what concerns workers: dossiers, months, what is due."""
        return may_see_worker(self.actor, employer_id=self.employer_id, worked_there=True, authority=self.who.authority)

    @property
    def may_file(self) -> bool:
        """Check, prepare and file lists of workers."""
        return may_file(self.actor, filer="employer", employer_id=self.employer_id, procedure=LIST_SLUG, authority=self.who.authority)

    @property
    def may_rule(self) -> bool:
        """Say who may act, and which programs."""
        return may_grant_mandate(self.actor, employer_id=self.employer_id, authority=self.who.authority)

    def may_withdraw(self, procedure: str) -> bool:
        """Take back a dossier of this procedure."""
        return may_withdraw(self.actor, filer_employer_id=self.employer_id, procedure=procedure, authority=self.who.authority)


def working_for(signed_in: SignedIn, purpose: str) -> Working:
    """Whoever is signed in, and the organisation. Raises what `SignedIn.standing` raises."""
    who = signed_in.standing(purpose)
    assert who.actor.employer_id is not None, "lets_in(EMPLOYER) lets nobody else in"
    return Working(who=who, employer=get_employer(who.actor.employer_id))


def frame_of_unit(
    request: HttpRequest, signed_in: SignedIn, working: Working, here: str, *, back: tuple[str, tuple[str, str]] | None = None
) -> Frame:
    """The frame of an organisation's page; `back` is (address, words in both languages)."""
    way_back = (back[0], in_words(back[1])) if back else None
    return frame_of_role(request, signed_in, here, name=working.employer.name, role=working.role, back=way_back)


def show_to_unit(
    request: HttpRequest,
    signed_in: SignedIn,
    working: Working,
    template: str,
    context: Mapping[str, Any],
    *,
    title: tuple[str, str],
    here: str,
    back: tuple[str, tuple[str, str]] | None = None,
    error: BhxhError | None = None,
    has_form: bool = True,
) -> HttpResponse:
    """An organisation's page with something to send; `error`: why what was sent is not done."""
    return page(
        request,
        f"employer/{template}.html",
        context,
        title=in_words(title),
        frame=frame_of_unit(request, signed_in, working, here, back=back),
        status=error.status if error else 200,
        has_errors=error is not None,
        has_form=has_form,
    )
