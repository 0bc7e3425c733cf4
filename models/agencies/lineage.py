from collections import defaultdict

from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..ground.key import is_inside


class CivicLineage(models.AbstractModel):
    """What can end, and goes on in others: agencies, wards, categories.

    History keeps the old name; whoever looks for what is in force asks `_in_force`.
    Models that inherit it have `successor_ids`, written by successions alone.
    """

    _name = "civic.lineage"
    _description = "Ends and goes on in others"

    _lineage_fields = frozenset({"successor_ids", "ended_on"})

    ended_on = fields.Date(readonly=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_lineage(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_lineage(vals)
        if vals.get("active"):
            self._check_revived()
        return super().write(vals)

    def _check_lineage(self, vals):
        """:raises UserError: for who writes behind the successions' back"""
        if self._lineage_fields & set(vals) and not is_inside(self.env):
            raise UserError(
                self.env._(
                    "What ends, and in what it goes on, is entered as a succession: "
                    "Configuration › Successions."
                )
            )

    def _check_revived(self):
        # sudo: only whether it has ended
        for record in self.sudo().filtered("successor_ids"):
            raise UserError(
                self.env._(
                    "%(name)s has ended and goes on in %(successors)s. Enter a new "
                    "one instead.",
                    name=record.display_name,
                    successors=", ".join(record.successor_ids.mapped("display_name")),
                )
            )

    # ------------------------------------------------------------------
    # What is in force
    # ------------------------------------------------------------------

    @api.model
    @tools.ormcache()
    def _lineage(self):
        """Who stands in whose place now, over any number of successions.

        :return: (dict of ended id → tuple of ids that stand in its place,
            dict of id → frozenset of ended ids in whose place it stands)
        """
        # sudo: of all companies, kept in memory for everybody
        ended = (
            self.sudo()
            .with_context(active_test=False)
            .search_fetch([("successor_ids", "!=", False)], ["successor_ids"])
        )
        direct = {record.id: record.successor_ids.ids for record in ended}
        last = {}
        for id_ in direct:
            todo, seen = [id_], set()
            found = {}
            while todo:
                current = todo.pop(0)
                if current in seen:
                    continue
                seen.add(current)
                todo.extend(direct.get(current, ()))
                if current not in direct:
                    found[current] = True
            last[id_] = tuple(found)
        before = defaultdict(set)
        for id_, successors in last.items():
            for successor in successors:
                before[successor].add(id_)
        return last, {id_: frozenset(ids) for id_, ids in before.items()}

    def _in_force(self):
        """These records, each that has ended replaced by those that stand in its
        place."""
        last, _before = self._lineage()
        if not last:
            return self
        return self.browse(
            dict.fromkeys(
                successor for id_ in self.ids for successor in last.get(id_, (id_,))
            )
        )

    @api.model
    def _with_ended(self, ids):
        """Ids, and those of the ended ones in whose place they stand.

        :return: list of ids
        """
        _last, before = self._lineage()
        if not before:
            return list(ids)
        return list(
            dict.fromkeys(
                row for id_ in ids for row in (id_, *sorted(before.get(id_, ())))
            )
        )

    @api.model
    def _current_keys(self, ids):
        """Under which id each of these is summed: its own, or that of the only one in
        its place."""
        last, _before = self._lineage()
        return {
            id_: last[id_][0] if len(last.get(id_, ())) == 1 else id_ for id_ in ids
        }

    def _search_display_name(self, operator, value):
        """By the name of what stands in its place, and by the name of what it stands in
        the place of: both ways lead to all that came in under either."""
        domain = super()._search_display_name(operator, value)
        last, _before = self._lineage()
        if not last or operator not in ("ilike", "like", "=", "in"):
            return domain
        # sudo: names are compared; what is found is looked at by the caller's rules
        found = self.sudo().with_context(active_test=False).search(domain)
        line = self._with_ended(found._in_force().ids)
        return Domain(domain) | Domain("id", "in", line)


class CivicAgency(models.Model):
    _name = "civic.agency"
    _inherit = ["civic.lineage", "civic.agency"]

    successor_ids = fields.Many2many(
        "civic.agency",
        "civic_agency_successor_rel",
        "agency_id",
        "successor_id",
        "Goes On In",
        readonly=True,
        copy=False,
    )


class CivicWard(models.Model):
    _name = "civic.ward"
    _inherit = ["civic.lineage", "civic.ward"]

    successor_ids = fields.Many2many(
        "civic.ward",
        "civic_ward_successor_rel",
        "ward_id",
        "successor_id",
        "Goes On In",
        readonly=True,
        copy=False,
    )


class CivicCategory(models.Model):
    _name = "civic.category"
    _inherit = ["civic.lineage", "civic.category"]

    successor_ids = fields.Many2many(
        "civic.category",
        "civic_category_successor_rel",
        "category_id",
        "successor_id",
        "Goes On In",
        readonly=True,
        copy=False,
    )
