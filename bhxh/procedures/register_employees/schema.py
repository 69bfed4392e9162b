"""The published XML schemas, made from the mapping table: `schema/hoso.xsd` (envelope) and `schema/register_employees.xsd` (form).

The envelope's names are those of the e-filing package employers' software writes today, without a namespace. The form's official
inner names are not public, so it has a namespace of ours. A test holds the published files equal to what is made here.
"""

from collections.abc import Mapping
from functools import cache

from lxml import etree

from bhxh.procedures.register_employees.columns import COLUMNS, Kind
from bhxh.procedures.register_employees.form import LONGEST_TEXT

NAMESPACE = "urn:bhxh:register-employees:1"
MAXIMUM_LINES = 10_000
HIGHEST_NUMBER = 999_999
"""LIMIT: of a line. A workbook has at most 50,000; a number of a thousand digits is a valid positiveInteger too."""

_PATTERNS: Mapping[Kind, str] = {
    Kind.IDENTIFIER: r"\d{9,12}",
    Kind.DECLARATION_TYPE: r"[1-5]",
    Kind.CHANGE_CODE: r"[A-Z]{2}",
    Kind.WAGE: r"\d{1,10}|\d{1,3}\.\d{1,2}",
    Kind.MONEY: r"\d{1,10}",
    Kind.DECIMAL: r"\d{1,6}(\.\d{1,6})?",
    Kind.MONTH: r"(0[1-9]|1[0-2])/\d{4}",
    Kind.DATE: r"\d{2}/\d{2}/\d{4}",
    Kind.BIRTH: r"((\d{2}/)?\d{2}/)?\d{4}",
    Kind.SEX: r"[01]",
    Kind.YES_NO: r"[01]",
    Kind.REGION: r"0[1-4]",
}

_ENVELOPE = """<?xml version="1.0" encoding="UTF-8"?>
<!-- The envelope of a filing. The unit's signature stands in Hoso/CKy_Dvi and covers all; where a worker or the agency sign too, every
     signature stands in Hoso/CacChuKy and covers NoiDung by its Id. -->
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified">
  <xs:element name="Hoso">
    <xs:complexType>
      <xs:sequence>
        <xs:element name="NoiDung">
          <xs:complexType>
            <xs:sequence>
              <xs:element name="ThongTinDonVi">
                <xs:complexType>
                  <xs:sequence>
                    <xs:element name="TenDoiTuong" type="text"/>
                    <xs:element name="MaSoBHXH" type="text" minOccurs="0"/>
                    <xs:element name="MaSoThue" type="taxCode"/>
                    <xs:element name="CoQuanQuanLy" type="text" minOccurs="0"/>
                  </xs:sequence>
                </xs:complexType>
              </xs:element>
              <xs:element name="ThongTinHoSo">
                <xs:complexType>
                  <xs:sequence>
                    <xs:element name="TenThuTuc" type="text"/>
                    <xs:element name="MaThuTuc" type="text"/>
                    <xs:element name="KyKeKhai" type="month"/>
                    <xs:element name="SoDot" type="xs:positiveInteger"/>
                    <xs:element name="NgayLap" type="day"/>
                    <xs:element name="SoLuongFile" type="xs:positiveInteger"/>
                    <xs:element name="ToKhais">
                      <xs:complexType>
                        <xs:sequence>
                          <xs:element name="FileToKhai">
                            <xs:complexType>
                              <xs:sequence>
                                <xs:element name="MaToKhai" type="text"/>
                                <xs:element name="MoTaToKhai" type="text"/>
                                <xs:element name="NoiDungFile">
                                  <xs:complexType>
                                    <xs:sequence>
                                      <xs:any namespace="##other" processContents="skip"/>
                                    </xs:sequence>
                                  </xs:complexType>
                                </xs:element>
                              </xs:sequence>
                            </xs:complexType>
                          </xs:element>
                        </xs:sequence>
                      </xs:complexType>
                    </xs:element>
                  </xs:sequence>
                </xs:complexType>
              </xs:element>
            </xs:sequence>
            <xs:attribute name="Id" type="xs:ID"/>
          </xs:complexType>
        </xs:element>
        <xs:element name="CKy_Dvi" type="signature" minOccurs="0"/>
        <xs:element name="CacChuKy" minOccurs="0">
          <xs:complexType>
            <xs:all>
              <xs:element name="CKy_Dvi" type="signature"/>
              <xs:element name="CKy_NLD" type="signature" minOccurs="0"/>
              <xs:element name="CKy_CQ" type="signature" minOccurs="0"/>
            </xs:all>
          </xs:complexType>
        </xs:element>
      </xs:sequence>
    </xs:complexType>
  </xs:element>
  <xs:complexType name="signature">
    <xs:sequence>
      <xs:any namespace="##other" processContents="skip" minOccurs="0" maxOccurs="1"/>
    </xs:sequence>
  </xs:complexType>
  <xs:simpleType name="text">
    <xs:restriction base="xs:string"><xs:maxLength value="500"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="taxCode">
    <xs:restriction base="xs:string"><xs:pattern value="\\d{10}(-\\d{3})?"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="month">
    <xs:restriction base="xs:string"><xs:pattern value="(0[1-9]|1[0-2])/\\d{4}"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="day">
    <xs:restriction base="xs:string"><xs:pattern value="\\d{2}/\\d{2}/\\d{4}"/></xs:restriction>
  </xs:simpleType>
</xs:schema>
"""


