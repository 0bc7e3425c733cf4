"""Kept rows are not changed by deleting what they name."""

from odoo.tests import TransactionCase, tagged

from ...models.ground.ours import our_models

KEPT = "civic.kept"
MADE_BY = ("create_uid", "write_uid")
# Where a row may lose what it names, and why nothing is lost with it.
LETS_GO = {
    ("civic.media", "attachment_id"): "files of reports are never deleted themselves",
    ("civic.media", "redacted_attachment_id"): "nor are these; another takes its place",
    ("civic.periodic.report", "job_by_id"): "who waits for what is being made",
}


@tagged("-at_install", "post_install")
class TestKeptParents(TransactionCase):
    def kept_models(self):
        kept = type(self.env[KEPT])
        found = [
            self.env[cls._name]
            for cls in our_models(self.env)
            if issubclass(cls, kept) and not cls._abstract
        ]
        self.assertGreater(len(found), 10)
        return found

    def test_what_kept_rows_name_stays(self):
        for model in self.kept_models():
            for name, field in model._fields.items():
                if field.type != "many2one" or not field.store or field.related:
                    continue
                if name in MADE_BY or (model._name, name) in LETS_GO:
                    continue
                with self.subTest(model._name, field=name):
                    self.assertEqual(field.ondelete, "restrict")
