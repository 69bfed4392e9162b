"""Lines that say only an old number: linked to the personal number the registry has for it, where nobody can be mistaken.

WHY only while judging: the line as it was filed keeps what was written, so a list shows nobody a number that was not in it.
"""

from collections.abc import Mapping
from dataclasses import replace

from bhxh.dossiers.procedure import Filing, FilingLine, KnownAs
from bhxh.kernel.text import search_form
from bhxh.registry.queries import PersonSummary, find_persons

_PRECISION = {"YEAR": 4, "MONTH": 7}


def link_old_numbers(filing: Filing) -> Filing:
    """The filing with the personal numbers of lines that have none of their own: one statement, none where no line asks for it.

    Shape:  a line is linked where all its old numbers that are known belong to one person kept here, whose name (marks and case
            ignored) and birth date (as exactly as both are known) are the line's.
    """
    wanted = {number for line in filing.lines if not line.pin and line.known_as is not None for number in line.known_as.numbers}
    if not wanted:
        return filing
    found = find_persons(wanted)
    return replace(filing, lines=tuple(_linked(line, found) for line in filing.lines))


def _linked(line: FilingLine, found: Mapping[tuple[str, str], PersonSummary]) -> FilingLine:
    if line.pin or line.known_as is None:
        return line
    persons = {found[number].person_id: found[number] for number in line.known_as.numbers if number in found}
    if len(persons) != 1:
        return line
    [person] = persons.values()
    return replace(line, pin=person.pin) if _is_same(line.known_as, person) else line


def _is_same(said: KnownAs, person: PersonSummary) -> bool:
    """WHY both: names repeat, and a slip in ten digits may well be somebody else's number."""
    if not person.full_name or not said.full_name or not said.birth_on or person.birth_on is None:
        return False
    born = person.birth_on.isoformat()[: _PRECISION.get(person.birth_precision, 10)]
    is_born = said.birth_on.startswith(born) or born.startswith(said.birth_on)
    return is_born and search_form(said.full_name) == search_form(person.full_name)
