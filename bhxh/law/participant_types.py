"""Who takes part in social insurance, by the points of Article 2 of the law."""

from enum import StrEnum


class ParticipantType(StrEnum):
    """One participant type. Law: Law 41/2024/QH15, Art. 2; the letters are assumed (decree-164 section 8.4)."""

    LABOUR_CONTRACT = "LABOUR_CONTRACT"
    """1a: a contract of one month or more."""
    PUBLIC_SERVANT = "PUBLIC_SERVANT"
    """1b: cadres, civil servants, public employees."""
    DEFENCE_WORKER = "DEFENCE_WORKER"
    """1c: defence and police workers, other cipher staff."""
    ARMED_FORCES_OFFICER = "ARMED_FORCES_OFFICER"
    """1d: officers, professional soldiers, police officers."""
    ARMED_FORCES_CONSCRIPT = "ARMED_FORCES_CONSCRIPT"
    """1đ: non-commissioned, soldiers, cadets."""
    STANDING_MILITIA = "STANDING_MILITIA"
    """1e."""
    OVERSEAS_WORKER = "OVERSEAS_WORKER"
    """1g: contract workers abroad; they pay all themselves."""
    DIPLOMATIC_SPOUSE = "DIPLOMATIC_SPOUSE"
    """1h: spouses abroad without salary from the budget."""
    MANAGER_PAID = "MANAGER_PAID"
    """1i: managers of enterprises with salary."""
    COMMUNE_PART_TIME = "COMMUNE_PART_TIME"
    """1k: part-time staff of communes and hamlets."""
    PART_TIME_CONTRACT = "PART_TIME_CONTRACT"
    """1l: part-time contract with pay at least the lowest base; since July 2025."""
    BUSINESS_HOUSEHOLD_OWNER = "BUSINESS_HOUSEHOLD_OWNER"
    """1m: registered owners of business households; since July 2025."""
    MANAGER_UNPAID = "MANAGER_UNPAID"
    """1n: managers without salary; since July 2025."""
    FOREIGN_WORKER = "FOREIGN_WORKER"
    """2: foreigners with a contract of 12 months or more."""
    VOLUNTARY = "VOLUNTARY"
    """4: Vietnamese from 15 years who are not compulsory participants."""
    PRESERVED = "PRESERVED"
    """Stopped; the time is kept. Nothing is due."""
    BENEFICIARY = "BENEFICIARY"
    """Receives a monthly benefit. Nothing is due from the person."""


STATE_WAGE_TYPES = frozenset({ParticipantType.PUBLIC_SERVANT, ParticipantType.DEFENCE_WORKER, ParticipantType.ARMED_FORCES_OFFICER})
"""Paid by the state's salary tables: until 2025 their unemployment base was capped by the base salary, not by the region."""

NON_CONTRIBUTING_TYPES = frozenset({ParticipantType.PRESERVED, ParticipantType.BENEFICIARY})
