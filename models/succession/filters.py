import ast

from odoo import api, models
from odoo.fields import Domain

# What a filter by one record says; other words, such as “not”, say what they said.
EQUAL, AMONG = "=", frozenset({"in", "child_of"})


class IrFilters(models.Model):
    """Filters that people have kept lead on to what stands in the place of what has
    ended, as links do."""

    _inherit = "ir.filters"

    @api.model
    def _civic_follow(self, ended):
        """Have kept filters by an ended record find what came in since, too.

        :param ended: civic.agency, civic.ward or civic.category that has ended
        """
        successors = ended._in_force()
        for row in self.sudo().search(  # sudo: everybody's own
            Domain("model_id", "=like", "civic.%") & Domain("domain", "like", ended.id)
        ):
            names = {
                name
                for name, field in self.env[row.model_id]._fields.items()
                if field.relational and field.comodel_name == ended._name
            }
            domain = _widened(row.domain, names, ended.id, successors.ids)
            if domain != row.domain:
                row.domain = domain


def _widened(text, names, ended_id, successor_ids):
    """A domain with other values beside one.

    :param text: domain as Python, such as "[('ward_id', '=', 7)]"
    :param names: of the fields to look at
    :return: text; unchanged where nothing is to be widened or it cannot be read
    """
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError):
        return text
    found = [
        node for node in ast.walk(tree) if _widen(node, names, ended_id, successor_ids)
    ]
    return ast.unparse(tree) if found else text


def _widen(node, names, ended_id, successor_ids):
    """Widen a condition; whether there was anything to."""
    if not (isinstance(node, (ast.Tuple, ast.List)) and len(node.elts) == 3):
        return False
    try:
        name, operator = map(ast.literal_eval, node.elts[:2])
        value = ast.literal_eval(node.elts[2])
    except (SyntaxError, ValueError):
        return False  # a value that is reckoned, such as a date
    ids = list(value) if isinstance(value, (list, tuple)) else [value]
    if name not in names or ended_id not in ids:
        return False
    if operator not in AMONG and (operator != EQUAL or isinstance(value, bool)):
        return False
    node.elts[1] = ast.Constant("in" if operator == EQUAL else operator)
    ids = list(dict.fromkeys([*ids, *successor_ids]))
    node.elts[2] = ast.List([ast.Constant(id_) for id_ in ids], ast.Load())
    return True
