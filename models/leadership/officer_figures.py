from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ...tools.working_time import end_of_day, start_of_day
from ..workflow.step import OPTIONAL_CODES

# Officers of one list.
MOST_OFFICERS = 2000
DUTIES = """
    SELECT step.user_id, step.code,
           count(*) FILTER (WHERE step.started_at >= %(start)s) AS given,
           count(*) FILTER (WHERE step.state = 'done' AND step.ended_at >= %(start)s
                              AND step.ended_at < %(end)s) AS done,
           count(*) FILTER (WHERE step.is_late AND step.ended_at >= %(start)s
                              AND step.ended_at < %(end)s) AS late,
           count(*) FILTER (WHERE step.overdue_from < %(seen)s
                              AND (step.ended_at IS NULL OR step.ended_at >= %(end)s)
                           ) AS overdue
      FROM civic_step step
     WHERE step.company_id = %(company)s
       AND step.user_id = ANY(%(people)s)
       AND step.code NOT IN %(optional)s
       AND step.started_at < %(end)s
       AND (step.ended_at IS NULL OR step.ended_at >= %(start)s)
  GROUP BY step.user_id, step.code
"""
# Results that came back: to who submitted the last one, and where the Centre wants a
# correction, to who approved it as well.
SENT_BACK = """
    SELECT made.user_id, count(*)
      FROM civic_event back
      JOIN LATERAL (
           SELECT DISTINCT ON (earlier.code) earlier.user_id
             FROM civic_event earlier
            WHERE earlier.assignment_id = back.assignment_id
              AND earlier.id < back.id
              AND (earlier.code = 'submit'
                   OR (back.code = 'fix' AND earlier.code = 'approve'))
         ORDER BY earlier.code, earlier.id DESC) made ON made.user_id = ANY(%(people)s)
     WHERE back.company_id = %(company)s
       AND back.code IN ('send_back', 'fix')
       AND back.at >= %(start)s AND back.at < %(end)s
  GROUP BY made.user_id
"""
# The last rating of each answer that was given in the period, for who answered.
RATED = """
    SELECT person.id, count(*),
           count(*) FILTER (WHERE rating.grade = 'satisfied'),
           count(*) FILTER (WHERE rating.grade = 'acceptable')
      FROM (SELECT DISTINCT ON (given.report_id) given.report_id, given.grade
              FROM civic_rating given
             WHERE given.company_id = %(company)s
               AND given.at >= %(start)s AND given.at < %(end)s
          ORDER BY given.report_id, given.at DESC, given.id DESC) rating
      JOIN civic_assignment part
        ON part.report_id = rating.report_id AND part.role IN ('lead', 'parallel')
       AND part.state = 'approved'
CROSS JOIN LATERAL (SELECT part.submitted_by_id AS id
                     UNION SELECT part.approved_by_id) person
     WHERE person.id = ANY(%(people)s)
  GROUP BY person.id
"""


class CivicEvent(models.Model):
    _inherit = "civic.event"

    # Which results came back in a period: few among all.
    _came_back = models.Index("(company_id, at) WHERE code IN ('send_back', 'fix')")


