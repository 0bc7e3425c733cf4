from odoo.tools import SQL

from .models.ground.ours import our_models
from .models.privacy.files import FORGET

# Files that are deleted before the memory of the last ones is let go of.
BATCH = 200


def post_init_hook(env):
    """Give the database a key for its identities, and the installing company a
    procedure, a calendar and this year's holidays.

    A province can change each of them afterwards; without them the first report
    could not be timed.
    """
    env["civic.vault"]._set_up()
    env["res.company"]._civic_keep_base_url()
    env["res.company"]._civic_set_up()
    env["civic.health"]._tell_installed()


def uninstall_hook(env):
    """Take away what Odoo would leave behind or stumble over: it deletes one model
    after the other, whatever refers to it, and knows nothing of rows beside them.

    The files with the keys of the vault stay: a backup may need them.
    """
    models = our_models(env)
    names = [model._name for model in models]
    _delete_files(env, names)
    env.flush_all()
    env.execute_query(SQL("DELETE FROM mail_activity WHERE res_model = ANY(%s)", names))
    _drop_foreign_keys(env, [model._table for model in models])
    _forget_reflections(env, [model._table for model in models])
    _delete_calendars(env)
    sequences = env["ir.sequence"].search([("code", "=like", "civic.%")])
    sequences.date_range_ids.unlink()
    sequences.unlink()
    own = [("key", "=like", "civic_report.%")]
    env["ir.config_parameter"].search(own).unlink()
    env.invalidate_all(flush=False)


def _delete_files(env, names):
    """Delete what citizens and officers sent, wherever it is stored."""
    files = env["ir.attachment"].with_context(civic_forget=FORGET)
    domain = [
        ("res_model", "in", names),
        # Otherwise files of fields are left out.
        *("|", ("res_field", "=", False), ("res_field", "!=", False)),
    ]
    while found := files.search(domain, limit=BATCH):
        found.unlink()
        env.flush_all()
        env.invalidate_all()


def _delete_calendars(env):
    """Delete the calendars that the module made, unless somebody else uses them, with
    their days off: without a calendar those would be days off for the whole company."""
    made = env["ir.model.data"].search(
        [("module", "=", "civic_report"), ("model", "=", "resource.calendar")]
    )
    for row in made:
        calendar = env["resource.calendar"].browse(row.res_id)
        used = [("calendar_id", "=", calendar.id)]
        others = [("resource_calendar_id", "=", calendar.id)]
        if env["resource.resource"].search_count(used, limit=1) or env[
            "res.company"
        ].search_count(others, limit=1):
            row.unlink()  # it is theirs from now on
        else:
            calendar.leave_ids.unlink()
            calendar.unlink()


def _drop_foreign_keys(env, tables):
    """Let rows of tables that will all be dropped be deleted in any order."""
    rows = env.execute_query(
        SQL(
            """
            SELECT source.relname, constraints.conname
              FROM pg_constraint constraints
              JOIN pg_class source ON source.oid = constraints.conrelid
              JOIN pg_class target ON target.oid = constraints.confrelid
             WHERE constraints.contype = 'f'
               AND source.relnamespace = current_schema::regnamespace
               AND source.relname = ANY(%(tables)s)
               AND target.relname = ANY(%(tables)s)
            """,
            tables=tables,
        )
    )
    for table, constraint in rows:
        env.cr.execute(
            SQL(
                "ALTER TABLE %s DROP CONSTRAINT %s",
                SQL.identifier(table),
                SQL.identifier(constraint),
            )
        )


def _forget_reflections(env, tables):
    """Delete what Odoo notes of columns and of choices and would not find again:
    foreign keys go with their columns, and choices that a mixin of `mail` gave with
    the fields.
    """
    env.cr.execute(
        SQL(
            """
            DELETE FROM ir_model_constraint USING ir_module_module
             WHERE ir_module_module.id = ir_model_constraint.module
               AND ir_module_module.name = 'civic_report'
               AND ir_model_constraint.type = 'f'
            """
        )
    )
    env.cr.execute(
        SQL(
            """
            DELETE FROM ir_model_data
             WHERE model = 'ir.model.fields.selection' AND module <> 'civic_report'
               AND split_part(name, '__', 2) = ANY(%s)
            """,
            tables,
        )
    )
