from odoo import api, fields, models

# Differences that are told, in this order, and how they are headed.
MOST_ROWS = 60


class CivicRehearsal(models.Model):
    """What a rehearsal found, said plainly."""

    _inherit = "civic.rehearsal"

    summary = fields.Text(compute="_compute_summary")
    owes_more = fields.Text(
        "What the Draft Owes Besides",
        compute="_compute_owed_words",
        help="Limits of the draft for what had none; they are counted above where such "
        "duties happened.",
    )
    owes_less = fields.Text(
        "What It Owes No Longer",
        compute="_compute_owed_words",
        help="Limits that there were and that the draft does not have.",
    )
    owes_otherwise = fields.Text(
        "What It Limits Otherwise", compute="_compute_owed_words"
    )
    not_known = fields.Text(
        "What Cannot Be Known",
        compute="_compute_owed_words",
        help="Duties that one of the two does not have: nobody did them, so nobody "
        "knows how long they would have taken.",
    )

    # ------------------------------------------------------------------
    # In one look
    # ------------------------------------------------------------------

    @api.depends("state", "line_ids", "report_count")
    @api.depends_context("lang")
    def _compute_summary(self):
        for row in self:
            whole = row.line_ids.filtered(lambda line: line.dimension == "whole")[:1]
            if row.state != "done":
                row.summary = row.problem or ""
            elif not whole:
                row.summary = self.env._(
                    "%s reports came in on these days; none had a duty with a limit "
                    "that has been done or is late.",
                    row.report_count,
                )
            else:
                row.summary = "\n".join(row._summary_lines(whole))

    def _summary_lines(self, whole):
        """:param whole: the line of all reports"""
        _ = self.env._
        missing = self.agency_line_ids.filtered(
            lambda line: line.lost_count and line.agency_id
        )
        yield _(
            "Of %(count)s reports with limits, %(then)s were in time in every duty; by "
            "the draft %(draft)s of %(draft_count)s would have been.",
            count=whole.then_count,
            then=whole.then_rate,
            draft=whole.draft_rate,
            draft_count=whole.draft_count,
        )
        yield _(
            "%(lost)s reports would be late that were not; %(won)s that were late "
            "would not be.",
            lost=whole.lost_count,
            won=whole.won_count,
        )
        if whole.unknown_count:
            yield _("Of %s reports it cannot be known: see below.", whole.unknown_count)
        if missing:
            yield _(
                "%(count)s agencies would miss limits that they kept, most of all "
                "%(agencies)s.",
                count=len(missing),
                agencies=", ".join(missing[:3].agency_id.mapped("name")),
            )
        yield _(
            "People are supposed to have worked as they did: a shorter limit may well "
            "make them quicker, a longer one slower. Days off are those that the "
            "calendars have now; times during which a clock stood still, and the dates "
            "of extensions, are left as they were."
        )

    # ------------------------------------------------------------------
    # What differs
    # ------------------------------------------------------------------

    @api.depends("owed", "draft_id")
    @api.depends_context("lang")
    def _compute_owed_words(self):
        for row in self:
            words = row._difference_words()
            row.owes_more = "\n".join(words["more"])
            row.owes_less = "\n".join(words["less"])
            row.owes_otherwise = "\n".join(words["otherwise"])
            row.not_known = "\n".join(words["unknown"])

    def _difference_words(self):
        """:return: dict kind → list of lines"""
        words = {kind: [] for kind in ("more", "less", "otherwise", "unknown")}
        owed = self.owed or []
        procedures = self.env["civic.procedure"].with_context(active_test=False)
        for procedure_id, rows in owed:
            procedure = procedures.browse(procedure_id).exists()
            head = f"{procedure.name}: " if len(owed) > 1 else ""
            for kind, track, code, was, will in rows[:MOST_ROWS]:
                if kind == "flag":
                    words["unknown"].append(head + self._flag_words(code))
                    continue
                group = kind if kind in words else "otherwise"
                line = self._limit_difference(procedure, kind, track, code, was, will)
                words[group].append(head + line)
        return words

    def _limit_difference(self, procedure, kind, track, code, was, will):
        steps = self.env["civic.step"]
        name = dict(steps._selection_code()).get(code, code)
        if track != "normal":
            name = f"{name} ({dict(steps._selection_track()).get(track, track)})"
        before = self._limit_with_article(procedure, track, code, was)
        after = self._limit_with_article(self.draft_id, track, code, will)
        if kind in ("more", "unknown"):
            return f"{name}: {after}"
        if kind == "less":
            return f"{name}: {before}"
        return f"{name}: {before} → {after}"

    def _limit_with_article(self, procedure, track, code, limit):
        if not limit:
            return ""
        value, unit, grace = limit
        words = self.env["civic.rehearsal.line"]._amount_words(value, unit)
        if grace:
            words = self.env._(
                "%(limit)s and %(grace)s minutes of grace", limit=words, grace=grace
            )
        article = procedure and procedure._limit_article(track, code)
        return f"{words} ({article})" if article else words

    @api.model
    def _flag_words(self, name):
        _ = self.env._
        return {
            "accept_step": _(
                "By the draft agencies take in before they handle; then they did not. "
                "Handling is counted from some moment between the dispatch and the end "
                "of the time to take in: in time or late by either is counted, what "
                "lies between is not known."
            ),
            "assign_step": _(
                "By the draft a leader assigns the work first; then none did. What is "
                "late only if the assignment had been made at once is not known."
            ),
            "emergency_from_verification": _(
                "By the draft an emergency is timed from its verification; then nobody "
                "noted that moment. Only what was in time from its arrival is known."
            ),
            "extension_allowed": _(
                "The draft and the regulation of then differ in whether time can be "
                "extended. Extensions that were granted count where the draft knows "
                "them; who would have asked for one is not known."
            ),
        }.get(name, name)
