"""Where reports end whose sender does not answer, the ground for it is in use: one that
was archived kept every other report from lapsing."""


def migrate(cr, version):
    cr.execute(
        """
        UPDATE civic_reason
           SET active = TRUE
         WHERE code = 'no_answer'
           AND NOT active
           AND EXISTS (SELECT FROM civic_procedure
                        WHERE supplement_lapse IS NOT NULL)
        """
    )
