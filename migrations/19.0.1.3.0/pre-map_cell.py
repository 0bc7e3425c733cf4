"""Reports that are there already get their cell of the map in one statement.

The formula is that of tools/geo.py.
"""


def migrate(cr, version):
    cr.execute("ALTER TABLE civic_report ADD COLUMN IF NOT EXISTS map_cell int4")
    cr.execute(
        """
        UPDATE civic_report
           SET map_cell =
                   16384
                   * least(floor((longitude::float8 + 180) / 360 * 16384), 16383)::int
                   + least(greatest(floor(
                         (0.5 - ln((1 + sine) / (1 - sine)) / (4 * pi())) * 16384
                     ), 0), 16383)::int
          FROM (SELECT id AS placed_id,
                       sin(radians(least(greatest(latitude::float8, -85.0511),
                                         85.0511))) AS sine
                  FROM civic_report
                 WHERE latitude <> 0 OR longitude <> 0) placed
         WHERE id = placed_id
        """
    )
