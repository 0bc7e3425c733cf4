"""Who may see what follows the module from now on, in earlier databases too."""


def migrate(cr, version):
    cr.execute(
        "UPDATE ir_model_data SET noupdate = false"
        " WHERE module = 'civic_report' AND model = 'ir.rule'"
    )
