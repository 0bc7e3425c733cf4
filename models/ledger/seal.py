import secrets

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools import event_log, merkle

BATCH = 5000
COLUMNS = SQL(", ").join(map(SQL.identifier, event_log.COLUMNS))
# What sealing adds to a row, and its type in PostgreSQL.
ADDED = {
    "leaf_index": "int4",
    "salt": "text",
    "note_salt": "text",
    "note_digest": "text",
    "hash": "text",
}
SECRET = {
    "readonly": True,
    "copy": False,
    "prefetch": False,
    "groups": fields.NO_ACCESS,
}


class CivicEvent(models.Model):
    """Events are sealed into one log; see :mod:`..tools.event_log`.

    Not while they are written: two assignments of one report act at once, each behind
    its own row's lock, and a link would need one lock for the whole report. One worker
    seals what is committed, in the order in which it finds it. What binds is the root
    that leaves the house; before that, whoever can write the database could write any
    hash as well.
    """

    _inherit = "civic.event"

    hash = fields.Char(
        "Seal",
        readonly=True,
        copy=False,
        prefetch=False,
        help="Binds this event and all before it of the same report.",
    )
    leaf_index = fields.Integer(
        "Place in the Log",
        readonly=True,
        copy=False,
        prefetch=False,
        aggregator=None,
        help="From 0, among the events of all reports.",
    )
    salt = fields.Char(**SECRET)
    note_salt = fields.Char(**SECRET, help="Goes with the note, when that is deleted.")
    note_digest = fields.Char(**SECRET)
    tile_hash = fields.Char(
        **SECRET, help="On the last of so many events: their root, for proofs."
    )

    _leaf_once = models.UniqueIndex("(leaf_index) WHERE leaf_index IS NOT NULL")
    _waiting = models.Index("(id) WHERE leaf_index IS NULL")
    _tiles = models.Index("(leaf_index) WHERE tile_hash IS NOT NULL")

    # ------------------------------------------------------------------
    # Sealing
    # ------------------------------------------------------------------

    @api.model
    def _seal(self, limit=BATCH):
        """Seal events that are committed and wait, the oldest first.

        One worker at a time: of another the transaction fails on the unique place and
        is tried again.

        :return: number of events sealed
        """
        locked = self.env.execute_query(
            SQL("SELECT pg_try_advisory_xact_lock(hashtext('civic_event_seal'))")
        )
        if not locked[0][0]:
            return 0
        self.flush_model()
        events = self._log_rows(
            SQL("leaf_index IS NULL ORDER BY id LIMIT %(limit)s", limit=limit)
        )
        if not events:
            return 0
        first = self._log_size()
        last = self._last_hashes({event.report_id for event in events})
        sealed = []
        for index, event in enumerate(events, start=first):
            salts = (
                secrets.token_hex(event_log.SALT_BYTES),
                secrets.token_hex(event_log.NOTE_SALT_BYTES),
            )
            event = event_log.sealed(event, index, last.get(event.report_id), salts)
            last[event.report_id] = event.hash
            sealed.append(event)
        self._write_seals(sealed)
        self._write_tiles(first, first + len(sealed))
        return len(sealed)

    @api.model
    def _log_rows(self, where):
        """Rows of the log as it is kept.

        :param where: SQL: condition and order
        :return: list of `event_log.Event`
        """
        rows = self.env.execute_query(
            SQL("SELECT %s FROM civic_event WHERE %s", COLUMNS, where)
        )
        return [event_log.Event(*row) for row in rows]

    @api.model
    def _log_size(self):
        """Number of events in the log."""
        rows = self.env.execute_query(
            SQL("SELECT COALESCE(max(leaf_index) + 1, 0) FROM civic_event")
        )
        return rows[0][0]

    @api.model
    def _last_recorded(self):
        """When the last event of the log was recorded; None of an empty log."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT create_date FROM civic_event
                 WHERE leaf_index IS NOT NULL ORDER BY leaf_index DESC LIMIT 1
                """
            )
        )
        return rows[0][0] if rows else None

    @api.model
    def _last_hashes(self, report_ids, before=None):
        """The last sealed hash of each report.

        :param before: of those before this place
        :return: dict of report id → hash
        """
        bound = SQL("TRUE") if before is None else SQL("leaf_index < %s", before)
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT DISTINCT ON (report_id) report_id, hash
                      FROM civic_event
                     WHERE report_id IN %s AND leaf_index IS NOT NULL AND %s
                  ORDER BY report_id, leaf_index DESC
                    """,
                    tuple(report_ids),
                    bound,
                )
            )
        )

    @api.model
    def _write_seals(self, sealed):
        names = ("id", *ADDED)
        # SQL: the guard of the history lets nobody rewrite it, this included
        self.env.cr.execute(
            SQL(
                """
                UPDATE civic_event event SET %(added)s
                  FROM unnest(%(columns)s) AS row (%(names)s)
                 WHERE event.id = row.id
                """,
                added=SQL(", ").join(
                    SQL("%s = row.%s", SQL.identifier(name), SQL.identifier(name))
                    for name in ADDED
                ),
                columns=SQL(", ").join(
                    SQL(
                        "%s::%s[]",
                        [getattr(event, name) for event in sealed],
                        SQL.identifier(kind),
                    )
                    for name, kind in {"id": "int4", **ADDED}.items()
                ),
                names=SQL(", ").join(map(SQL.identifier, names)),
            )
        )
        self.invalidate_model(list(ADDED))

    @api.model
    def _write_tiles(self, first, size):
        """Keep the roots of the tiles that have become whole.

        :param first, size: sizes of the log before and after
        """
        for tile in range(first // merkle.TILE, size // merkle.TILE):
            # SQL: the guard of events lets nobody rewrite them, this included
            self.env.cr.execute(
                SQL(
                    "UPDATE civic_event SET tile_hash = %s WHERE leaf_index = %s",
                    merkle.root_of(self._leaves(tile, size)).hex(),
                    (tile + 1) * merkle.TILE - 1,
                )
            )

    # ------------------------------------------------------------------
    # The tree
    # ------------------------------------------------------------------

    @api.model
    def _leaves(self, tile, size):
        """Hashes of the leaves of a tile, in a log of this size.

        :return: list of bytes
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT hash FROM civic_event
                 WHERE leaf_index >= %s AND leaf_index < %s
              ORDER BY leaf_index
                """,
                tile * merkle.TILE,
                min((tile + 1) * merkle.TILE, size),
            )
        )
        return [bytes.fromhex(hashed) for (hashed,) in rows]

    @api.model
    def _tree(self, size, *places):
        """The log as a tree, as far as it is needed for roots and proofs.

        :param size: number of its leaves
        :param places: of leaves that are proved, sizes of trees before it
        :return: function of a range, see `merkle.RangeRoot`
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT tile_hash FROM civic_event
                 WHERE tile_hash IS NOT NULL AND leaf_index < %s
              ORDER BY leaf_index
                """,
                size,
            )
        )
        tiles = [bytes.fromhex(hashed) for (hashed,) in rows]
        asked = {place // merkle.TILE for place in (size, *places)}
        leaves = {tile: self._leaves(tile, size) for tile in asked}
        return merkle.Tiles(tiles, leaves).range_root
