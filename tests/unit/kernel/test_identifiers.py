"""Every identifier of the field: what is one, what is not, and what other people see of it. Rules: decree-164 section 7."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bhxh.kernel import identifiers
from bhxh.kernel.errors import Invalid
from bhxh.kernel.identifiers import (
    BIRTH_PLACE_CODES,
    AgencyCode,
    BirthCertificateNumber,
    CertificateSerial,
    DossierCode,
    EmployerCode,
    FacilityCode,
    HealthCardCode,
    Identifier,
    OldIdNumber,
    PassportNumber,
    Pin,
    SocialInsuranceCode,
    TaxCode,
    WardCode,
)

GOOD: list[tuple[type[Identifier], str, str, str]] = [
    # type, typed, kept, source
    (Pin, "001199000001", "001199000001", "7.1, example"),
    (Pin, " 079 205 000 123 ", "079205000123", "7.1, example, spaces of a form"),
    (Pin, "079\u00a0205\u00a0000\u200b123", "079205000123", "7.1, copied from a web page"),
    (Pin, "999199000001", "999199000001", "7.1: a country code is a warning only"),
    (SocialInsuranceCode, "0123456789", "0123456789", "7.2, legacy"),
    (SocialInsuranceCode, "001199000001", "001199000001", "7.2, the PIN since August 2025"),
    (SocialInsuranceCode, "0000000000", "0000000000", "7.2: newborn forms use ten zeros"),
    (HealthCardCode, "DN4790123456789", "DN4790123456789", "7.3"),
    (HealthCardCode, "TE1010123456789", "TE1010123456789", "7.3, temporary card of a newborn"),
    (HealthCardCode, "HG4010123456789", "HG4010123456789", "7.3, organ donor"),
    (TaxCode, "0100233488", "0100233488", "7.4, checked example"),
    (TaxCode, "0110000027", "0110000027", "7.4, made up"),
    (TaxCode, "0100233488-001", "0100233488-001", "7.4, dependent unit"),
    (TaxCode, "0100233488999", "0100233488-999", "7.4, dependent unit without the hyphen"),
    (TaxCode, "079188000123", "079188000123", "7.4, household business: the PIN since July 2025"),
    (EmployerCode, "TA0001Z", "TA0001Z", "7.5, legacy shape"),
    (EmployerCode, "0100233488", "0100233488", "7.5, enterprise code since August 2025"),
    (EmployerCode, "AB123", "AB123", "7.5, shortest"),
    (AgencyCode, "07906", "07906", "7.6"),
    (AgencyCode, "00101", "00101", "7.6"),
    (DossierCode, "000.00.12.H26-261121-0001", "000.00.12.H26-261121-0001", "7.7, Circular 01/2018"),
    (DossierCode, "G12.99.01-261121-000001", "G12.99.01-261121-000001", "7.7, newer order, six digits"),
    (DossierCode, "G12.99-280229-12345678", "G12.99-280229-12345678", "7.7, leap day, eight digits"),
    (BirthCertificateNumber, "00001.GCS.01131.26", "00001.GCS.01131.26", "7.9"),
    (FacilityCode, "01131", "01131", "7.9"),
    (FacilityCode, "97A011", "97A011", "facility list: six characters"),
    (WardCode, "00004", "00004", "7.9"),
    (OldIdNumber, "012345678", "012345678", "7.8"),
    (PassportNumber, "C1234567", "C1234567", "Vietnamese passport"),
    (CertificateSerial, "7f3a", "7f3a", "7.9"),
    (CertificateSerial, "f" * 40, "f" * 40, "RFC 5280: at most 20 bytes"),
]

BAD: list[tuple[type[Identifier], str, str]] = [
    (Pin, "", "nothing"),
    (Pin, "00119900000", "the zero lost is not the first: 119 is nobody's province"),
    (Pin, "0011990000012", "thirteen digits"),
    (Pin, "00119900000A", "a letter"),
    (Pin, "٠٠١١٩٩٠٠٠٠٠١", "digits of another script"),
    (Pin, "001199000001; DROP", "more than a number"),
    (SocialInsuranceCode, "123456789", "nine digits"),
    (SocialInsuranceCode, "12345678901", "eleven digits"),
    (HealthCardCode, "DN6790123456789", "level 6"),
    (HealthCardCode, "DN0790123456789", "level 0"),
    (HealthCardCode, "DN4000123456789", "province 00"),
    (HealthCardCode, "D47901234567890", "one letter"),
    (HealthCardCode, "dn4790123456789", "small letters"),
    (HealthCardCode, "DN479012345678", "fourteen"),
    (TaxCode, "0110000021", "7.4: wrong check digit"),
    (TaxCode, "0100000000", "serial 0000000"),
    (TaxCode, "0100233488-000", "dependent units begin at 001"),
    (TaxCode, "0100233488000", "the same without the hyphen"),
    (TaxCode, "0100233488-01", "two digits after the hyphen"),
    (TaxCode, "010023348", "nine digits"),
    (TaxCode, "010023348-8001", "hyphen in the wrong place"),
    (EmployerCode, "TA01", "four characters"),
    (EmployerCode, "TA0001Z00000", "twelve characters"),
    (EmployerCode, "ta0001z", "small letters"),
    (EmployerCode, "TA-001Z", "a hyphen"),
    (AgencyCode, "17906", "does not start with 0"),
    (AgencyCode, "0790", "four digits"),
    (DossierCode, "G12.99.01-261131-0001", "30 November has no 31st"),
    (DossierCode, "G12.99.01-270229-0001", "29 February of no leap year"),
    (DossierCode, "G12.99.01-261121-001", "three digits"),
    (DossierCode, "G12-261121-0001", "prefix too short"),
    (DossierCode, "g12.99.01-261121-0001", "small letter"),
    (BirthCertificateNumber, "00001.GCS.01131.2026", "year of four digits"),
    (BirthCertificateNumber, "00001.GXX.01131.26", "another mark"),
    (FacilityCode, "0113", "four characters"),
    (FacilityCode, "0113100", "seven characters"),
    (WardCode, "0004", "four digits"),
    (OldIdNumber, "0123456789", "ten digits"),
    (PassportNumber, "C123", "four characters"),
    (PassportNumber, "C1234567<", "a filler of the machine-readable zone"),
    (CertificateSerial, "0a", "leading zero"),
    (CertificateSerial, "7F", "capital letters"),
    (CertificateSerial, "f" * 41, "beyond 20 bytes"),
]


@pytest.mark.parametrize(("kind", "typed", "kept", "source"), GOOD)
def test_what_is_one(kind: type[Identifier], typed: str, kept: str, source: str) -> None:
    parsed = kind.parse(typed)
    assert parsed == kept, source
    assert type(parsed) is kind
    assert kind.parse(parsed) == parsed, "what is kept reads back"


@pytest.mark.parametrize(("kind", "typed", "why"), BAD)
def test_what_is_none(kind: type[Identifier], typed: str, why: str) -> None:
    with pytest.raises(Invalid) as refused:
        kind.parse(typed)
    assert refused.value.code == "KER-002", why
    assert kind.kind[0] in refused.value.text("vi") and kind.rule[0] in refused.value.text("vi")
    assert kind.kind[1] in refused.value.text("en") and kind.rule[1] in refused.value.text("en")
    assert typed not in str(refused.value) or not typed
    assert kind.try_parse(typed) is None


def test_every_type_stands_in_both_tables() -> None:
    kinds = {one for one in vars(identifiers).values() if isinstance(one, type) and issubclass(one, Identifier)} - {Identifier}
    assert {row[0] for row in GOOD} == {row[0] for row in BAD} == kinds


def test_a_long_text_is_not_repeated_whole() -> None:
    with pytest.raises(Invalid) as refused:
        Pin.parse("9" * 100_000)
    assert len(refused.value.text()) < 300


def test_a_tax_number_whose_check_digit_would_be_ten_was_never_issued() -> None:
    weights = (31, 29, 23, 19, 17, 13, 7, 5, 3)
    never = next(
        f"{n:09d}" for n in range(10_000_000, 99_999_999) if sum(w * int(d) for w, d in zip(weights, f"{n:09d}", strict=True)) % 11 == 0
    )
    assert all(TaxCode.try_parse(f"{never}{check}") is None for check in range(10))


@given(st.integers(0, 99), st.integers(1, 9_999_999))
def test_at_most_one_check_digit_fits(province: int, serial: int) -> None:
    fitting = [check for check in range(10) if TaxCode.try_parse(f"{province:02d}{serial:07d}{check}")]
    assert len(fitting) <= 1


@given(st.integers(0, 99), st.integers(1, 9_999_999), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_seen(province: int, serial: int, place: int, shift: int) -> None:
    stem = f"{province:02d}{serial:07d}"
    sound = next((stem + str(check) for check in range(10) if TaxCode.is_sound(stem + str(check))), None)
    if sound is not None:
        wrong = sound[:place] + str((int(sound[place]) + shift) % 10) + sound[place + 1 :]
        assert not TaxCode.is_sound(wrong)


@pytest.mark.parametrize(
    ("pin", "year", "is_male"),
    [
        ("001199000001", 1999, False),
        ("079088000123", 1988, True),
        ("079205000123", 2005, True),
        ("079305000123", 2005, False),
        ("001410000001", 2110, True),
        ("001599000001", 2199, False),
        ("001899000001", 2399, True),
        ("001900000001", 2300, False),
    ],
)
def test_what_a_personal_number_encodes(pin: str, year: int, is_male: bool) -> None:
    parsed = Pin.parse(pin)
    assert (parsed.birth_year, parsed.is_male) == (year, is_male)


def test_sixty_three_old_provinces_stay_valid_for_ever() -> None:
    assert len(BIRTH_PLACE_CODES) == 63
    assert {"001", "002", "079", "096"} <= BIRTH_PLACE_CODES
    assert not BIRTH_PLACE_CODES & {"000", "003", "018", "097"}


@pytest.mark.parametrize(
    ("cut", "whole"),
    [
        ("79188000123", "079188000123"),  # Ho Chi Minh City lost one zero
        ("1199000001", "001199000001"),  # Ha Noi lost two
        ("8199000001", "008199000001"),
        ("01199000001", "001199000001"),  # one of the two came back
    ],
)
def test_lost_zeros_are_proposed_and_never_put_in_silently(cut: str, whole: str) -> None:
    assert Pin.find_lost_zero(cut) == whole
    with pytest.raises(Invalid) as refused:
        Pin.parse(cut)
    assert refused.value.code == "KER-003"
    assert str(len(cut)) in refused.value.text("vi") and str(len(cut)) in refused.value.text("en")
    assert Pin.try_parse(cut) is None


@pytest.mark.parametrize("text", ["", "79188000", "999199000001", "99188000123", "3199000001", "7918800012A", "079188000123"])
def test_what_can_be_no_cut_number_is_left_alone(text: str) -> None:
    assert Pin.find_lost_zero(text) is None


def test_ten_digits_may_be_a_cut_number_or_an_old_code() -> None:
    """Both readings stand: which one is meant is asked of a person (known in the D02 rules as a repair to confirm)."""
    ambiguous = "1199000001"
    assert Pin.find_lost_zero(ambiguous) is not None
    assert SocialInsuranceCode.parse(ambiguous).is_legacy
    assert not SocialInsuranceCode.parse("001199000001").is_legacy


@given(st.sampled_from(sorted(BIRTH_PLACE_CODES)), st.integers(0, 9), st.integers(0, 99), st.integers(0, 999_999))
def test_every_number_that_lost_its_zeros_is_found_again(province: str, century: int, year: int, rest: int) -> None:
    pin = f"{province}{century}{year:02d}{rest:06d}"
    cut = str(int(pin))
    assert len(cut) in (10, 11)
    assert Pin.find_lost_zero(cut) == pin


def test_parts_of_a_card() -> None:
    card = HealthCardCode.parse("DN4790123456789")
    assert (card.participant_type, card.benefit_level) == ("DN", 4)


@pytest.mark.parametrize(
    ("code", "usual"), [("TA0001Z", True), ("ABC1234Z", True), ("TA001Z", True), ("0100233488", False), ("TA00011", False)]
)
def test_an_unusual_unit_code_is_a_warning_only(code: str, usual: bool) -> None:
    assert EmployerCode.parse(code).has_usual_shape is usual


def test_a_dossier_code_is_composed() -> None:
    assert DossierCode.compose(prefix="G12.99.01", on=date(2026, 11, 21), serial=7) == "G12.99.01-261121-0007"
    assert DossierCode.compose(prefix="G12.99.01", on=date(2026, 11, 21), serial=99_999_999).endswith("-99999999")
    with pytest.raises(Invalid):
        DossierCode.compose(prefix="G12.99.01", on=date(2026, 11, 21), serial=100_000_000)
    with pytest.raises(Invalid):
        DossierCode.compose(prefix="nowhere", on=date(2026, 11, 21), serial=1)


@pytest.mark.parametrize(
    ("identifier", "masked"),
    [
        (Pin("001199000001"), "001*****0001"),  # as 7.1 shows it
        (SocialInsuranceCode("0123456789"), "012***6789"),
        (HealthCardCode("DN4790123456789"), "DN4********6789"),
        (TaxCode("0100233488"), "******3488"),
        (OldIdNumber("012345678"), "******678"),
        (PassportNumber("C1234567"), "C****567"),
        (AgencyCode("07906"), "07906"),
        (DossierCode("G12.99.01-261121-0001"), "G12.99.01-261121-0001"),
        (EmployerCode("AB123"), "*B123"),
    ],
)
def test_masks(identifier: Identifier, masked: str) -> None:
    assert identifier.masked == masked


@given(st.from_regex(r"\A0\d{11}\Z"))
def test_a_masked_number_of_a_person_hides_its_middle(number: str) -> None:
    for kind in (Pin, SocialInsuranceCode, TaxCode):
        masked = kind(number).masked
        assert len(masked) == 12 and masked.count("*") >= 5 and number[3:8] not in masked
