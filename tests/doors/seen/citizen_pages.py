"""What a person sees of themselves."""

from tests.doors.seen.page import Seen

PAGES: tuple[Seen, ...] = (
    Seen("so", "/so", role="citizen"),
    Seen("so-chua-co", "/so", role="officer"),
    Seen("so-tam-thu-hoi", "/so", role="other citizen"),
    Seen("so-lich-su", "/so/lich-su", role="citizen"),
    Seen("so-ma", "/so/ma", role="citizen"),
    Seen("the", "/the", role="citizen"),
    Seen("the-chua-co", "/the", role="officer"),
    Seen("the-trinh", "/the/trinh", role="citizen"),
    Seen("chia-se", "/chia-se", role="citizen"),
    Seen("chia-se-chua-co", "/chia-se", role="other citizen"),
    Seen("chia-se-xin", "/chia-se/yeu-cau/{asked}", role="citizen"),
    Seen("chia-se-dong-y", "/chia-se/dong-y/{consent}", role="citizen"),
    Seen("thong-bao", "/thong-bao", role="citizen"),
    Seen("thong-bao-chua-co", "/thong-bao", role="officer"),
    Seen("thong-bao-thu", "/thong-bao/{letter}", role="citizen"),
    Seen("kho", "/kho", role="citizen"),
    Seen("kho-chua-co", "/kho", role="officer"),
    Seen("toi", "/toi", role="citizen"),
    Seen("dai-dien", "/dai-dien", role="citizen"),
    Seen("bo-quoc-phong", "/so", role="soldier", status=403),
    Seen("ai-da-xem", "/ai-da-xem", role="citizen"),
    Seen("ai-da-xem-ca-toi", "/ai-da-xem?ca-toi=1", role="citizen"),
    Seen("ho-so", "/ho-so", role="citizen"),
    Seen("ho-so-chua-co", "/ho-so", role="other citizen"),
    Seen("theo-doi", "/ho-so/{own}/theo-doi", role="citizen"),
    Seen("khong-phai-cua-toi", "/ho-so/{code}/theo-doi", role="citizen", status=404),
    Seen("vai-tro-khac", "/so", role="clerk", status=403),
)
