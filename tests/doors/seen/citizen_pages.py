"""What a person sees of themselves."""

from tests.doors.seen.page import Seen

PAGES: tuple[Seen, ...] = (
    Seen("so", "/so", role="citizen"),
    Seen("so-chua-co", "/so", role="officer"),
    Seen("ai-da-xem", "/ai-da-xem", role="citizen"),
    Seen("ai-da-xem-ca-toi", "/ai-da-xem?ca-toi=1", role="citizen"),
    Seen("ho-so", "/ho-so", role="citizen"),
    Seen("ho-so-chua-co", "/ho-so", role="other citizen"),
    Seen("theo-doi", "/ho-so/{own}/theo-doi", role="citizen"),
    Seen("khong-phai-cua-toi", "/ho-so/{code}/theo-doi", role="citizen", status=404),
    Seen("vai-tro-khac", "/so", role="clerk", status=403),
)
