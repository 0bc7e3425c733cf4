"""Pictures of today's telephones are larger than what was the limit before; what an
administrator chose stays."""


def migrate(cr, version):
    cr.execute(
        "UPDATE res_company SET civic_max_picture_mb = 60"
        " WHERE civic_max_picture_mb = 25"
    )
    cr.execute(
        "UPDATE res_company SET civic_max_recording_mb = 60"
        " WHERE civic_max_recording_mb = 50"
    )