def envelope_text() -> str:
    """The schema of the envelope `Hoso`."""
    return _ENVELOPE


def form_text() -> str:
    """The schema of the form `D02-TS`, one element for each column that is read, all optional, in the order of the sheet."""
    elements = "\n".join(
        f'        <xs:element name="{column.code}" type="f:{column.kind.value}" minOccurs="0"/> <!-- {column.letter}: {column.label_vi} -->'
        for column in COLUMNS
    )
    types = "\n".join(
        f'  <xs:simpleType name="{kind.value}">\n    <xs:restriction base="xs:string"><xs:pattern value="{pattern}"/></xs:restriction>\n'
        "  </xs:simpleType>"
        for kind, pattern in _PATTERNS.items()
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!-- The form D02-TS inside the envelope. Made from the mapping table of the procedure register_employees. -->
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:f="{NAMESPACE}" targetNamespace="{NAMESPACE}" elementFormDefault="qualified">
  <xs:element name="D02-TS">
    <xs:complexType>
      <xs:sequence>
        <xs:element name="DanhSach">
          <xs:complexType>
            <xs:sequence>
              <xs:element name="Dong" type="f:line" maxOccurs="{MAXIMUM_LINES}"/>
            </xs:sequence>
          </xs:complexType>
        </xs:element>
        <xs:element name="Cky" minOccurs="0">
          <xs:complexType>
            <xs:sequence>
              <xs:any namespace="##other" processContents="skip" minOccurs="0" maxOccurs="1"/>
            </xs:sequence>
          </xs:complexType>
        </xs:element>
      </xs:sequence>
    </xs:complexType>
  </xs:element>
  <xs:complexType name="line">
    <xs:sequence>
{elements}
    </xs:sequence>
    <xs:attribute name="stt" type="f:number" use="required"/>
  </xs:complexType>
  <xs:simpleType name="number">
    <xs:restriction base="xs:positiveInteger"><xs:maxInclusive value="{HIGHEST_NUMBER}"/></xs:restriction>
  </xs:simpleType>
  <xs:simpleType name="text">
    <xs:restriction base="xs:string"><xs:minLength value="1"/><xs:maxLength value="{LONGEST_TEXT}"/></xs:restriction>
  </xs:simpleType>
{types}
</xs:schema>
"""


@cache
def envelope_schema() -> etree.XMLSchema:
    """Compiled, once."""
    return etree.XMLSchema(etree.fromstring(envelope_text().encode()))


@cache
def form_schema() -> etree.XMLSchema:
    """Compiled, once."""
    return etree.XMLSchema(etree.fromstring(form_text().encode()))
