"""What can be typed after `bhxh`: subcommands and options, each in Vietnamese and English."""

import argparse


def parser() -> argparse.ArgumentParser:
    """Each subcommand with its options; who does it stands in `main`."""
    top = argparse.ArgumentParser(prog="bhxh", description="Bảo hiểm xã hội điện tử · electronic social insurance")
    top.add_argument("--json", action="store_true", help="in kết quả dạng JSON · print the result as JSON")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
        return command

    file = add("file", "nộp danh sách lao động từ bảng tính · check, sign and file a workbook")
    file.add_argument("--as", dest="employer", required=True, metavar="EMPLOYER", help="mã số thuế hoặc mã đơn vị · tax code or unit code")
    file.add_argument("workbook", help="tệp .xlsx · the workbook")
    file.add_argument("--period", default="", help="kỳ kê khai MM/YYYY · declaration period; default: this month")
    file.add_argument("--confirm-repairs", default="", metavar="N,N", help="dòng mà người nộp xác nhận số, chữ được sửa · lines confirmed")
    file.add_argument(
        "--paper", action="append", default=[], metavar="COMPONENT=ITEM", help="giấy tờ sẵn có trong kho · a paper of the warehouse"
    )
    file.add_argument("--check-only", action="store_true", help="chỉ kiểm tra, không nộp · judge the lines, file nothing")
    file.add_argument("--key", default="", help="khóa riêng PEM của đơn vị · private key (sandbox keys are found by themselves)")
    file.add_argument("--certificate", default="", help="chứng thư của đơn vị · certificate")
    file.add_argument("--remote", action="store_true", help="ký bằng dịch vụ ký số từ xa · sign by the remote signing service")
    file.add_argument("--wait", type=int, default=60, metavar="S", help="chờ duyệt trên thiết bị bao lâu · how long to wait for the holder")

    sign = add("sign", "ký bản đã chuẩn bị bằng dịch vụ ký số từ xa · sign a prepared list by the remote signing service")
    sign.add_argument("what", choices=("ask", "collect", "renew"))
    sign.add_argument("draft", help="bản chờ ký · the prepared document")
    sign.add_argument("--as", dest="employer", required=True, metavar="EMPLOYER", help="mã số thuế hoặc mã đơn vị · tax code or unit code")
    sign.add_argument("--wait", type=int, default=0, metavar="S", help="chờ duyệt bao lâu · how long to wait for the holder")
    sign.add_argument(
        "--paper",
        action="append",
        default=[],
        metavar="COMPONENT=ITEM",
        help="collect: giấy tờ sẵn có trong kho · a paper of the warehouse",
    )

    decide = add("decide", "cán bộ giải quyết các dòng chờ · decide waiting lines as two officers")
    decide.add_argument("code", nargs="?", default="", help="mã hồ sơ; bỏ trống: xem hàng việc · dossier; empty: show the queue")
    decide.add_argument("--as", dest="officer", default="", help="cán bộ · officer")
    decide.add_argument("--lines", default="", metavar="N,N")
    decide.add_argument("--grant", action="store_true")
    decide.add_argument("--refuse", action="store_true")
    decide.add_argument("--approve", action="store_true", help="phê duyệt đề xuất của cán bộ khác · approve another officer's proposal")
    decide.add_argument("--signatures", action="store_true", help="xem chữ ký chưa xác nhận được · show signatures not proven yet")
    decide.add_argument(
        "--refuse-signature", action="store_true", help="dừng hồ sơ vì chữ ký không xác nhận được · end for a signature nobody could prove"
    )
    decide.add_argument("--reason", default="")

    dossier = add(
        "dossier", "theo dõi, đọc giấy tờ, rút, yêu cầu và nộp bổ sung · follow a dossier, read its letters, withdraw, supplement"
    )
    dossier.add_argument("what", choices=("show", "letter", "withdraw", "ask", "answer"))
    dossier.add_argument("code", help="mã hồ sơ · dossier")
    dossier.add_argument(
        "--as", dest="actor", default="-", help="đơn vị, cán bộ, hoặc số định danh (- đọc từ đầu vào) · employer, officer or person"
    )
    dossier.add_argument(
        "--of", choices=("receipt", "decision", "result", "document", "confirmation"), default="receipt", help="giấy tờ nào · which letter"
    )
    dossier.add_argument("--number", type=int, default=1, help="số quyết định trong hồ sơ · which decision of the dossier")
    dossier.add_argument("--out", default="", help="tệp .json hoặc .pdf · where to write it")
    dossier.add_argument("--reason", default="")
    dossier.add_argument("--missing", action="append", default=[], metavar="[COMPONENT:] VI | EN", help="điều còn thiếu · what is missing")
    dossier.add_argument("--days", type=int, default=30, help="số ngày để bổ sung · days to answer")
    dossier.add_argument(
        "--document", action="append", default=[], metavar="[COMPONENT=]FILE", help="giấy tờ bổ sung: PDF, JPEG, PNG · what is supplied"
    )
    dossier.add_argument(
        "--paper", action="append", default=[], metavar="[COMPONENT=]ITEM", help="giấy tờ sẵn có trong kho · a paper of the warehouse"
    )

    book = add("book", "sổ BHXH điện tử của một người · the sealed book of a person")
    book.add_argument("pin", help="số định danh · personal number; or - to read it from standard input")
    book.add_argument("--version", type=int, default=0)
    book.add_argument("--out", default="", help="tệp .json hoặc .pdf · where to write it")
    book.add_argument("--archive", action="store_true", help="bản lưu trữ dài hạn của trang (.pdf) · the page's copy for decades")

    credential = add("credential", "thẻ BHYT, tóm tắt sổ dạng mã QR · a health card or book summary as a QR code")
    credential.add_argument("pin", help="số định danh · personal number; or - to read it from standard input")
    credential.add_argument("--kind", choices=("card", "summary"), default="card")
    credential.add_argument("--out", default="", help="tệp .svg, .png hoặc .txt · where to write it")

    book_state = add("book-state", "tạm thu hồi sổ, cho dùng lại · withdraw a book for a time, give it back: as two officers")
    book_state.add_argument("what", choices=("list", "suspend", "resume", "approve", "refuse"))
    book_state.add_argument("subject", nargs="?", default="", help="số định danh (- đọc từ đầu vào), hoặc số đề xuất · person, or proposal")
    book_state.add_argument("--as", dest="officer", default="", help="cán bộ · officer")
    book_state.add_argument("--reason", default="", help="SUSPECTED_FRAUD, SUSPECTED_FORGERY; CLEARED, CORRECTED")
    book_state.add_argument("--words", default="", help="căn cứ, người có sổ sẽ đọc · the grounds; the holder reads them")

    own = add(
        "own", "dữ liệu của một người: ai đã xem, bản sao toàn bộ, kho giấy tờ · a person's own data: who looked, a copy, their warehouse"
    )
    own.add_argument("what", choices=("looks", "copy", "warehouse"))
    own.add_argument("pin", help="số định danh · personal number; or - to read it from standard input")
    own.add_argument("--out", default="", help="tệp .zip · where to write the copy")

    verify = add("verify", "kiểm tra sổ, phiếu, quyết định, không cần mạng · verify sealed documents offline")
    verify.add_argument("files", nargs="+")
    verify.add_argument("--keys", default="", help="tập khóa công khai · the published key set (JSON)")
    verify.add_argument("--root", default="", help="khóa gốc, khi tập khóa có chữ ký gốc · the root's key, for a signed key set")
    verify.add_argument(
        "--trust",
        default="",
        metavar="DIR",
        help="danh sách tổ chức chứng thực, để xét niêm phong của trang · the trust list, for the seal on a page",
    )
    verify.add_argument("--content", default="", help="nội dung mà xác nhận nói đến · the document a confirmation is about")

    verify.add_argument(
        "--status-list", default="", metavar="FILE", help="danh sách trạng thái đã ký · the signed status list, for QR codes"
    )

    generate = add("generate", "tạo dân số hư cấu và lịch sử · synthetic population with histories")
    generate.add_argument("--citizens", type=int, default=1000)
    generate.add_argument("--employers", type=int, default=60)
    generate.add_argument("--seed", type=int, default=164)
    generate.add_argument("--since", default="2018-01", metavar="YYYY-MM", help="tháng đóng sớm nhất · first month anybody contributed for")
    generate.add_argument("--processes", type=int, default=1, help="số tiến trình cùng ghi · how many processes write at once")
    generate.add_argument("--part", default="1/1", help=argparse.SUPPRESS)

    offices = add("offices", "danh sách cơ quan bảo hiểm xã hội: kiểm tra, nạp · the table of social insurance offices: check it, load it")
    offices.add_argument("what", choices=("check", "load"))
    offices.add_argument("file", help="tệp .csv, các cột như registry/reference_data/README.md · columns as there")

    appoint = add("appoint", "bổ nhiệm cán bộ · put an officer into service")
    appoint.add_argument("login")
    appoint.add_argument("--pin", required=True, help="số định danh; - đọc từ đầu vào · personal number; - reads standard input")
    appoint.add_argument("--roles", default="APPRAISER,APPROVER")

    officer = add("officer", "cán bộ và khóa bảo mật · officers and their security keys")
    officer.add_argument("what", choices=("list", "invite", "keys", "end-key", "dismiss"))
    officer.add_argument("login", nargs="?", default="")
    officer.add_argument("--key", default="", help="khóa cần bỏ (officer keys) · the key to end")
    officer.add_argument("--because", default="lost", choices=("lost", "replaced"))

    account = add("account", "chặn một tài khoản định danh, cho đăng nhập lại · shut an e-ID account out, let it in again")
    account.add_argument("what", choices=("shut-out", "let-in"))
    account.add_argument("--pin", default="-", help="số định danh; - đọc từ đầu vào · personal number; - reads standard input")
    account.add_argument(
        "--subject", default="", help="tài khoản theo e-ID (sub) thay cho số định danh · the e-ID's own name of it instead"
    )

    mandate = add("mandate", "ủy quyền của đơn vị · who may act for an employer")
    mandate.add_argument("what", choices=("grant", "revoke", "list", "document", "replay"))
    mandate.add_argument("mandate", nargs="?", default="", help="số ủy quyền khi thu hồi, in giấy · the mandate to revoke or print")
    mandate.add_argument("--employer", default="", help="mã số thuế hoặc mã đơn vị · tax code or unit code")
    mandate.add_argument("--pin", default="-", help="số định danh; - đọc từ đầu vào · personal number; - reads standard input")
    mandate.add_argument("--account", default="", help="tài khoản thay cho số định danh: eid:..., machine:... · an account instead")
    mandate.add_argument(
        "--agent", default="", metavar="TAX_CODE", help="tổ chức nhận ủy quyền thay cho một người · an organisation instead"
    )
    mandate.add_argument("--role", default="", help="AUTHORISED, LEGAL_REPRESENTATIVE, AGENT")
    mandate.add_argument("--acts", default="", help="FILE, FOLLOW, WITHDRAW; mặc định tất cả · default: all")
    mandate.add_argument("--procedures", default="", help="thủ tục, cách nhau dấu phẩy; mặc định mọi thủ tục · slugs; default: every one")
    mandate.add_argument("--paper", default="", help="số giấy đề nghị lưu tại cơ quan · reference of the paper request")
    mandate.add_argument("--from", dest="start", default="", metavar="YYYY-MM-DD", help="mặc định hôm nay · default: today")
    mandate.add_argument("--until", default="", metavar="YYYY-MM-DD", help="không kể ngày này · exclusive")
    mandate.add_argument("--on", default="", metavar="YYYY-MM-DD", help="replay: ngày được hỏi · the day asked about")
    mandate.add_argument(
        "--known-at", default="", metavar="YYYY-MM-DDTHH:MM+07:00", help="replay: theo sổ sách lúc đó · as the records stood then"
    )
    mandate.add_argument("--out", default="", metavar="DIR", help="document: thư mục ghi giấy đã ký · where to write the sealed documents")

    program = add("program", "cho hệ thống khác kết nối · let another program in")
    program.add_argument("client", nargs="?", default="", help="tên kết nối, ví dụ npsp; bỏ trống: danh sách · client id; empty: list them")
    program.add_argument("--name", default="")
    program.add_argument(
        "--keys", default="-", help="tập khóa công khai: tệp, -, hoặc portal (khóa Cổng công bố) · key set: file, - or the portal's own"
    )
    program.add_argument("--grants", default="", help="FILE_FOR_EMPLOYERS, FILE_FOR_PERSONS, READ_WITH_CONSENT, READ_BY_DUTY")
    program.add_argument("--until", default="", metavar="YYYY-MM-DD")
    program.add_argument("--retire", action="store_true", help="ngừng kết nối từ hôm nay · shut it out from today")
    program.add_argument("--add-key", default="", metavar="FILE", help="thêm một khóa công khai: tệp hoặc - · add a public key: file or -")
    program.add_argument("--retire-key", default="", metavar="KID", help="ngừng một khóa · end a key")
    program.add_argument(
        "--at", default="", metavar="YYYY-MM-DDTHH:MM+07:00", help="khóa ngừng lúc nào; mặc định ngay · when the key ends; default: now"
    )

    consent = add("consent", "ai được xin dữ liệu, phạm vi theo luật, sự đồng ý · who may ask for data, scopes by law, consents")
    consent.add_argument("what", choices=("requester", "requesters", "end", "scope", "list", "status", "withdraw"))
    consent.add_argument("id", nargs="?", default="", help="mã nơi xin, mã phạm vi hoặc số phiếu đồng ý · requester, scope or consent")
    consent.add_argument("--name", default="")
    consent.add_argument("--kind", default="OTHER", help="BANK, LANDLORD_AGENCY, COURT, STATE_AGENCY, HEALTH_FACILITY, OTHER")
    consent.add_argument("--client", default="", help="hệ thống của nơi đó (bhxh program) · its program")
    consent.add_argument(
        "--employer", default="", help="mã số thuế của tổ chức có tài khoản định danh · tax code of its organisation account"
    )
    consent.add_argument("--fields", default="", metavar="F,F", help="nhóm hoặc mục dữ liệu · data groups or fields of the catalogue")
    consent.add_argument("--purposes", default="", metavar="P,P", help="CREDIT, TENANCY, COURT_CASE, ...")
    consent.add_argument("--contact", default="")
    consent.add_argument("--notice", default="", help="địa chỉ thông báo về xử lý dữ liệu · where it tells how it treats data")
    consent.add_argument("--requester", default="", help="cơ quan của phạm vi · whose scope")
    consent.add_argument("--basis", default="LEGAL_DUTY", help="LEGAL_DUTY, VITAL_INTEREST, COURT_ORDER, STATISTICS")
    consent.add_argument("--purpose", default="", metavar="VI | EN")
    consent.add_argument("--ground", default="", help="điều luật, thỏa thuận · clause and agreement")
    consent.add_argument("--from", dest="start", default="", metavar="YYYY-MM-DD")
    consent.add_argument("--until", default="", metavar="YYYY-MM-DD", help="không kể ngày này · exclusive")
    consent.add_argument("--pin", default="-", help="số định danh; - đọc từ đầu vào · personal number; - reads standard input")

    audit = add(
        "audit", "nhật ký: gốc cây, kiểm tra, dấu thời gian, chứng minh, ai đã xem · the log: root, verification, stamps, proofs, looks"
    )
    audit.add_argument("what", choices=("head", "verify", "stamp", "prove", "looks"))
    audit.add_argument("--pin", default="", help="looks: số định danh · personal number")
    audit.add_argument("--checkpoint", default="", metavar="FILE", help="verify: gốc đã lưu ở nơi khác · a head that was kept elsewhere")
    audit.add_argument("--entry", type=int, default=0, help="prove: số dòng · number of the entry")
    audit.add_argument("--dossier", default="", help="prove: mã hồ sơ thay cho số dòng · a dossier instead")
    audit.add_argument("--verb", default="", help="prove: việc nào của hồ sơ; mặc định việc đầu · which of its entries; default: the first")
    audit.add_argument("--out", default="", metavar="FILE", help="head, prove: tệp để ghi · where to write it")

    bounces = add("bounces", "đọc thư bị trả lại · take mail that came back: a Maildir, or one message from standard input")
    bounces.add_argument("--maildir", default="", metavar="DIR", help="đọc mọi thư mới trong DIR/new · take everything in DIR/new")
    bounces.add_argument(
        "--recipient", default="", help="địa chỉ nhận theo máy chủ thư · the envelope's recipient, where the server tells it"
    )

    warehouse = add(
        "warehouse",
        "kho điện tử: giấy tờ của một chủ kho; mã hóa tệp cũ, khóa gốc mới · an owner's papers; files at rest, a new master key",
    )
    warehouse.add_argument("what", choices=("items", "prove", "seal-old", "new-key"))
    warehouse.add_argument("--pin", default="", help="items: số định danh, - đọc từ đầu vào · personal number")
    warehouse.add_argument("--employer", default="", help="items: mã số thuế hoặc mã đơn vị · tax code or unit code")
    convert = add("convert", "chuyển đổi giấy tờ: quét, đối chiếu, chứng nhận, in · convert papers: scan, compare, certify, print")
    convert.add_argument("what", choices=("scan", "confirm", "refuse", "withdraw", "show", "waiting", "print"))
    convert.add_argument(
        "files", nargs="*", help="scan: tệp quét theo thứ tự trang; khác: số lần chuyển đổi · scans in order; else: its number"
    )
    convert.add_argument("--as", dest="officer", default="", help="cán bộ chuyển đổi · the officer who converts")
    convert.add_argument("--pin", default="", help="số định danh; - đọc từ đầu vào · personal number; - reads standard input")
    convert.add_argument("--employer", default="", help="mã số thuế hoặc mã đơn vị · tax code or unit code")
    convert.add_argument("--original", default="other", help="paper_book, certificate, civil_status, identity, contract, medical, other")
    convert.add_argument("--paper", default="A4", choices=("A3", "A4", "A5", "CARD"), help="khổ giấy · size of the sheet")
    convert.add_argument("--pages", type=int, default=1, help="số trang đếm trên bản giấy · pages counted on the paper")
    convert.add_argument("--compared", action="store_true", help="đã đối chiếu từng trang với bản giấy · every page was compared")
    convert.add_argument("--words", default="", help="ghi chú hoặc lý do · remarks, or why")
    convert.add_argument("--item", default="", help="print: giấy tờ trong kho; bỏ trống: sổ mới nhất · a paper; empty: the latest book")
    convert.add_argument("--out", default="", help="tệp .pdf · where to write it")

    add("migrate", "đưa cơ sở dữ liệu lên phiên bản này · bring the database's schema to this release")
    add("work", "chạy tiến trình xử lý nền · run the background worker").add_argument("--lanes", default="")
    keys = add("keys", "khóa niêm phong: in tập khóa, thay khóa, chứng thư · seal keys: print the set, rotate one, certificates")
    keys.add_argument(
        "what", nargs="?", default="show", choices=("show", "list", "signed", "root", "new-root", "rotate", "request", "certify")
    )
    keys.add_argument("purpose", nargs="?", default="page", help="khóa nào: book, decision, receipt, page, ... · which key")
    keys.add_argument("file", nargs="?", default="", help="certify: chứng thư PEM, kèm các cấp trên · the certificate with those above it")
    keys.add_argument(
        "--from", dest="start", default="", metavar="YYYY-MM-DDTHH:MM+07:00", help="rotate: từ lúc nào · from when; default: now"
    )
    keys.add_argument("--overlap-days", type=int, default=7, help="rotate: khóa cũ còn dùng mấy ngày · how long the old key still seals")
    keys.add_argument("--name", default="", help="request: tên trên chứng thư · name on the certificate")
    archive = add(
        "archive", "bản lưu trữ của trang đã niêm phong: lập, gia hạn, kiểm tra · archive copies of sealed pages: make, renew, check"
    )
    archive.add_argument("what", choices=("make", "renew", "check"))
    archive.add_argument("files", nargs="+", help="tệp PDF, hoặc thư mục · PDF files or folders")
    archive.add_argument("--out", default="", help="make: ghi bản lưu trữ vào đâu · where to write the copy")
    archive.add_argument("--after-days", type=int, default=365, help="renew: dấu thời gian cũ hơn mấy ngày · stamps older than that")
    trust = add("trust", "tổ chức chứng thực được tin: xem, ký danh sách · the authorities believed: show, or sign their list")
    trust.add_argument("what", choices=("show", "seal"))
    trust.add_argument("folder", nargs="?", default=".", help="thư mục có trust.json · the folder with trust.json (seal)")
    trust.add_argument("--number", type=int, default=0, help="số của bản này; mặc định theo thời điểm · number of this issue")
    trust.add_argument("--days", type=int, default=30, help="bản sau có trong bao nhiêu ngày · days until the next issue")
    add("conservation", "đếm hồ sơ theo chỗ đang nằm · where every filed dossier is now")
    add("equality", "mỗi sổ mới nhất có khớp cơ sở dữ liệu không · does every latest book equal the database")
    backup = add("backup", "sao lưu · back up")
    backup.add_argument("folder")
    restore = add("restore", "phục hồi; chỉ nhận khi gốc nhật ký khớp · restore; accepted only when the audit root matches")
    restore.add_argument("folder")
    restore.add_argument(
        "--checkpoint", default="", metavar="FILE", help="gốc nhật ký công bố gần nhất · the last published head of the log"
    )
    return top
