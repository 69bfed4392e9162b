"""One folder per administrative procedure: start here. The tuple is the catalogue, in the order in which people look for them."""

from bhxh.dossiers.procedure import Procedure
from bhxh.procedures import (
    change_personal_data,
    confirmation_extract,
    correct_contribution_history,
    register_employees,
    report_mistake,
)

PROCEDURES: tuple[Procedure, ...] = (
    register_employees.PROCEDURE,
    confirmation_extract.PROCEDURE,
    change_personal_data.PROCEDURE,
    correct_contribution_history.PROCEDURE,
    report_mistake.PROCEDURE,
)