class CivicOfficerFigures(models.AbstractModel):
    """What each handler and leader did in a period (HUE Điều 16.2, 20.3; ST Điều 29.3;
    QN Điều 13.3; BP Điều 16.3).

    For their own leader, the Centre's managers and the province's leaders; never
    public, never in a message.
    """

    _name = "civic.officer.figures"
    _description = "Figures of officers"

    @api.model
    def _count_officers(self, people, company, first, last):
        """Count in three queries, however many they are.

        :param people: res.users
        :param company: res.company: of the work that counts
        :param first, last: dates of the period, both in it
        :return: dict of user id → dict: given, done, late, overdue, codes (dict of code
            of the duty → how many were late), sent_back, rated, satisfied, accepted
        """
        self.env.flush_all()
        tz = company._civic_calendar()._civic_tz()
        known = {
            "people": people.ids,
            "company": company.id,
            "start": start_of_day(first, tz),
            "end": end_of_day(last, tz),
            # What is due later is not overdue yet.
            "seen": min(end_of_day(last, tz), self.env["civic.door"]._now()),
            "optional": tuple(OPTIONAL_CODES),
        }
        found = {user_id: self._no_figures() for user_id in people.ids}
        for user_id, code, *numbers in self.env.execute_query(SQL(DUTIES, **known)):
            row = found[user_id]
            for name, number in zip(
                ("given", "done", "late", "overdue"), numbers, strict=True
            ):
                row[name] += number
            if late := numbers[2] + numbers[3]:
                row["codes"][code] += late
        for user_id, number in self.env.execute_query(SQL(SENT_BACK, **known)):
            found[user_id]["sent_back"] = number
        for user_id, *numbers in self.env.execute_query(SQL(RATED, **known)):
            names = ("rated", "satisfied", "accepted")
            found[user_id].update(zip(names, numbers, strict=True))
        return found

    @api.model
    def _no_figures(self):
        names = ("given", "done", "late", "overdue", "sent_back")
        names += ("rated", "satisfied", "accepted")
        return {**dict.fromkeys(names, 0), "codes": defaultdict(int)}

    @api.model
    def _officers_to_see(self, company):
        """Whose figures the caller may see.

        :return: res.users, elevated
        :raises AccessError: for whoever leads nobody
        """
        user = self.env.user
        above = ("centre_manager", "province_leader")
        if any(user.has_group(f"civic_report.group_{role}") for role in above):
            # sudo: who works where
            agencies = self.env["civic.agency"].sudo()
            agencies = agencies.search([("company_id", "=", company.id)])
            people = agencies.handler_ids | agencies.leader_ids
        else:
            people = user._civic_led_people().sudo()  # sudo: names of the own people
        if not people:
            raise AccessError(
                self.env._(
                    "Figures of officers are for their own leader, the Centre's "
                    "managers and the province's leaders."
                )
            )
        return people.sorted("name")[:MOST_OFFICERS]


class CivicOfficerFigure(models.TransientModel):
    """One officer's line of a list that somebody asked for."""

    _name = "civic.officer.figure"
    _inherit = ["civic.links"]
    _description = "Figures of an officer"
    _order = "late desc, overdue desc, id"
    _rec_name = "user_id"

    user_id = fields.Many2one("res.users", "Officer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    period_from = fields.Date("From", readonly=True)
    period_to = fields.Date("To", readonly=True)
    given = fields.Integer("Duties Given", readonly=True)
    done = fields.Integer(readonly=True)
    late = fields.Integer("Ended Late", readonly=True)
    overdue = fields.Integer("Overdue at the End", readonly=True)
    late_words = fields.Char("Late By Duty", readonly=True)
    sent_back = fields.Integer("Results Sent Back", readonly=True)
    rated = fields.Integer("Ratings", readonly=True, help="Of answers.")
    satisfied = fields.Integer(readonly=True)
    accepted = fields.Integer("Acceptable", readonly=True)

    @api.model
    def _list_officers(self, company, first, last):
        """Lines of a period for whom the caller may see.

        :return: civic.officer.figure
        """
        figures = self.env["civic.officer.figures"]
        people = figures._officers_to_see(company)
        counted = figures._count_officers(people, company, first, last)
        labels = dict(self.env["civic.step"]._selection_code())
        # sudo: lines are made by counting and by nobody's hand
        lines_sudo = self.sudo().create(
            [
                {
                    "user_id": user.id,
                    "company_id": company.id,
                    "period_from": first,
                    "period_to": last,
                    "late_words": ", ".join(
                        f"{labels[code]}: {number}"
                        for code, number in sorted(counted[user.id]["codes"].items())
                    ),
                    **{
                        name: value
                        for name, value in counted[user.id].items()
                        if name != "codes"
                    },
                }
                for user in people
            ]
        )
        return lines_sudo.sudo(self.env.su)
