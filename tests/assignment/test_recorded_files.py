"""What an agency or a service sent otherwise comes with its document (ST Điều 19, bước
3: “thông qua văn bản hoặc thư điện tử”)."""

import io
import zipfile

from odoo.exceptions import MissingError, ValidationError
from odoo.tests import tagged

from ..rig.common import CivicCase
from ..rig.media import HUE, drawing, exif, pdf, saved

LETTER, PICTURE = "cong-van-12.pdf", "hien-truong.jpg"


@tagged("-at_install", "post_install")
class TestRecordedFiles(CivicCase):
    def uploaded(self, user=None):
        """The letter and a picture, as a dialog uploads them."""
        files = self.env["ir.attachment"].with_user(user or self.operator)
        picture = saved(drawing(), exif=exif(gps=HUE))
        self.assertIn(b"Exif", picture)
        return files.create(
            [
                {"name": LETTER, "raw": pdf("12/CV-PCCC")},
                {"name": PICTURE, "raw": picture},
            ]
        )

    def in_hand(self):
        report = self.walk_to("processing", self.make_report(track="emergency"))
        return report.assignment_ids.with_user(self.operator)

    def transferred(self):
        report = self.make_report(track="emergency")
        report.transfer("114")
        return report

    def record(self, record, ids):
        now = record._now()
        if record._name == "civic.report":
            return record.record_outcome("Đã dập tắt.", "12/CV", now, ids)
        return record.record_result("Đã dập tắt.", "12/CV", now, now, ids)

    def check_files(self, files, record):
        self.assertEqual(set(files.mapped("name")), {LETTER, PICTURE})
        self.assertEqual(set(files.mapped("res_model")), {record._name})
        self.assertEqual(set(files.mapped("res_id")), {record.id})
        picture = files.filtered(lambda file: file.name == PICTURE)
        self.assertNotIn(b"Exif", picture.sudo().raw, "cleaned as any other")
        report = record if record._name == "civic.report" else record.report_id
        self.assertEqual(report._picture_candidates(), picture)
        self.assertEqual(report._redactable(picture.id), picture)

    def check_package(self, report):
        report.publish()
        package = report.with_user(self.manager)._archive_package(report.name)
        names = zipfile.ZipFile(io.BytesIO(package.read())).namelist()
        for name in (LETTER, PICTURE):
            self.assertTrue(any(entry.endswith(name) for entry in names), names)

    def test_of_an_agency(self):
        part = self.in_hand()
        self.record(part, self.uploaded().ids)
        self.check_files(part.result_attachment_ids, part)
        self.check_package(part.report_id.with_user(self.operator))

    def test_what_the_agency_had_put_there_stays(self):
        part = self.in_hand()
        own = part.with_user(self.handler)
        own.accept()
        files = self.env["ir.attachment"].with_user(self.handler)
        values = {"name": "dang-lam.jpg", "raw": saved(drawing())}
        values |= {"res_model": part._name, "res_id": part.id}
        own.result_attachment_ids = files.create(values)
        self.record(part, self.uploaded().ids)
        self.assertEqual(
            set(part.result_attachment_ids.mapped("name")),
            {LETTER, PICTURE, "dang-lam.jpg"},
        )

    def test_of_a_service(self):
        report = self.transferred()
        self.record(report, self.uploaded().ids)
        self.check_files(report.outcome_attachment_ids, report)
        self.assertFalse(report.attachment_ids, "the citizen sent none")
        self.check_package(report)

    def test_what_is_no_file_of_the_own(self):
        foreign = self.uploaded(self.plain)
        for record in (self.in_hand(), self.transferred()):
            for ids in (foreign.ids, [max(foreign.ids) + 10**6], ["x"], [True]):
                with (
                    self.subTest(record=record._name, ids=ids),
                    self.assertRaises(MissingError),
                    self.env.cr.savepoint(),
                ):
                    self.record(record, ids)
            virus = self.env["ir.attachment"].with_user(self.operator)
            virus = virus.create({"name": "a.exe", "raw": b"MZ\x90\x00" * 64})
            with (
                self.subTest(record=record._name),
                self.assertRaises(ValidationError),
                self.env.cr.savepoint(),
            ):
                self.record(record, virus.ids)
            record.invalidate_recordset()
            self.record(record, None)
            self.assertIn(record.state, ("approved", "resolved"))

    def test_the_dialogs(self):
        for record, name in (
            (self.in_hand(), "civic.wizard.record.result"),
            (self.transferred(), "civic.wizard.record.outcome"),
        ):
            wizards = self.env[name].with_user(self.operator)
            wizard = wizards.with_context(
                active_model=record._name, active_id=record.id
            ).create({"result": "Đã dập tắt.", "document": "12/CV-PCCC"})
            wizard.completed_at = record._now()
            wizard.attachment_ids = self.uploaded()
            wizard.action_confirm()
            report = record if name.endswith("outcome") else record.report_id
            self.assertEqual(
                set(report._result_files().mapped("name")), {LETTER, PICTURE}
            )
