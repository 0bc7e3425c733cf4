from odoo import api, models

from .periodic_figures import (
    agency_figures,
    int_keys,
    of,
    pleased,
    report_figures,
    says_something,
)


class CivicPeriodicReport(models.Model):
    """Rows of figures: by category, channel and ward, by agency, by level."""

    _inherit = "civic.periodic.report"

    def _overview_rows(self, dimension, counted, before):
        """PL1 of one dimension, those that most came in of first."""
        groups, earlier = counted[dimension], before[dimension]
        keys = int_keys({**earlier, **groups})
        names = self._names_of(dimension, keys)
        rows = [
            {
                "dimension": dimension,
                "key": key,
                "label": names.get(key) or self._unknown_words(dimension),
                # Of what nothing came in before all that came in is more: the rows
                # add up to the whole.
                "figures": report_figures(of(groups, key), of(earlier, key) or {}),
            }
            for key in keys
        ]
        rows = [row for row in rows if says_something(row["figures"])]
        rows.sort(key=lambda row: (-row["figures"]["received"], row["label"]))
        return rows

    def _agency_rows(self, counted):
        """PL2; each row is its agency's own, too."""
        keys = [key for key in int_keys(counted["agency"]) if key]
        names = self._names_of("agency", keys)
        rows = [
            {
                "dimension": "agency",
                "key": key,
                "agency_id": key,
                "label": names.get(key) or "",
                "figures": agency_figures(of(counted["agency"], key)),
            }
            for key in keys
        ]
        rows = [row for row in rows if says_something(row["figures"])]
        rows.sort(key=lambda row: (-row["figures"]["given"], row["label"]))
        return rows

    def _level_rows(self, counted):
        """The whole scale, those levels too that nobody has given."""
        levels = self.procedure_id.scale_id.level_ids
        given = counted["level"]
        others = [key for key in int_keys(given) if key and key not in levels.ids]
        names = self._names_of("level", others)
        known = [(row.id, row.name) for row in self._vietnamese(levels)]
        known += [(key, names.get(key) or "") for key in others]
        return [
            {
                "dimension": "level",
                "key": key,
                "label": name,
                "figures": {"rated": of(given, key) or 0},
            }
            for key, name in known
        ]

    def _rating_rows(self, counted):
        """PL4: how many of each level, by agency."""
        given = counted["agency_level"]
        keys = [key for key in int_keys(given) if key]
        names = self._names_of("agency", keys)
        # Of a level that nobody gave it says 0, as the whole does.
        ids = (*self.procedure_id.scale_id.level_ids.ids, *int_keys(counted["level"]))
        none = {f"level_{level}": 0 for level in ids if level}
        rows = []
        for key in keys:
            agency = of(counted["agency"], key) or {}
            levels = of(given, key) or {}
            figures = {
                "rated": agency.get("rated") or 0,
                "satisfied": agency.get("satisfied") or 0,
                "pleased": pleased(agency),
                **none,
                **{f"level_{level}": count for level, count in levels.items()},
            }
            rows.append(
                {
                    "dimension": "rating",
                    "key": key,
                    "agency_id": key,
                    "label": names.get(key) or "",
                    "figures": figures,
                }
            )
        rows.sort(key=lambda row: (-row["figures"]["rated"], row["label"]))
        return rows

    def _prepare_listed(self, row, names):
        # Told only where too few are satisfied.
        part, whole = row["c"] or (None, None)
        grounds = [
            letter
            for letter, is_one in (
                ("a", row["a"]),
                ("b", row["b"]),
                ("c", row["c"]),
                ("d", row["d"]),
            )
            if is_one
        ]
        return {
            "dimension": "list",
            "key": row["agency_id"],
            "agency_id": row["agency_id"],
            "label": names.get(row["agency_id"]) or "",
            "figures": {
                "a": row["a"],
                "b": row["b"],
                "c_part": part,
                "c_whole": whole,
                "d": row["d"],
                "grounds": ", ".join(grounds),
            },
        }

    @api.model
    def _evaluation_figures(self, evaluation):
        """Grounds of an evaluation, and what was decided if anything was."""
        shown = self._vietnamese(evaluation)
        labels = dict(shown._fields["decision"]._description_selection(shown.env))
        words = (labels.get(evaluation.decision), evaluation.reason)
        parts = {
            f"e{number}_{part}": evaluation[f"e{number}_{part}"]
            for number in range(1, 7)
            for part in ("part", "whole")
            if f"e{number}_{part}" in evaluation._fields
        }
        return {
            **parts,
            "breaches": evaluation.breaches or "",
            "considered": "Không" if evaluation.breaches else "Có",
            "decision": ": ".join(filter(None, words)),
        }
