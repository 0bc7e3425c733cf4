import base64
import io
import json
from unittest.mock import patch

from PIL import Image

from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.fields import Command
from odoo.http import Request
from odoo.tests import HttpCase, tagged

from ...tools import media
from ...tools.media import recording as cleaning
from ..rig.common import CivicCase
from ..rig.media import ACCEPTED, HUE, OFFICE, SCRIPT, drawing, exif, gif, png, saved
from ..rig.pdfs import locked, telling


@tagged("-at_install", "post_install")
class TestAttachments(CivicCase):
    """Files of citizens and officers: cleaned when they come in, kept as they came."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.photo = saved(drawing(), exif=exif(gps=HUE))
        cls.files = cls.env["ir.attachment"]

    def upload(self, record, raw=None, user=None, **values):
        return self.files.with_user(user or self.handler).create(
            {
                "name": "anh.jpg",
                "raw": self.photo if raw is None else raw,
                "res_model": record._name,
                "res_id": record.id,
                **values,
            }
        )

    def originals(self):
        return self.files.search(
            [("res_model", "=", "civic.reporter"), ("res_id", "=", self.reporter.id)]
        )

    def in_hand(self):
        """An assignment that its handler works on."""
        return self.walk_to("accepted").assignment_ids.with_user(self.handler)

    # ------------------------------------------------------------------
    # Citizens
    # ------------------------------------------------------------------

    def test_every_accepted_kind_is_read(self):
        for mimetype, data in ACCEPTED.items():
            with self.subTest(mimetype):
                (read,) = self.files._civic_read([data])
                self.assertTrue(read["data"])
                self.assertIs(read["original"], data)

    def test_what_is_refused_is_refused_in_words(self):
        for data, words in (
            (b"", "empty"),
            (saved(drawing())[:300], "damaged"),
            (png(50_000, 50_000), "too large"),
            (gif(5_000), "animation"),
            (self.photo.ljust(60 * 1024 * 1024 + 1), "larger than 60 MB"),
            (SCRIPT, "not of a kind"),
            (OFFICE[media.DOCX], "not of a kind"),
        ):
            with self.subTest(words), self.assertRaises(ValidationError) as caught:
                self.files._civic_read([data])
            self.assertIn("1 ", caught.exception.args[0])
            self.assertIn(words, caught.exception.args[0])

    def test_eleven_files_are_too_many(self):
        with self.assertRaises(ValidationError):
            self.files._civic_read([self.photo] * 11)

    def test_originals_are_the_centre_s_alone(self):
        report = self.make_report()
        read = self.files._civic_read([self.photo])
        self.files._civic_attach(report.sudo(), read, self.reporter)
        shown = report.sudo().attachment_ids
        original = self.originals()
        self.assertEqual(original._civic_opened(), self.photo)
        self.assertNotIn(b"CANARY", shown.raw)
        report.receive()
        report.dispatch([self.agency.id])
        self.assertTrue(shown.with_user(self.handler).raw)
        for user in (
            self.operator,
            self.handler,
            self.leader,
            self.plain,
            self.citizen,
        ):
            with self.subTest(user.login), self.assertRaises(AccessError):
                original.with_user(user).read(["raw"])

    def test_large_originals_are_not_touched(self):
        """Odoo would shrink a picture of this size when it is stored."""
        large = saved(drawing(2400, 1800))
        report = self.make_report()
        self.files._civic_attach(
            report.sudo(), self.files._civic_read([large]), self.reporter
        )
        self.assertEqual(self.originals()._civic_opened(), large)

    def test_documents_keep_nothing_of_their_makers(self):
        report = self.make_report()
        data = telling()
        read = self.files._civic_read([data])
        shown = self.files._civic_attach(report.sudo(), read, self.reporter)
        self.assertIn(b"CANARY", data)
        self.assertNotIn(b"CANARY", shown.raw)
        self.assertEqual(shown.mimetype, "application/pdf")
        self.assertEqual(self.originals()._civic_opened(), data)

    def test_what_cannot_be_cleaned_stays_sealed_and_the_centre_sees_why(self):
        report = self.make_report()
        data = telling(encryption=locked("secret"))
        read = self.files._civic_read([self.photo, data])
        self.assertEqual([file["withheld"] for file in read], [None, "locked"])
        shown = self.files._civic_attach(report.sudo(), read, self.reporter)
        self.assertEqual(shown.mapped("mimetype"), ["image/jpeg", "application/pdf"])
        self.assertFalse(shown[1].raw)
        self.assertEqual(
            {original._civic_opened() for original in self.originals()},
            {self.photo, data},
        )
        # Nobody gets anything of it, whoever chooses what is published.
        self.assertEqual([file for file, _shown in shown._civic_shown()], [shown[0]])
        self.assertEqual(report.sudo()._own_files(), shown[0])
        self.assertEqual(report.sudo()._sealed_file_count(), 1)
        with self.assertRaises(MissingError):
            shown[1].with_user(self.operator)._to_http_stream()
        row = shown[1].sudo().civic_media_ids.with_user(self.operator)
        self.assertIn("Locked with a password", row.hints[0])
        event = report.sudo().event_ids.filtered(lambda row: row.code == "withheld")
        self.assertIn("Locked with a password", event.note)

    def test_pages_that_are_not_shown_are_told(self):
        report = self.make_report()
        pages = [drawing(300, 200), drawing(300, 200)]
        scan = saved(pages[0], "TIFF", save_all=True, append_images=pages[1:])
        turned = pages[0].rotate(180)
        moving = saved(pages[0], "GIF", save_all=True, append_images=[turned])
        read = self.files._civic_read([self.photo, scan, moving])
        self.files._civic_attach(report.sudo(), read, self.reporter)
        events = report.sudo().event_ids.filtered(lambda row: row.code == "withheld")
        notes = sorted(events.mapped("note"))
        self.assertEqual(len(notes), 2)
        self.assertRegex(notes[0], "picture-02.jpg: of its 2 pages")
        self.assertRegex(notes[1], "picture-03.jpg: of its 2 pages")
        self.assertIn(scan, [row._civic_opened() for row in self.originals()])

    def test_recordings_that_cleaning_would_harm(self):
        report = self.make_report()
        data = ACCEPTED["video/mp4"]
        clean, essence = cleaning.CLEANERS["video/mp4"]
        harmful = {"video/mp4": (lambda raw: clean(raw)[:-1], essence)}
        assignment = self.in_hand()
        with patch.dict(cleaning.CLEANERS, harmful):
            read = self.files._civic_read([data])
            with self.assertRaisesRegex(ValidationError, "without harming it"):
                self.upload(assignment, data, name="video.mp4")
        shown = self.files._civic_attach(report.sudo(), read, self.reporter)
        self.assertFalse(shown.raw)
        self.assertEqual(shown.sudo().civic_media_ids.withheld, "changed")
        self.assertIn(data, [row._civic_opened() for row in self.originals()])

    def test_citizens_get_no_file_by_its_number(self):
        report = self.walk_to("done")
        read = self.files._civic_read([self.photo])
        shown = self.files._civic_attach(report.sudo(), read, self.reporter)
        for user in (
            self.citizen,
            self.other_citizen,
            self.env.ref("base.public_user"),
        ):
            with self.subTest(user.login):
                with self.assertRaises(AccessError):
                    shown.with_user(user).check_access("read")
                hidden = list(
                    self.files.with_user(user)._inaccessible_comodel_records(
                        {"civic.report": {report.id}}, "read"
                    )
                )
                self.assertEqual(hidden, [("civic.report", report.id)])

    # ------------------------------------------------------------------
    # Officers
    # ------------------------------------------------------------------

    def test_pictures_of_officers_are_drawn_anew(self):
        assignment = self.in_hand()
        for values in ({}, {"raw": False, "datas": base64.b64encode(self.photo)}):
            picture = self.upload(assignment, **values)
            self.assertNotIn(b"CANARY", picture.raw)
            self.assertEqual(Image.open(io.BytesIO(picture.raw)).size, (60, 40))

    def test_officers_may_send_office_documents(self):
        assignment = self.in_hand()
        for data in OFFICE.values():
            self.assertTrue(self.upload(assignment, data, name="bien-ban.docx").raw)

    def test_officers_are_told_what_they_can_save_anew(self):
        assignment = self.in_hand()
        for raw, words in (
            (telling(encryption=locked("secret")), "locked with a password"),
            (b"%PDF-1.7\n%%EOF", "damaged"),
        ):
            with self.assertRaisesRegex(ValidationError, words):
                self.upload(assignment, raw, name="van-ban.pdf")
        clean = self.upload(assignment, telling(), name="van-ban.pdf")
        self.assertNotIn(b"CANARY", clean.raw)

    def test_officers_may_not_send_what_runs(self):
        assignment = self.in_hand()
        for raw, name in (
            (SCRIPT, "anh.jpg"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "anh.svg"),
            (b"%PDF-1.7\n%%EOF", "x.pdf.exe"),
            (b"", "trong.jpg"),
        ):
            with self.subTest(name), self.assertRaises(ValidationError):
                self.upload(assignment, raw, name=name)

    def test_an_address_is_no_file(self):
        assignment = self.in_hand()
        with self.assertRaises(ValidationError):
            self.upload(assignment, False, type="url", url="http://127.0.0.1/")

    def test_files_stay_as_they_came_in(self):
        picture = self.upload(self.in_hand())
        for values in (
            {"raw": SCRIPT},
            {"datas": base64.b64encode(SCRIPT)},
            {"mimetype": "text/html"},
            {"res_model": "res.users", "res_id": self.handler.id},
            {"res_id": 0},
        ):
            with self.subTest(values), self.assertRaises(UserError):
                picture.write(values)

    def test_nothing_moves_in_uncleaned(self):
        assignment = self.in_hand()
        own = self.files.with_user(self.handler).create(
            {"name": "x.jpg", "raw": self.photo}
        )
        with self.assertRaises(UserError):
            own.write({"res_model": assignment._name, "res_id": assignment.id})
        with self.assertRaises(ValidationError):
            assignment.result_attachment_ids = [Command.link(own.id)]

    def test_files_of_another_record_are_not_linked(self):
        other = self.in_hand()
        picture = self.upload(other)
        assignment = self.in_hand()
        with self.assertRaises(ValidationError):
            assignment.result_attachment_ids = [Command.link(picture.id)]

    def test_files_uploaded_before_the_report_was_saved(self):
        picture = self.files.with_user(self.operator).create(
            {"name": "a.jpg", "raw": self.photo, "res_model": "civic.report"}
        )
        self.assertNotIn(b"CANARY", picture.raw)
        report = self.make_report(attachment_ids=[Command.set(picture.ids)])
        self.assertEqual(picture.res_id, report.id)

    def test_what_citizens_sent_is_never_deleted(self):
        report = self.make_report()
        picture = self.upload(report, user=self.operator)
        with self.assertRaises(UserError):
            picture.unlink()
        evidence = self.upload(self.in_hand())
        evidence.unlink()
        self.assertFalse(evidence.exists())

    def test_other_files_are_none_of_our_business(self):
        file = self.files.create({"name": "x.html", "raw": SCRIPT})
        file.write({"raw": SCRIPT + b" "})
        self.assertEqual(file.raw, SCRIPT + b" ")
        file.unlink()


@tagged("-at_install", "post_install")
class TestUploads(CivicCase, HttpCase):
    """Uploads of officers, by the browser."""

    def upload(self, record, data):
        answer = self.url_open(
            "/web/binary/upload_attachment",
            data={
                "model": record._name,
                "id": record.id,
                "csrf_token": Request.csrf_token(self),
            },
            files={"ufile": ("anh.jpg", data)},
        )
        return json.loads(answer.content)[0]

    def test_officers_are_told_why_a_file_is_refused(self):
        assignment = self.walk_to("accepted").assignment_ids
        self.authenticate("civic_handler", "civic_handler")
        self.assertIn("not of a kind", self.upload(assignment, SCRIPT)["error"])
        done = self.upload(assignment, saved(drawing(), exif=exif(gps=HUE)))
        self.assertEqual(done["mimetype"], "image/jpeg")
        picture = self.env["ir.attachment"].browse(done["id"])
        self.assertNotIn(b"CANARY", picture.raw)

    def test_strangers_upload_nothing(self):
        assignment = self.walk_to("accepted").assignment_ids
        before = self.env["ir.attachment"].search_count([])
        for login in ("civic_other_handler", "civic_citizen"):
            self.authenticate(login, login)
            self.assertIn("error", self.upload(assignment, saved(drawing())))
        self.assertEqual(self.env["ir.attachment"].search_count([]), before)
