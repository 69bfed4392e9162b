"""A bank asks, the person narrows and grants, the bank reads with the receipt, the person withdraws. Judged by Node alone, where there is one."""

import time
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import httpx
import orjson
from joserfc import jwt
from joserfc.jwk import ECKey

from bhxh.kernel.clock import day_in_vietnam, now
from tools.demo.demonstration import OUT, Demonstration
from tools.foreign import node_scripts
from tools.foreign.programs import NotHereError
from tools.people import Client
from tools.stack import Stack

_GRANTED = ["basic.full_name", "social_insurance.insured_on_day", "social_insurance.months_total"]
_BANK = "ngan-hang-mau"
_WAGES = "social_insurance.contribution_bases"
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def consent(demo: Demonstration) -> None:
    """From the request to the refused read."""
    with demo.step("Ngân hàng xin xem dữ liệu, người dân quyết định", "a bank asks, the person narrows, grants, and withdraws"):
        bank = let_in_bank(demo.stack).sign_in()
        pin = demo.population.demo_workers[0].pin
        person = Client.sign_in(demo.stack, pin)
        until = (day_in_vietnam(now()) + timedelta(days=30)).isoformat()
        question = {"personal_number": pin, "fields": [*_GRANTED, _WAGES], "purpose": "CREDIT", "reason": "Vay mua nhà", "until": until}
        request_id = bank.post("/sharing/requests", question)["request_id"]
        [wanted] = [one for one in person.get("/me/consent-requests") if one["request_id"] == request_id]
        print(f"      {wanted['requester']} xin xem, {wanted['purpose_vi']} · asks to see, {wanted['purpose_en']}:")
        for words_vi, words_en in zip(wanted["words_vi"], wanted["words_en"], strict=True):
            print(f"         {words_vi}\n            {words_en}")
        granted = person.post(f"/me/consent-requests/{request_id}/grant", {"fields": _GRANTED, "until": until})
        consent_id = granted["consent"]["consent_id"]
        read = bank.post(f"/sharing/consents/{consent_id}/reads", {})
        demo.expect(_WAGES not in granted["consent"]["fields"], "người dân bỏ phần tiền lương · the person left the wages out")
        insured = "có · yes" if read["data"]["social_insurance.insured_on_day"] else "không · no"
        demo.expect(
            set(read["data"]) == set(_GRANTED),
            f"không gì ngoài phần đã đồng ý; đang tham gia: {insured} · nothing beyond it; insured: {insured}",
        )
        demo.expect(read["receipt"] == granted["receipt"], "dữ liệu đi kèm phiếu đồng ý · the data came with the receipt")
        looks = person.get("/me/looks")
        demo.expect(
            any(consent_id in orjson.dumps(look).decode() for look in looks), "người dân thấy lần xem đó · the person sees that look"
        )
        _keep(demo, read, consent_id)
        _judge(demo)
        person.post(f"/me/consents/{consent_id}/withdrawal", {})
        refused = bank.request("POST", f"/sharing/consents/{consent_id}/reads", json={})
        demo.expect("ACC-149" in refused.text, "rút lại: lần đọc sau bị từ chối · withdrawn: the next read is refused")
        demo.figures["consent_fields"] = len(read["data"])


@dataclass(frozen=True)
class Bank:
    """A bank's program and its key, which stays with the bank."""

    stack: Stack
    key: ECKey

    def sign_in(self) -> Client:
        """By an assertion that the key signs; the token holds for a few minutes."""
        address, at_s = self.stack.address, int(time.time())
        claims = {"iss": _BANK, "sub": _BANK, "aud": address, "iat": at_s, "exp": at_s + 60, "jti": uuid4().hex}
        assertion = jwt.encode({"alg": "ES256", "kid": f"{_BANK}-1"}, claims, self.key, algorithms=["ES256"])
        form = {"grant_type": "client_credentials", "client_assertion_type": _ASSERTION_TYPE, "client_assertion": assertion}
        reply = httpx.post(f"{address}/api/v1/oauth/token", data=form, timeout=30, trust_env=False).raise_for_status()
        return Client(self.stack, {"Authorization": f"Bearer {reply.json()['access_token']}"})


def let_in_bank(stack: Stack) -> Bank:
    """A bank with a program of its own, registered by the operator."""
    asks_for = ("--kind", "BANK", "--fields", "basic,social_insurance", "--purposes", "CREDIT", "--contact", "lienhe@vidu.example")
    stack.run("consent", "requester", _BANK, "--name", "Ngân hàng Mẫu", "--client", _BANK, *asks_for)
    key = ECKey.generate_key("P-256", {"use": "sig", "kid": f"{_BANK}-1"})
    public = orjson.dumps({"keys": [key.as_dict(private=False)]}).decode()
    stack.run("program", _BANK, "--name", "Ngân hàng Mẫu", "--keys", "-", "--grants", "READ_WITH_CONSENT", stdin=public)
    return Bank(stack, key)


def _keep(demo: Demonstration, read: dict[str, object], consent_id: str) -> None:
    (OUT / "phieu-dong-y.json").write_bytes(orjson.dumps(read["receipt"]))
    (OUT / "du-lieu-cung-cap.json").write_bytes(orjson.dumps(read["disclosure"]))
    # WHY the keys once more: that of receipts was made for the first of them.
    for name, path in (("trang-thai-dong-y.json", f"consents/{consent_id}"), ("keys.json", "keys")):
        reply = httpx.get(f"{demo.stack.address}/api/v1/open/{path}", trust_env=False).raise_for_status()
        (OUT / name).write_bytes(reply.content)


def _judge(demo: Demonstration) -> None:
    papers = ("phieu-dong-y.json", "du-lieu-cung-cap.json", "trang-thai-dong-y.json")
    ours = demo.stack.run("verify", "--keys", str(OUT / "keys.json"), *(str(OUT / name) for name in papers), is_checked=False)
    demo.expect(ours.returncode == 0, "phiếu, dữ liệu, trạng thái có dấu đúng · receipt, data and status hold")
    try:
        receipt, disclosure, status, keys = ((OUT / name).read_bytes() for name in (*papers, "keys.json"))
        said = node_scripts.consent(receipt, keys, disclosure=disclosure, status=status)
    except NotHereError:
        print("      KHÔNG KIỂM TRA: chưa cài Node · NOT CHECKED by others: no Node here")
        return
    demo.expect(said.holds, "Node tự kiểm tra được, không cần chúng tôi · Node alone verifies them, without us")
