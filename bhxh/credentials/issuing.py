"""In whose name cards and summaries are issued and letters about books are sent."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Issuer:
    """The office, and the address under which it is found by whoever verifies."""

    public_url: str
    name: str = ""

    @property
    def sign_in_address(self) -> str:
        """Where a person signs in."""
        return f"{self.public_url.rstrip('/')}/dang-nhap"

    def share_address(self, secret: str) -> str:
        """What is opened to see what somebody shares."""
        return f"{self.public_url.rstrip('/')}/chia-se/{secret}"

    def status_address(self, list_number: int) -> str:
        """Where the signed status list of that number is: short, because it stands in every code."""
        return f"{self.public_url.rstrip('/')}/tt/{list_number}"
