"""Sentences about who acts for whom among persons, and about accounts whose person has died."""

from bhxh.kernel.errors import define

ACC_PERSON_DECEASED = define(
    "ACC-201",
    "Cơ sở dữ liệu ghi nhận chủ tài khoản này đã mất nên tài khoản không dùng được nữa. Thân nhân đăng nhập bằng tài khoản của mình, hoặc đến "
    "cơ quan bảo hiểm xã hội để được hướng dẫn chế độ tử tuất. Nếu ghi nhận này sai, đến cơ quan bảo hiểm xã hội kèm căn cước.",
    "The database says that the holder of this account has died, so the account no longer works. Relatives sign in with their own account, or "
    "ask the social insurance office about survivors' benefits. If the record is wrong, come to the office with the identity card.",
)
ACC_OTHER_CUSTODIAN = define(
    "ACC-202",
    "Dữ liệu bảo hiểm của chủ tài khoản này do Bộ Quốc phòng hoặc Bộ Công an quản lý. Liên hệ cơ quan đó.",
    "The insurance data of this account's holder are kept by the Ministry of National Defence or of Public Security. Ask that ministry.",
)
ACC_NOT_REPRESENTED = define(
    "ACC-203",
    "Dữ liệu dân cư không ghi nhận bạn là cha, mẹ hoặc người giám hộ đang đại diện cho người này (người đã đủ 18 tuổi tự làm). "
    "Nếu dữ liệu chưa đúng, đề nghị điều chỉnh tại Công an xã, phường.",
    "The registers do not name you as a parent or guardian who represents this person now (whoever is eighteen acts for themselves). "
    "If the registers are wrong, have them corrected at the police of the ward or commune.",
)
ACC_FORM_OF_ANOTHER = define(
    "ACC-205",
    "Trang này mở ra trước khi bạn đổi người làm thay. Chưa có gì được gửi. Đổi lại như trước rồi gửi tiếp, hoặc bỏ trang này.",
    "This page was opened before you changed for whom you act. Nothing was sent. Change back and send it on, or leave this page.",
)
ACC_REPRESENTS_AS_ORGANISATION = define(
    "ACC-204",
    "Đang đăng nhập cho tổ chức nên không làm thay cho người thân được. Chuyển về vai trò cá nhân rồi làm lại.",
    "You are signed in for an organisation, so you cannot act for a relative. Change to your own role and try again.",
)
