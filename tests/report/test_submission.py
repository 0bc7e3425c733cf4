from unittest.mock import patch

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.tests import tagged, users

from ...models.report.form import FormError
from ..rig.media import HUE, drawing, exif, saved
from ..rig.site import SubmissionCase

REQUIRED = {
    *("subject", "description", "name", "phone", "email"),
    *("address", "occurred_at", "files", "consent"),
}


@tagged("-at_install", "post_install")
class TestSubmission(SubmissionCase):
    def test_digits_of_other_scripts(self):
        report = self.send_form(
            self.form(
                phone="٠٩١٢ ٣٤٥ ٦٧٨",
                citizen_id="٠٤٦٠٩٩٠١٢٣٤٥",
                latitude="١٦.٤٦٣٧",
                longitude="107.5909",
            )
        )
        reporter = report.reporter_id
        self.assertEqual(reporter.citizen_id, "046099012345")
        self.assertEqual(reporter.phone, "+84912345678")
        self.assertAlmostEqual(report.latitude, 16.4637)

    def test_what_is_sent_arrives(self):
        with self.at("2026-11-20 10:00"):
            report = self.send_form(self.form(occurred_at="2026-11-20T08:15"))
        self.assertRegex(report.name, r"^PA-26-\d{6}$")
        self.assertEqual(report.subject, "Ổ gà lớn trên đường Lê Lợi")
        self.assertEqual(report.state, "new")
        self.assertEqual(report.channel_id, self.web)
        self.assertEqual(report.category_id, self.category)
        self.assertEqual(report.ward_id, self.ward)
        self.assertEqual(report.visibility, "public")
        self.assertFalse(report.is_published)
        self.assertLocal(report.occurred_at, "2026-11-20 08:15")
        self.assertLocal(report.deadline, "2026-11-20 11:00")
        reporter = report.reporter_id
        self.assertEqual(reporter.name, "Người gửi thử")
        self.assertEqual(reporter.phone, "+84912345678")
        self.assertEqual(reporter.email_from, "nguoi.gui@example.com")
        self.assertFalse(reporter.user_id)

    def test_no_account_of_the_sender_stays_on_any_row(self):
        report = self.send_form(user=self.citizen)
        self.assertNoTrace(report, self.citizen)
        self.assertEqual(report.reporter_id.user_id, self.citizen)
        self.assertEqual(len(report.attachment_ids), 1)

    def test_no_account_stays_after_a_call_from_outside(self):
        report = self.walk_to("done")
        report.with_user(self.citizen).rate(self.procedure.scale_id.level_ids[0].id)
        self.assertNoTrace(report.sudo(), self.citizen)

    def test_every_error_is_told_at_once(self):
        with self.assertRaises(FormError) as caught:
            self.send_form({}, files=[])
        self.assertEqual(set(caught.exception.errors), REQUIRED)

    def test_what_the_procedure_does_not_ask_may_be_missing(self):
        self.procedure.write(
            {
                "require_email": False,
                "require_place": False,
                "require_time": False,
                "require_picture": False,
            }
        )
        report = self.send_form(
            self.form(email="", address="", occurred_at=""), files=[]
        )
        self.assertFalse(report.attachment_ids)

    def test_what_the_procedure_asks_besides(self):
        self.procedure.write({"require_address": True, "require_citizen_id": True})
        self.assertEqual(
            set(self.errors(reporter_address="", citizen_id="")),
            {"reporter_address", "citizen_id"},
        )

    def test_a_position_says_where_it_is(self):
        report = self.send_form(
            self.form(address="", latitude="16.4637", longitude="107.5909")
        )
        self.assertAlmostEqual(report.latitude, 16.4637)

    def test_impossible_positions(self):
        for latitude, longitude in (
            *(("999", "107"), ("16", "181"), ("nan", "nan"), ("0", "0")),
            *(("16", ""), ("16.4,", "107"), ("1e400", "107")),
        ):
            with self.subTest(latitude=latitude, longitude=longitude):
                errors = self.errors(latitude=latitude, longitude=longitude)
                self.assertEqual(set(errors), {"address"})

    def test_impossible_moments(self):
        for moment in ("2027-01-01T00:00", "1900-01-01T10:00", "hôm qua", "9999-12-31"):
            with self.subTest(moment), self.at("2026-11-20 10:00"):
                self.assertEqual(set(self.errors(occurred_at=moment)), {"occurred_at"})

    def test_telephones_and_addresses_that_are_none(self):
        for phone in ("abc", "12345", "113", "0912345678 hoặc 0987654321", "+84"):
            with self.subTest(phone):
                self.assertEqual(set(self.errors(phone=phone)), {"phone"})
        for email in ("a@b", "a@b.vn\r\nBcc: x@example.com", "Tên <a@example.com>"):
            with self.subTest(email):
                self.assertEqual(set(self.errors(email=email)), {"email"})

    def test_too_long_texts_name_the_limit(self):
        for name, limit in (("subject", 200), ("description", 10_000), ("name", 100)):
            with self.subTest(name):
                errors = self.errors(**{name: "á" * (limit + 1)})
                self.assertEqual(set(errors), {name})
                self.assertIn(str(limit), errors[name])
        self.assertIn("1000000", self.errors(description="x" * 10**6)["description"])

    def test_invisible_text_is_no_text(self):
        errors = self.errors(description="\u200b\u202e \x00")
        self.assertEqual(set(errors), {"description"})

    def test_choices_that_are_not_offered(self):
        other = self.env["res.company"].create({"name": "Tỉnh khác"})
        foreign = self.env["civic.ward"].create({"name": "Xã", "company_id": other.id})
        closed = self.env["civic.ward"].create({"name": "Cũ", "active": False})
        for ward in (str(foreign.id), str(closed.id), "0", "-1", "9" * 30, "١٢", "x"):
            with self.subTest(ward):
                self.assertEqual(set(self.errors(ward_id=ward)), {"ward_id"})
        foreign = self.env["civic.category"].create(
            {"name": "Riêng", "company_id": other.id}
        )
        errors = self.errors(category_id=str(foreign.id))
        self.assertEqual(set(errors), {"category_id"})

    def test_matters_not_taken_in_come_with_guidance(self):
        petition = self.env.ref("civic_report.category_petition")
        errors = self.errors(category_id=str(petition.id))
        self.assertEqual(errors, {"category_id": petition.guidance})

    def test_consent_is_never_taken_for_granted(self):
        self.assertEqual(set(self.errors(consent="")), {"consent"})

    def test_private_and_sensitive_reports(self):
        self.assertEqual(self.send_form(self.form(private="1")).visibility, "private")
        land = self.env.ref("civic_report.category_land")
        report = self.send_form(self.form(category_id=str(land.id), key="khoa-2"))
        self.assertEqual(report.track, "sensitive")
        self.assertEqual(report.visibility, "sensitive")

    def test_fields_that_the_form_has_not_are_ignored(self):
        report = self.send_form(
            self.form(
                state="done",
                agency_id=str(self.agency.id),
                create_uid=str(self.manager.id),
                reporter_id=str(self.reporter.id),
                visibility="secret",
                track="emergency",
                public_result="x",
            )
        )
        self.assertEqual(report.state, "new")
        self.assertFalse(report.agency_id)
        self.assertNotEqual(report.create_uid, self.manager)
        self.assertNotEqual(report.reporter_id, self.reporter)
        self.assertEqual(report.visibility, "public")
        self.assertEqual(report.track, "normal")
        self.assertFalse(report.public_result)

    # ------------------------------------------------------------------
    # Sending twice
    # ------------------------------------------------------------------

    def test_sending_twice_makes_one_report(self):
        first = self.send_form()
        self.assertEqual(self.send_form(), first)
        self.assertEqual(self.send_form(files=[]), first, "nothing is asked again")

    def test_another_matter_under_an_old_key_is_not_lost(self):
        first = self.send_form()
        errors = self.errors(description="Một việc khác hẳn.")
        self.assertEqual(set(errors), {"key"})
        self.assertIn(first.name, errors["key"])

    def test_sent_twice_at_once_runs_again(self):
        """The loser of the race cannot see the winner: its transaction starts over."""
        model = type(self.env["civic.report"])
        with (
            patch.object(model, "_create_submitted", side_effect=UniqueViolation),
            self.assertRaises(ConcurrencyError),
        ):
            self.send_form()

    def test_the_database_knows_one_report_per_key(self):
        self.send_form()
        model = type(self.env["civic.report"])
        with (
            patch.object(
                model, "_submitted_before", lambda self, *_args: self.browse()
            ),
            self.assertLogs("odoo.sql_db", "ERROR"),
            self.assertRaises(ConcurrencyError),
            self.env.cr.savepoint(),
        ):
            self.send_form()

    # ------------------------------------------------------------------
    # Who sends
    # ------------------------------------------------------------------

    def test_the_same_sender_is_found_again(self):
        first = self.send_form().reporter_id
        again = self.send_form(self.form(key="khoa-2", phone="+84 912 345 678"))
        self.assertEqual(again.reporter_id, first)

    def test_an_anonymous_form_never_touches_an_account(self):
        report = self.send_form(
            self.form(
                name=self.reporter.name, phone="0912345678", email="x@example.com"
            )
        )
        self.assertNotEqual(report.reporter_id, self.reporter)
        self.assertEqual(self.reporter.email_from, "nguoi.phan.anh@example.com")

    def test_reports_of_an_account_have_one_reporter(self):
        self.assertEqual(self.send_form(user=self.citizen).reporter_id, self.reporter)

    # ------------------------------------------------------------------
    # What the sender does later
    # ------------------------------------------------------------------

    def supplementing(self, **values):
        report = self.make_report(**values)
        report.request_supplement("Xin gửi thêm ảnh.")
        return report.sudo()

    def test_the_sender_supplies_words_and_files(self):
        report = self.supplementing()
        report._supply_as(self.citizen, "Ảnh đây.", [self.photo])
        self.assertEqual(report.state, "new")
        self.assertEqual(report.supplied_text, "Ảnh đây.")
        self.assertEqual(len(report.attachment_ids), 1)
        report.with_user(self.operator).request_supplement("Và một ảnh nữa.")
        report._supply_as(self.citizen, "Thêm.", [self.photo])
        self.assertEqual(len(report.attachment_ids), 2, "earlier files stay")
        self.assertNoTrace(report, self.citizen)

    def test_files_not_accepted_leave_the_request_open(self):
        report = self.supplementing()
        with self.assertRaises(UserError):
            report._supply_as(self.citizen, "Ảnh đây.", [b"<html>"])
        self.assertEqual(report.state, "supplementing")

    def test_nobody_else_supplies_or_rates(self):
        report = self.supplementing()
        done = self.walk_to("done").sudo()
        level = self.procedure.scale_id.level_ids[0]
        for user in (self.other_citizen, self.anonymous):
            with self.subTest(user.login):
                with self.assertRaises(UserError):
                    report._supply_as(user, "x", [])
                with self.assertRaises(UserError):
                    done._rate_as(user, level.id, "")
        self.assertEqual(report.state, "supplementing")
        self.assertFalse(done.rating_level_id)

    def test_the_sender_acts_on_private_reports_too(self):
        report = self.supplementing(visibility="private")
        report._supply_as(self.citizen, "Đây.", [])
        self.assertEqual(report.state, "new")
        done = self.walk_to("done", self.make_report(visibility="private")).sudo()
        level = self.procedure.scale_id.level_ids[0]
        done._rate_as(self.citizen, level.id, "Tốt")
        self.assertEqual(done.rating_level_id, level)
        self.assertNoTrace(done, self.citizen)

    def test_an_officer_who_reports_as_a_citizen_leaves_no_trace(self):
        """Officers live in the province too: their own reports do not name them."""
        for officer in (self.plain, self.handler):
            report = self.send_form(self.form(key=officer.login), user=officer)
            report.with_user(self.operator).request_supplement("Xin gửi thêm ảnh.")
            report._supply_as(officer, "Ảnh đây.", [self.photo])
            self.assertEqual(report.state, "new")
            self.assertNoTrace(report, officer)

    def test_an_operator_rates_no_own_report_from_the_back_office(self):
        self.reporter.user_id = self.operator
        report = self.walk_to("done")
        with self.assertRaises(AccessError):
            report.rate(self.procedure.scale_id.level_ids[0].id)

    # ------------------------------------------------------------------
    # What the form offers
    # ------------------------------------------------------------------

    @users("civic_citizen")
    def test_choices_are_the_same_whatever_the_account_may_read(self):
        choices = self.env["civic.form"]._form_choices_sudo(self.company)
        self.assertIn((self.category.id, self.category.name, ""), choices["categories"])
        self.assertIn((self.ward.id, self.ward.name), choices["wards"])
        petition = self.env.ref("civic_report.category_petition").sudo()
        self.assertIn(
            (petition.id, petition.name, petition.guidance), choices["guided"]
        )
        self.assertEqual(choices["required"], REQUIRED)


