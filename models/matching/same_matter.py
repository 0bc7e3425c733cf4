from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, escape_psql

from ...tools import geo
from ...tools.matching import COMMON, LIKELY, Matter, best, words
from ..ground.sql_states import sql_states
from ..workflow.transitions import INTAKE_STATES, OPEN_REPORT_STATES

# Candidates are compared one by one: that many of a place at most.
MAX_IN_CELL = 200
MAX_IN_WARD = 60
MAX_BY_WORDS = 40
MAX_SAME_PICTURE = 20
# What has neither position nor ward is found by its words, if it came in these days.
WORDS_DAYS = 120
MAX_PHRASES = 4
MAX_OFFERED = 5
# What officers and citizens are shown may well be another matter: they decide.
WORTH_A_LOOK = 0.5


class CivicReport(models.Model):
    """Which other reports may be about the matter of one, as officers see it."""

    _inherit = "civic.report"

    likely_duplicates = fields.Json(
        compute="_compute_likely_duplicates",
        groups="civic_report.group_operator",
        help="Reports that may be about the same matter: id, code, subject, state, "
        "distance in metres, similarity of the words, and why.",
    )
    duplicate_suspected = fields.Boolean(
        compute="_compute_duplicate_suspected", groups="civic_report.group_operator"
    )

    _open_by_ward = models.Index(
        "(ward_id, received_at DESC, id DESC) WHERE state IN "
        f"{sql_states(OPEN_REPORT_STATES)}"
    )

    # ------------------------------------------------------------------
    # For the Centre
    # ------------------------------------------------------------------

    @api.depends("subject", "category_id", "ward_id", "address")
    @api.depends("latitude", "longitude", "media_ids")
    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_likely_duplicates(self):
        for report in self:
            report.likely_duplicates = [
                other._similar_values(match)
                for other, match in report._origin._likely_duplicates()
            ]

    def _similar_values(self, match):
        """What officers are shown of a report that may be about the same matter.

        :param match: `matching.Match`
        """
        return {
            "id": self.id,
            "code": self.name,
            "subject": self.subject,
            "state": self._state_label(),
            "is_open": self.is_open,
            "received_at": self.company_id._civic_moment_text(self.received_at),
            "distance": None if match.metres is None else round(match.metres),
            "similarity": round(100 * match.similarity),
            "score": round(100 * match.score),
            "same_picture": "picture" in match.reasons,
        }

    @api.depends("subject", "category_id", "ward_id", "address", "state")
    @api.depends("latitude", "longitude", "media_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_duplicate_suspected(self):
        """As many queries for a board of eighty cards as for one."""
        # Cards bear the mark only while the Centre has not decided.
        undecided = self._origin.filtered(lambda row: row.state in INTAKE_STATES)
        matches = undecided._matches(LIKELY, 1)
        for report in self:
            report.duplicate_suspected = bool(matches.get(report._origin))

    def _likely_duplicates(self, limit=MAX_OFFERED):
        """Other reports, open or published, that may be about the matter of this one.

        :return: list of (civic.report, Match) that the current user may see, the
            likeliest first
        """
        return self._matches(WORTH_A_LOOK, limit).get(self, [])

    def _matches(self, at_least, limit):
        """Likely duplicates of each of these reports, in a constant number of queries.

        :return: dict civic.report → list of (civic.report, Match)
        """
        if not self:
            return {}
        # sudo: what is compared; who may see what is found is asked afterwards
        reports = self.sudo()
        matching = self.env["civic.matching"].sudo()
        found = matching._candidates(
            {
                report.id: matching._wanted(
                    report.company_id, report._position_values()
                )
                for report in reports
            },
            public=False,
        )
        for report_id, ids in reports._with_same_pictures().items():
            found[report_id] = found.get(report_id, set()) | ids
        everything = self.browse(set().union(reports.ids, *found.values()))
        matters = everything.sudo()._matters()
        visible = set(everything._filtered_access("read").ids)
        return {
            report: [
                (self.browse(other), match)
                for other, match in best(
                    matters[report.id],
                    [
                        (other, matters[other])
                        for other in found.get(report.id, set()) & visible
                        if other != report.id
                    ],
                    at_least,
                    limit,
                )
            ]
            for report in self
        }

    def _with_same_pictures(self):
        """Reports that came with a file of these reports or with a look-alike.

        :return: dict id → set of ids
        """
        media = self.env["civic.media"]
        own = media.search(
            [("report_id", "in", self.ids), ("kind", "in", ("picture", "video"))]
        )
        marks = {mark for row in own for mark in (row.sha256, row.likeness) if mark}
        if not marks:
            return {}
        same = media.search(
            Domain("report_id", "!=", False)
            & (Domain("sha256", "in", marks) | Domain("likeness", "in", marks)),
            limit=MAX_SAME_PICTURE * len(self),
            order="id desc",
        )
        return {
            report.id: {
                row.report_id.id
                for row in same
                if row.report_id.company_id == report.company_id
                and {row.sha256, row.likeness} & set(report._picture_marks(own))
            }
            for report in self
        }

    def _picture_marks(self, media):
        """Fingerprints of this report's files among rows of `civic.media`."""
        rows = media.filtered(lambda row: row.report_id.id == self.id)
        return {mark for row in rows for mark in (row.sha256, row.likeness) if mark}

    def _matters(self, public=False):
        """What is compared of these reports.

        :param public: leave out what the public does not see
        :return: dict id → Matter
        """
        pictures = {}
        if not public:
            rows = self.env["civic.media"].search([("report_id", "in", self.ids)])
            for row in rows:
                marks = {row.sha256, row.likeness} - {False}
                pictures.setdefault(row.report_id.id, set()).update(marks)
        return {
            report.id: Matter(
                subject=report.subject or "",
                text=(report.standardised_description if public else report.description)
                or "",
                address=report.address or "",
                line=report.category_id._line(),
                ward=report.ward_id.id or 0,
                latitude=report.latitude,
                longitude=report.longitude,
                radius=report.category_id._match_radius(),
                at=report.received_at,
                is_open=report.state in OPEN_REPORT_STATES,
                pictures=frozenset(pictures.get(report.id, ())),
            )
            for report in self
        }

    def _position_values(self):
        self.ensure_one()
        return {
            "subject": self.subject,
            "address": self.address,
            "category_id": self.category_id.id,
            "ward_id": self.ward_id.id,
            "latitude": self.latitude,
            "longitude": self.longitude,
        }


class CivicMatching(models.AbstractModel):
    """Finds reports that may be about the same matter; see :mod:`..tools.matching`.

    Candidates are the latest in the cells of the map around the place, in the ward or
    with the same words: as many at a million reports as at a thousand.
    """

    _name = "civic.matching"
    _description = "Reports about the same matter"

    @api.model
    def _similar_while_written(self, values, limit=MAX_OFFERED):
        """Reports, open or published, that may be about what is being written.

        :param values: see `_wanted`
        :return: list of (civic.report, Match) that the current user may see
        """
        # sudo: what is compared; who may see what is found is asked afterwards
        model = self.sudo()
        wanted = model._wanted(self.env.company, values)
        found = model._candidates({0: wanted}, public=False).get(0, set())
        reports = self.env["civic.report"]
        visible = reports.browse(found)._filtered_access("read")
        matters = visible.sudo()._matters()
        return [
            (reports.browse(key), match)
            for key, match in best(
                model._matter_of(values), matters.items(), WORTH_A_LOOK, limit
            )
        ]

    @api.model
    def _matter_of(self, values):
        """What is compared of a report that is still being written."""
        category = self.env["civic.category"].browse(values.get("category_id") or [])
        return Matter(
            subject=values.get("subject") or "",
            text=values.get("description") or "",
            address=values.get("address") or "",
            line=category._line(),
            ward=values.get("ward_id") or 0,
            latitude=values.get("latitude") or 0.0,
            longitude=values.get("longitude") or 0.0,
            radius=category._match_radius(),
            at=self.env["civic.door"]._now(),
        )

    @api.model
    def _wanted(self, company, values):
        """Where to look for what may be about the same matter.

        :param values: dict of what is known: subject, description, address,
            category_id, ward_id, latitude, longitude, exclude_id
        :return: dict: company_id, box (geo.Box or None), cells, ward_id, category_id,
            phrases
        """
        category = self.env["civic.category"].browse(values.get("category_id") or [])
        box, cells = None, []
        latitude, longitude = values.get("latitude"), values.get("longitude")
        if latitude or longitude:
            # Beyond three times the radius no words make up for the distance.
            metres = 3 * category._match_radius()
            box = geo.box_around(latitude, longitude, metres)
            cells = geo.cells_around(latitude, longitude, metres)
        ward_id = values.get("ward_id") or None
        return {
            "company_id": company.id,
            "box": box,
            "cells": cells,
            "ward_id": ward_id,
            "category_id": category.id or None,
            "phrases": [] if cells or ward_id else self._phrases(values),
        }

    @api.model
    def _phrases(self, values):
        """Pairs of neighbouring words that tell a place or a matter, at most a few."""
        phrases = {}
        for name in ("address", "subject"):
            row = words((values.get(name) or "")[:300])
            for one, two in zip(row, row[1:], strict=False):
                if not {one, two} <= COMMON:
                    phrases[f"{one} {two}"] = len({one, two} & COMMON)
        # Those of telling words first.
        return sorted(phrases, key=phrases.get)[:MAX_PHRASES]

    @api.model
    def _candidates(self, wanted, public):
        """Ids of reports that are worth comparing, by three indexes.

        :param wanted: dict key → see `_wanted`
        :param public: among published reports only, else among open ones too
        :return: dict key → set of ids
        """
        # Raw statements read what is written.
        self.env["civic.report"].flush_model()
        found = {}
        for statement in (
            self._cells_statement(wanted, public),
            self._wards_statement(wanted, public),
            self._words_statement(wanted, public),
        ):
            for key, report_id in statement and self.env.execute_query(statement) or ():
                found.setdefault(key, set()).add(report_id)
        return found

    @api.model
    def _populations(self, public):
        """Conditions of the partial indexes, as they are declared."""
        published = SQL("is_published IS TRUE")
        if public:
            return [published]
        return [published, SQL("state IN %s", OPEN_REPORT_STATES)]

    @api.model
    def _latest(self, condition, public, limit):
        """The latest reports of a condition, of each population."""
        return SQL(" UNION ALL ").join(
            SQL(
                "(SELECT id, category_id, map_cell, latitude, longitude"
                " FROM civic_report WHERE company_id = wanted.company_id AND %s AND %s"
                " ORDER BY received_at DESC, id DESC LIMIT %s)",
                condition,
                population,
                limit,
            )
            for population in self._populations(public)
        )

    @api.model
    def _cells_statement(self, wanted, public):
        rows = [
            (key, row["company_id"], cell, *row["box"])
            for key, row in wanted.items()
            for cell in row["cells"]
        ]
        return rows and SQL(
            """
            SELECT DISTINCT wanted.key, found.id
              FROM (VALUES %(rows)s)
                   AS wanted (key, company_id, cell, west, south, east, north)
        CROSS JOIN LATERAL (%(latest)s) found
             WHERE found.latitude BETWEEN wanted.south AND wanted.north
               AND found.longitude BETWEEN wanted.west AND wanted.east
            """,
            rows=SQL(", ").join(SQL("%s", row) for row in rows),
            latest=self._latest(SQL("map_cell = wanted.cell"), public, MAX_IN_CELL),
        )

    @api.model
    def _wards_statement(self, wanted, public):
        """Of the ward and not another line; where one of the two has no position."""
        rows = [
            (
                key,
                row["company_id"],
                row["ward_id"],
                row["category_id"],
                not row["cells"],
            )
            for key, row in wanted.items()
            if row["ward_id"]
        ]
        return rows and SQL(
            """
            SELECT DISTINCT wanted.key, found.id
              FROM (VALUES %(rows)s)
                   AS wanted (key, company_id, ward_id, category_id, is_nowhere)
        CROSS JOIN LATERAL (%(latest)s) found
             WHERE (wanted.is_nowhere OR found.map_cell = 0)
               AND (wanted.category_id IS NULL OR found.category_id IS NULL
                    OR found.category_id = wanted.category_id)
            """,
            rows=SQL(", ").join(SQL("(%s, %s, %s, %s::int, %s)", *row) for row in rows),
            latest=self._latest(SQL("ward_id = wanted.ward_id"), public, MAX_IN_WARD),
        )

    @api.model
    def _words_statement(self, wanted, public):
        rows = [
            (key, row["company_id"], f"%{escape_psql(phrase)}%")
            for key, row in wanted.items()
            for phrase in row["phrases"]
        ]
        field = SQL.identifier("public_search_text" if public else "search_text")
        since = self.env["civic.door"]._now() - timedelta(days=WORDS_DAYS)
        return rows and SQL(
            """
            SELECT DISTINCT wanted.key, found.id
              FROM (VALUES %(rows)s) AS wanted (key, company_id, pattern)
        CROSS JOIN LATERAL (%(latest)s) found
            """,
            rows=SQL(", ").join(SQL("%s", row) for row in rows),
            latest=self._latest(
                SQL("%s LIKE wanted.pattern AND received_at > %s", field, since),
                public,
                MAX_BY_WORDS,
            ),
        )
