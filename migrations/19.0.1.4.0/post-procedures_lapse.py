"""Whatever ends reports without an answer has the ground for it, copies under a code of
their own included."""


def migrate(cr, version):
    cr.execute(
        """
        INSERT INTO civic_procedure_reason_rel (procedure_id, reason_id)
        SELECT procedure.id, reason.id
          FROM civic_procedure procedure
          JOIN civic_reason reason ON reason.code = 'no_answer'
         WHERE procedure.supplement_lapse IS NOT NULL
            ON CONFLICT DO NOTHING
        """
    )
