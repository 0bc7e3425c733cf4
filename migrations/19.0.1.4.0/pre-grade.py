"""Levels of scales say what they mean, before the column is required. What did not
count as satisfied was negative; which of the others is acceptable is known of ours
alone."""

OURS = {
    "scale_hue_1": "satisfied",
    "scale_hue_2": "acceptable",
    "scale_hue_3": "negative",
    "scale_st_1": "satisfied",
    "scale_st_2": "satisfied",
    "scale_st_3": "negative",
    "scale_qn_1": "satisfied",
    "scale_qn_2": "satisfied",
    "scale_qn_3": "acceptable",
    "scale_qn_4": "negative",
    "scale_qn_5": "negative",
}


def migrate(cr, version):
    cr.execute("ALTER TABLE civic_rating_level ADD COLUMN IF NOT EXISTS grade varchar")
    cr.execute(
        """
        UPDATE civic_rating_level
           SET grade = CASE WHEN is_satisfied THEN 'satisfied' ELSE 'negative' END
         WHERE grade IS NULL
        """
    )
    for name, grade in OURS.items():
        cr.execute(
            """
            UPDATE civic_rating_level level
               SET grade = %s
              FROM ir_model_data data
             WHERE data.module = 'civic_report' AND data.name = %s
               AND data.model = 'civic.rating.level' AND data.res_id = level.id
            """,
            [grade, name],
        )
    cr.execute("UPDATE civic_rating_level SET is_satisfied = grade = 'satisfied'")
