"""What a report does when officers agree with it: nothing to the National Insurance Database.

WHY: a correction has a procedure of its own, with its evidence and its signature (an employer's list, a register's answer). The officers'
reason says which one corrects it, and the person sees it in the book.
"""

from bhxh.dossiers.procedure import Effects, EffectsRequest


def carry_out(request: EffectsRequest) -> Effects:
    """No NID change: nobody's book is touched."""
    return Effects(
        touched_person_ids=(), person_id_by_line={line.line.number: line.subject.person_id for line in request.lines if line.subject}
    )
