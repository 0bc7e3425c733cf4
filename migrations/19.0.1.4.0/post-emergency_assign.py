"""Copies of the guidance of Bắc Giang lose a duty that it does not name: that leaders
assign an emergency first. What waits for it now may be submitted as it is."""


def migrate(cr, version):
    cr.execute(
        """
        DELETE FROM civic_procedure_limit
         WHERE track = 'emergency' AND step = 'assign'
           AND value = 0.5 AND unit = 'working_hour'
           AND source = 'Phần 2, mục 2, bước 2'
        """
    )
