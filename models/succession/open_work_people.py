from collections import defaultdict

from odoo import Command, api, models, tools
from odoo.fields import Domain

from ..agencies.deputies import AGENCY_ROLES
from ..assignment.coordination import CONSULTED
from ..assignment.roster import LEADERS_CODES
from ..ground.key import is_inside
from ..leadership.act import ACT_MODELS
from ..workflow.transitions import OPEN_ASSIGNMENT_STATES, OPEN_REPORT_STATES

# Roles in which people have work in hand.
WORK_ROLES = ("handler", "leader", "operator", "coordinator", "province_leader")
DECIDING = ("designate",)
# What takes roles or provinces from people.
STANDING = frozenset({"group_ids", "company_ids"})


class ResUsers(models.Model):
    _name = "res.users"
    _inherit = ["civic.open.work", "res.users"]

    @api.model
    def _selection_civic_work_role(self):
        return [
            (role, self.env.ref(f"civic_report.group_{role}").sudo().name)
            for role in WORK_ROLES
        ]

    def _civic_work_roles(self):
        """:return: frozenset of the roles in which this user may have work in hand"""
        # Whoever has none costs no question.
        if self.id not in self._civic_workers():
            return frozenset()
        known = self.env["ir.model.data"]._xmlid_to_res_id
        # sudo: the groups of others. Not by `has_group`: what that keeps in memory
        # would outlive a change that is refused.
        groups = set(self.sudo().all_group_ids.ids)
        return frozenset(
            role for role in WORK_ROLES if known(f"civic_report.group_{role}") in groups
        )

    @api.model
    @tools.ormcache(cache="groups")
    def _civic_role_groups(self):
        """:return: frozenset of the ids of groups that give a role, implied or not"""
        known = self.env["ir.model.data"]._xmlid_to_res_id
        # While the module is being installed there may be none.
        ids = [known(f"civic_report.group_{role}") for role in WORK_ROLES]
        # sudo: which groups there are
        groups = self.env["res.groups"].sudo().browse(filter(None, ids))
        return frozenset(groups.all_implied_by_ids.ids)

    @api.model
    @tools.ormcache(cache="groups")
    def _civic_workers(self):
        """Users who may have a role; some may have lost it since.

        :return: frozenset of ids
        """
        # sudo: who is in which group
        groups = self.env["res.groups"].sudo().browse(self._civic_role_groups())
        return frozenset(groups.with_context(active_test=False).user_ids.ids)

    @api.model
    def _civic_take_in(self, commands):
        """Forget who has a role, where commands for `group_ids` may give one."""
        given = set()
        for command in commands or ():
            if command[0] == Command.LINK:
                given.add(command[1])
            elif command[0] == Command.SET:
                given.update(command[2])
        if not given.isdisjoint(self._civic_role_groups()):
            self.env.registry.clear_cache("groups")

    # ------------------------------------------------------------------
    # In hand
    # ------------------------------------------------------------------

    def _check_nothing_open(self):
        # Other apps' users and citizens hold no duties; there are many of them.
        return super(
            ResUsers, self.filtered(lambda user: user._civic_work_roles())
        )._check_nothing_open()

    def _open_work_domains(self):
        return self._civic_work_domains()

    def _civic_open_work(self, companies=None, roles=WORK_ROLES, kept=()):
        """How much is in hand, in words: see `_open_work` and `_civic_work_domains`."""
        return self._count_open(self._civic_work_domains(companies, roles, kept))

    def _civic_work_domains(self, companies=None, roles=WORK_ROLES, kept=()):
        """See `_open_work_domains`.

        :param companies: res.company; all by default
        :param roles: those in which it is in hand
        :param kept: roles that will do as well, where one of several is enough
        """
        _ = self.env._
        words = {
            "assignments": _("%s assignments"),
            "duties": _("%s duties"),
            "taken": _("%s reports taken"),
            "reminders": _("%s reminders"),
        }
        found = defaultdict(list)
        for key, model, of, domain in self._civic_work():
            if of & set(roles) and not of & set(kept):
                found[key, model].append(domain)
        rows = []
        for (key, model), domains in found.items():
            domain = Domain.OR(domains)
            if companies is not None:
                domain &= self._civic_within(companies, model, domain)
            rows.append((model, domain, words[key]))
        return rows

    def _civic_within(self, companies, model, domain):
        if model != "mail.activity":
            return Domain("company_id", "in", companies.ids)
        # sudo: counted and moved for others
        reminders = self.env[model].sudo().search(domain)
        return Domain("id", "in", reminders._civic_of(companies).ids)

    def _civic_work(self):
        """Everything that these people have in hand.

        :return: yields (words, model, roles in which it is held, domain)
        """
        ids = self.ids
        open_ = Domain("state", "in", list(OPEN_ASSIGNMENT_STATES))
        handled, led = (
            open_ & Domain("handler_id", "in", ids),
            open_ & Domain("leader_id", "in", ids) & Domain("state", "=", "submitted"),
        )
        yield "assignments", "civic.assignment", {"handler"}, handled
        yield "assignments", "civic.assignment", {"leader"}, led
        steps = Domain("user_id", "in", ids) & Domain("state", "=", "open")
        ours, theirs = (
            steps & Domain("assignment_id", "!=", False),
            steps & Domain("assignment_id", "=", False),
        )
        leaders = Domain("code", "in", list(LEADERS_CODES))
        consulted = Domain("code", "in", list(CONSULTED))
        deciding = Domain("code", "in", list(DECIDING))
        # In a vacancy leaders have the duties of handlers.
        yield "duties", "civic.step", AGENCY_ROLES, ours & ~leaders
        yield "duties", "civic.step", {"leader"}, ours & leaders
        yield "duties", "civic.step", {"coordinator"}, theirs & consulted
        yield "duties", "civic.step", {"province_leader"}, theirs & deciding
        yield "duties", "civic.step", {"operator"}, theirs & ~consulted & ~deciding
        taken = Domain("operator_id", "in", ids)
        taken &= Domain("state", "in", list(OPEN_REPORT_STATES))
        yield "taken", "civic.report", {"operator"}, taken
        reminders = Domain("user_id", "in", ids) & Domain("civic_step_id", "=", False)
        of_parts = Domain("res_model", "in", ["civic.assignment", *ACT_MODELS])
        of_others = Domain("res_model", "=like", "civic.%") & ~of_parts
        yield "reminders", "mail.activity", AGENCY_ROLES, reminders & of_parts
        yield "reminders", "mail.activity", {"operator"}, reminders & of_others

    # ------------------------------------------------------------------
    # Who loses a role or a province
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        for vals in vals_list:
            self._civic_take_in(vals.get("group_ids"))
        return users

    def write(self, vals):
        watched = STANDING & set(vals) and not is_inside(self.env)
        before = self._civic_standing() if watched else {}
        result = super().write(vals)
        self._civic_take_in(vals.get("group_ids"))
        self._check_standing(before)
        return result

    def _civic_standing(self):
        """:return: dict of those of these users who have a role here → (roles,
        provinces)"""
        return {
            user: (roles, user.sudo().company_ids)  # sudo: the provinces of others
            for user in self
            if (roles := user._civic_work_roles())
        }

    @api.model
    def _check_standing(self, before):
        """:param before: see `_civic_standing`
        :raises RedirectWarning, UserError: where work needs what somebody has lost
        """
        for user, (roles, companies) in before.items():
            now, user_sudo = user._civic_work_roles(), user.sudo()
            lost, left = roles - now, companies - user_sudo.company_ids
            work = user_sudo._civic_open_work(None, lost, now) if lost else []
            if left:
                work += user_sudo._civic_open_work(left)
            if work:
                user_sudo._refuse_open(
                    self.env._(
                        "%(name)s still has in hand what this role or province is "
                        "needed for: %(work)s. Name who goes on with it, in "
                        "Configuration › Successions, and take it away afterwards.",
                        name=user_sudo.name,
                        work=", ".join(work),
                    ),
                    (left or user_sudo.company_ids)[:1],
                )


class ResGroups(models.Model):
    _inherit = "res.groups"

    def write(self, vals):
        watched = {"user_ids", "implied_ids"} & set(vals) and not is_inside(self.env)
        people = self._civic_members() if watched else self.env["res.users"]
        before = people._civic_standing()
        result = super().write(vals)
        gives = self.env["res.users"]._civic_role_groups()
        # Odoo does the same where groups come to imply others.
        if "user_ids" in vals and not gives.isdisjoint(self.ids):
            self.env.registry.clear_cache("groups")
        people._check_standing(before)
        return result

    def _civic_members(self):
        """Who has a role here by one of these groups."""
        roles = self.env["res.users"]._civic_role_groups()
        return self.filtered(lambda group: group.id in roles).all_user_ids


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _civic_of(self, companies):
        """Those of these reminders whose records belong to some provinces."""
        found = self.browse()
        for model, rows in self.grouped("res_model").items():
            records = self.env[model].browse(rows.mapped("res_id")).exists()
            within = set(records.filtered(lambda r: r.company_id in companies).ids)
            found |= rows.filtered(lambda row, ids=within: row.res_id in ids)
        return found
