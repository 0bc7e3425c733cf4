import base64
import io
import os

from pypdf import PdfReader

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.files.names import _CLEANED
from ...models.workflow.transitions import CASE_TRANSITIONS
from ..rig.common import CivicCase
from ..rig.media import HUE, drawing, exif, saved
from ..rig.privacy import PASSPHRASE


@tagged("-at_install", "post_install")
class TestDiversion(CivicCase):
    """Complaints and denunciations go to the competent body; the copy here goes."""

    CANARY = "Xyzzyq Bà Trần Thị Tố Cáo"

    def denunciation(self, reporter=None):
        """A denunciation that has left its words in every corner."""
        word = self.CANARY
        reporter = reporter or self.env["civic.reporter"].create(
            {"name": f"Người gửi {word}", "phone": "0987000111"}
        )
        report = self.make_report(
            subject=f"Tố cáo {word}",
            description=f"{word} nhận hối lộ.",
            address=f"Nhà {word}",
            reporter_id=reporter.id,
        )
        attachments = self.env["ir.attachment"]
        # Metadata makes the cleaned file differ, so that the original is kept beside.
        read = attachments._civic_read([saved(drawing(), exif=exif(gps=HUE))])
        attachments.sudo()._civic_attach(report.sudo(), read, reporter)
        report.standardised_description = f"Về {word}."
        wizard = self.env["civic.wizard.request.supplement"].with_user(self.operator)
        wizard.create(
            {"report_id": report.id, "message": f"{word} là ai?"}
        ).action_confirm()
        report.supply(f"{word} là cán bộ.")
        return report

    def divert(self, report, **values):
        diversion_id = report.divert(
            "15/CV ngày 20/11/2026",
            **{"authority": "Thanh tra tỉnh", "note": f"Về {self.CANARY}", **values},
        )
        return self.env["civic.diversion"].with_user(self.operator).browse(diversion_id)

    def found_in_tables(self, words):
        """Tables in whose rows, as a dump shows them, one of the words stands."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT table_name FROM information_schema.tables "
            "WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        found = []
        for (table,) in self.env.cr.fetchall():
            self.env.cr.execute(
                f'SELECT 1 FROM "{table}" civic_row '
                "WHERE civic_row::text ILIKE ANY(%s) LIMIT 1",
                [[f"%{word}%" for word in words]],
            )
            if self.env.cr.fetchone():
                found.append(table)
        return found

    def test_the_report_is_refused_and_says_where_it_went(self):
        report = self.denunciation()
        diversion = self.divert(report)
        self.assertEqual(
            (report.state, report.reason_id.code), ("refused", "out_of_scope")
        )
        self.assertIn("Thanh tra tỉnh", report.reason_message)
        self.assertEqual(diversion.state, "prepared")
        self.assertEqual(report.event_ids[0].code, "divert")
        self.assertFalse(report.step_ids.filtered(lambda step: step.state == "open"))
        for verb, arguments in (
            ("reopen", ("Nhầm.",)),
            ("divert", ("16/CV", None, "Công an")),
        ):
            with self.subTest(verb=verb), self.assertRaises(UserError):
                getattr(report, verb)(*arguments)

    def test_a_letter_and_a_body_are_named(self):
        report = self.denunciation()
        for arguments in ((" ", None, "Thanh tra"), ("15/CV", None, " ")):
            with self.subTest(arguments=arguments), self.assertRaises(UserError):
                report.divert(*arguments)
        with self.assertRaises(UserError):
            report.divert("15/CV", agency_id=10**8)

    def test_one_of_the_agencies_may_be_competent(self):
        diversion = self.divert(
            self.denunciation(), agency_id=self.agency.id, authority=None
        )
        self.assertEqual(diversion.authority, self.agency.name)

    def test_the_file_is_sealed_and_complete(self):
        report = self.denunciation()
        diversion = self.divert(report)
        with self.assertRaisesRegex(UserError, "12"):
            diversion.take_out("ngan")
        answer = diversion.take_out(PASSPHRASE)
        self.assertEqual(answer["name"], f"{report.name}.pdf")
        data = base64.b64decode(answer["data"])
        pdf = PdfReader(io.BytesIO(data))
        self.assertTrue(pdf.is_encrypted)
        self.assertFalse(pdf.decrypt("sai"))
        self.assertTrue(pdf.decrypt(PASSPHRASE))
        text = "".join("".join(page.extract_text().split()) for page in pdf.pages)
        for word in (report.name, "Thanhtratỉnh", "Xyzzyq", "987000111", "Về"):
            self.assertIn(word, text)
        (attached,) = pdf.attachments.values()
        original = saved(drawing(), exif=exif(gps=HUE))
        self.assertEqual(attached[0], original, "the original, to the byte")
        self.assertNotIn(b"Xyzzyq", data)
        look = self.env["civic.access"].search([], limit=1)
        self.assertEqual(look.user_id, self.operator)
        self.assertEqual(diversion.taken_out_by_id, self.operator)

    def test_the_file_is_taken_out_once(self):
        diversion = self.divert(self.denunciation())
        diversion.take_out(PASSPHRASE)
        with self.assertRaises(UserError):
            diversion.take_out(PASSPHRASE)
        with self.assertRaises(UserError):
            diversion.take_out_again("Thẻ nhớ hỏng.")
        diversion.with_user(self.manager).take_out_again("Thẻ nhớ hỏng.")
        diversion.take_out(PASSPHRASE)

    def test_two_steps_and_the_code(self):
        report = self.denunciation()
        diversion = self.divert(report)
        with self.assertRaises(UserError):
            diversion.wipe(report.name)
        self.hand_over(diversion)
        for wrong in ("", "PA", report.name[:-1], None):
            with self.subTest(code=wrong), self.assertRaisesRegex(UserError, "code"):
                diversion.wipe(wrong)
        self.assertIn(self.CANARY, report.description)
        diversion.wipe(report.name.lower())
        self.assertEqual(diversion.state, "wiped")

    def hand_over(self, diversion):
        """Take the file out without drawing it."""
        self.patch(
            type(self.env["civic.diversion"]), "_sealed_file", lambda *args: b"%PDF"
        )
        diversion.take_out(PASSPHRASE)

    def test_what_is_wiped_is_gone(self):
        # Names of files and of people show in a dump as they are.
        report = self.denunciation()
        # What the Centre notes when it comes quotes it, too.
        report.sudo()._elevated()._note_intake("Nói về Xyzzyq.")
        reporter = report.sudo().reporter_id
        words = ("xyzzyq", "987000111")
        diversion = self.divert(report)
        self.hand_over(diversion)
        paths = self.paths(report)
        self.assertEqual(len(paths), 2, "picture and original")
        self.assertTrue(self.found_in_tables(words), "the test can see them")
        with self.enter_registry_test_mode():
            diversion.wipe(report.name)
            self.env.cr.postcommit.run()
        self.assertEqual(self.found_in_tables(words), [])
        for path in paths:
            self.assertFalse(os.path.exists(path), path)
        self.assertTrue(reporter.anonymised_at)
        self.assertFalse(report.sudo().reporter_id)
        self.assertFalse(report.attachment_ids)
        self.assertEqual(report.state, "refused")
        self.assertTrue(report.received_at and report.closed_at and report.name)
        self.assertEqual(report.event_ids[0].code, "wipe")
        self.assertIn("send", report.event_ids.mapped("code"))

    def paths(self, report):
        files = self.env["ir.attachment"].search(
            [("res_model", "in", ("civic.report", "civic.reporter"))], order="id"
        )
        mine = files.filtered(
            lambda file: (
                (file.res_model, file.res_id) == ("civic.report", report.id)
                or file.name.startswith(f"{report.name}-")
            )
        )
        return [mine._full_path(name) for name in mine.mapped("store_fname")]

    def test_what_another_file_holds_stays(self):
        report = self.denunciation()
        twin = self.make_report()
        content = report.attachment_ids.raw
        kept = (
            self.env["ir.attachment"]
            .with_context(civic_cleaned=_CLEANED, image_no_postprocess=True)
            .create(
                {
                    "name": "x.jpg",
                    "raw": content,
                    "res_model": twin._name,
                    "res_id": twin.id,
                }
            )
        )
        shared = report.attachment_ids.store_fname
        self.assertEqual(kept.store_fname, shared)
        diversion = self.divert(report)
        self.hand_over(diversion)
        with self.enter_registry_test_mode():
            diversion.wipe(report.name)
            self.env.cr.postcommit.run()
        self.assertTrue(os.path.exists(kept._full_path(shared)))

    def test_who_sent_other_reports_stays_known(self):
        other = self.make_report()
        diversion = self.divert(self.denunciation(self.reporter))
        self.hand_over(diversion)
        report = diversion.report_id
        diversion.wipe(report.name)
        self.assertFalse(self.reporter.anonymised_at)
        self.assertEqual(other.sudo().reporter_id, self.reporter)
        self.env.flush_all()
        for table in ("civic_access", "civic_disclosure", "civic_data_event"):
            self.env.cr.execute(
                f"SELECT civic_row::text FROM {table} civic_row WHERE reporter_id = %s",
                [self.reporter.id],
            )
            for (row,) in self.env.cr.fetchall():
                self.assertNotIn(report.name, row)
        links = self.env["civic.access"].search([("report_id", "=", report.id)])
        self.assertFalse(links)

    def test_matrix(self):
        roles = (
            *("operator", "manager", "administrator", "handler", "leader"),
            *("coordinator", "province_leader", "plain", "citizen"),
        )
        holders = {
            "operator": {"operator", "manager", "administrator"},
            "centre_manager": {"manager", "administrator"},
        }
        self.patch(
            type(self.env["civic.diversion"]), "_sealed_file", lambda *args: b"%PDF"
        )
        for state in ("prepared", "handed", "wiped"):
            report = self.make_report()
            diversion = self.divert(report)
            if state != "prepared":
                diversion.take_out(PASSPHRASE)
            if state == "wiped":
                diversion.wipe(report.name)
            arguments = {
                "take_out": (PASSPHRASE,),
                "take_out_again": ("Hỏng.",),
                "wipe": (report.name,),
            }
            for row in CASE_TRANSITIONS.values():
                if row.model != "civic.diversion":
                    continue
                allowed = set().union(*(holders[actor] for actor in row.actors))
                for role in roles:
                    may = role in allowed and state in row.sources
                    acting = diversion.with_user(getattr(self, role))
                    with self.subTest(verb=row.verb, state=state, role=role):
                        savepoint = self.env.cr.savepoint()
                        try:
                            getattr(acting, row.verb)(*arguments[row.verb])
                        except UserError as error:
                            self.assertFalse(may, error)
                        else:
                            self.assertTrue(may, "should have been refused")
                        finally:
                            savepoint.close(rollback=True)
                            self.env.invalidate_all()
