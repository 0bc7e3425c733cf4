"""Each rating that was given is kept: out of the history, where each has an event. By
its words, or, of the one that stands, by what the report shows."""


def migrate(cr, version):
    cr.execute(
        """
        INSERT INTO civic_rating
               (report_id, company_id, level_id, grade, is_satisfied, at)
        SELECT report.id, report.company_id, level.id, level.grade,
               level.grade = 'satisfied', event.at
          FROM civic_event event
          JOIN civic_report report ON report.id = event.report_id
          JOIN civic_procedure procedure ON procedure.id = report.procedure_id
          JOIN LATERAL (
               SELECT known.id, known.grade
                 FROM civic_rating_level known
                WHERE CASE WHEN report.rated_at = event.at
                           THEN known.id = report.rating_level_id
                           ELSE known.scale_id = procedure.scale_id
                                AND EXISTS (SELECT FROM jsonb_each_text(known.name) word
                                             WHERE word.value = event.note) END
                ORDER BY known.sequence, known.id LIMIT 1) level ON TRUE
         WHERE event.code = 'rate' AND event.assignment_id IS NULL
           AND NOT EXISTS (SELECT FROM civic_rating kept
                            WHERE kept.report_id = report.id AND kept.at = event.at)
         ORDER BY event.at, event.id
        """
    )
    # Of a rating whose event is not there, what the report shows.
    cr.execute(
        """
        INSERT INTO civic_rating
               (report_id, company_id, level_id, grade, is_satisfied, at)
        SELECT report.id, report.company_id, level.id, level.grade,
               level.grade = 'satisfied', report.rated_at
          FROM civic_report report
          JOIN civic_rating_level level ON level.id = report.rating_level_id
         WHERE report.rated_at IS NOT NULL
           AND NOT EXISTS (SELECT FROM civic_rating kept
                            WHERE kept.report_id = report.id
                              AND kept.at = report.rated_at)
        """
    )
