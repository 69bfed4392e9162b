"""Who calls the API: an e-ID token, a program's own or a session's cookie. Nothing else lets anybody in."""

from django.http import HttpRequest
from ninja.security import HttpBearer
from ninja.security.apikey import APIKeyBase

from bhxh.doors.api.program_sign_in import SignedInProgram, is_program_token, program_sign_in
from bhxh.doors.partners import partners
from bhxh.doors.sessions import check_from_our_page, session_secret
from bhxh.doors.signed_in import SignedIn, session_sign_in, sign_in


class EidToken(HttpBearer):
    """`Authorization: Bearer <token>`: of the e-ID, or, for a program, of our own token endpoint."""

    def authenticate(self, request: HttpRequest, token: str) -> SignedIn | SignedInProgram | None:
        """A token that proves nothing is a 401; the reason is told where it helps (expired)."""
        return program_sign_in(request, token) if is_program_token(token) else sign_in(request, token)


class SessionCookie(APIKeyBase):
    """The cookie of a browser that signed in at `/dang-nhap`; what changes something carries `X-CSRF-Token` too."""

    openapi_in = "cookie"
    param_name = "__Host-bhxh-session"

    def _get_key(self, request: HttpRequest) -> str | None:
        return session_secret(request, partners().signing_in) or None

    def authenticate(self, request: HttpRequest, key: str | None) -> SignedIn | None:
        """Raises NotSignedIn ACC-031; NotFromOurPage ACC-032; TooMany ACC-034."""
        if not key:
            return None
        signed_in = session_sign_in(request)
        check_from_our_page(request, partners().signing_in)
        return signed_in
