"""Copies of a regulation whose Centre follows up on answers follow it, too."""


def migrate(cr, version):
    cr.execute(
        """
        UPDATE civic_procedure own
           SET centre_follows_up = TRUE
          FROM civic_procedure shipped
          JOIN ir_model_data known
            ON known.model = 'civic.procedure' AND known.res_id = shipped.id
           AND known.module = 'civic_report'
         WHERE shipped.centre_follows_up
           AND own.code = shipped.code
           AND own.id != shipped.id
        """
    )
