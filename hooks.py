def post_init_hook(env):
    """Give the installing company a procedure, a calendar and this year's holidays.

    A province can change each of them afterwards; without them the first report
    could not be timed. They are named in the language of the company.
    """
    language = env.company.partner_id.lang
    env["res.company"].with_context(lang=language)._civic_set_up()
