"""How long work took, reckoned by the database: the working time up to a moment is that
before its day, and what its day adds."""

# Of a day of UTC: work before it, and its intervals, in seconds; what a moment adds
# lies in them.
CLOCK = """
    clock (day, before, s1, e1, s2, e2, s3, e3, s4, e4) AS MATERIALIZED (
        SELECT * FROM unnest(
            %(days)s::date[], %(before)s::float[],
            %(s1)s::float[], %(e1)s::float[], %(s2)s::float[], %(e2)s::float[],
            %(s3)s::float[], %(e3)s::float[], %(s4)s::float[], %(e4)s::float[]))
"""


def since_known(moment):
    """A moment, or the first one that the clock knows."""
    return f"GREATEST({moment}, %(known_since)s)"


def seconds_of(moment):
    """Seconds since 1970 of a naive UTC moment; not by EXTRACT, whose numbers are exact
    and slow."""
    return f"date_part('epoch', {moment})"


def worked(seconds, alias):
    """Seconds of work up to a moment, by the row of its day in the clock.

    :param seconds: the column of its seconds since 1970
    :param alias: under which the clock is joined on the moment's date
    """
    pieces = " + ".join(
        f"GREATEST(LEAST({seconds}, {alias}.e{n}) - {alias}.s{n}, 0)"
        for n in range(1, 5)
    )
    return f"({alias}.before + {pieces})"


# How long duties took that ended in the period, by code.
COUNT_STEPS = (
    "WITH"
    + CLOCK
    + """,
    moments AS MATERIALIZED (
        SELECT step.code COLLATE "C" AS code, """
    + since_known("step.started_at")
    + "::date AS opened_on, "
    + seconds_of(since_known("step.started_at"))
    + " AS opened, step.ended_at::date AS closed_on, "
    + seconds_of("step.ended_at")
    + """ AS closed
          FROM civic_step step
          JOIN civic_report report ON report.id = step.report_id AND %(where)s
         WHERE step.company_id = %(company)s AND step.state = 'done'
           AND step.ended_at >= %(start)s AND step.ended_at < %(end)s),
    timed AS MATERIALIZED (
        SELECT moments.code, """
    + worked("moments.closed", "closes")
    + " - "
    + worked("moments.opened", "opens")
    + """ AS seconds
          FROM moments
     LEFT JOIN clock closes ON closes.day = moments.closed_on
     LEFT JOIN clock opens ON opens.day = moments.opened_on)
    SELECT code, count(*),
           percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY seconds)
      FROM timed
     GROUP BY code
"""
)
