"""Limits that strangers could use up ask for a small work from now on."""

ASKING = (
    "throttle_form_address",
    "throttle_send_phone_hour",
    "throttle_send_phone_day",
    "throttle_lookup_address",
    "throttle_lookup_code",
    "throttle_support_address",
    "throttle_follow_address",
)


def migrate(cr, version):
    cr.execute(
        """
        UPDATE civic_throttle_limit
           SET beyond = 'work'
          FROM ir_model_data data
         WHERE data.module = 'civic_report'
           AND data.model = 'civic.throttle.limit'
           AND data.name = ANY (%s)
           AND data.res_id = civic_throttle_limit.id
        """,
        [list(ASKING)],
    )