@tagged("-at_install", "post_install")
class TestSubmittedFiles(SubmissionCase):
    def test_pictures_are_drawn_anew_and_originals_kept_apart(self):
        photo = saved(drawing(), exif=exif(gps=HUE))
        report = self.send_form(files=[photo, self.photo])
        self.assertAlmostEqual(report.latitude, 16.4636, 3)
        self.assertAlmostEqual(report.longitude, 107.5955, 3)
        shown = report._own_files()
        self.assertEqual(shown.mapped("name"), ["picture-01.jpg", "picture-02.jpg"])
        self.assertNotIn(b"CANARY", shown[0].raw)
        originals = [file._civic_opened() for file in self.originals(report)]
        self.assertEqual(originals.count(photo), 1)

    def test_a_position_that_was_given_wins_over_the_picture(self):
        photo = saved(drawing(), exif=exif(gps=HUE))
        form = self.form(latitude="16.5", longitude="107.6")
        report = self.send_form(form, files=[photo])
        self.assertEqual((report.latitude, report.longitude), (16.5, 107.6))

    def test_every_file_that_is_refused_is_named(self):
        errors = self.errors(files=[b"", self.photo, b"<html>", b"MZ\x90\x00"])
        self.assertEqual(set(errors), {"files"})
        lines = errors["files"].splitlines()
        self.assertEqual([line.split()[1] for line in lines], ["1", "3", "4"])

    def test_too_many_files(self):
        errors = self.errors(files=[self.photo] * 11)
        self.assertIn("10", errors["files"])
