"""Bad inputs and the tests that hold what each must get.

A table, checked: every test that it names exists.
"""

import re
from pathlib import Path

from odoo.tests import BaseCase

NOT_YET = "not yet: "
TESTS = Path(__file__).parents[1]
TABLE = {
    "Web form": {
        "empty required fields": "test_website::test_an_empty_form",
        "1 MB description": "test_website::test_a_megabyte_of_text",
        "markup and templates": "test_website::test_what_people_write_is_text",
        "markup in mail": "test_outbox::test_what_citizens_write_stays_literal",
        "formulas in spreadsheets": "test_text::test_formulas_become_text",
        "NUL and right-to-left override": "test_text::test_clean",
        "decomposed Vietnamese": "test_text::test_fold",
        "telephones": "test_submission::test_telephones_and_addresses_that_are_none",
        "line break in an address": "test_text::test_refused",
        "impossible positions": "test_submission::test_impossible_positions",
        "foreign category": "test_submission::test_choices_that_are_not_offered",
        "hidden fields": "test_website::test_what_the_form_does_not_ask_is_ignored",
        "no token": "test_website::test_without_a_token_nothing_is_sent_and_nothing_is_"
        "lost",
        "sent twice": "test_website::test_sending_twice_makes_one_report",
        "100 posts a minute": "test_throttle::test_another_device_of_the_address_is_"
        "served",
        "expired session": "test_website::test_an_expired_session_costs_one_more_click",
        "consent absent": "test_submission::test_consent_is_never_taken_for_granted",
        "guessed codes": "test_throttle::test_guessing_codes_is_slowed",
        "guessed one-time codes": "test_lookup::test_guessing_is_stopped",
        "codes that are none": "test_lookup::test_what_is_no_code",
        "signs of search": "test_website::test_search_takes_signs_literally_and_knows_"
        "no_original_text",
        "hostile addresses of the list": "test_site_list::test_hostile_addresses",
        "views of the map that are none": "test_site_list::test_views_that_are_none",
        "tiles from anywhere": "test_map::test_addresses_that_are_no_tiles",
        "impossible moments": "test_submission::test_impossible_moments",
    },
    "Upload": {
        "metadata": "test_media::test_all_metadata_is_gone",
        "HEIC": "test_media::test_every_format_becomes_jpeg",
        "SVG and HTML": "test_media::test_known_types_that_are_not_wanted",
        "polyglots": "test_media::test_what_hides_behind_the_end",
        "too many pixels": "test_media::test_too_many_pixels_by_the_header_alone",
        "too many frames": "test_media::test_too_many_frames",
        "cut off or empty": "test_media::test_cut_off",
        "too large": "test_website::test_too_large_files_leave_the_text",
        "names": "test_media::test_names_of_our_own",
        "names that would run": "test_media::test_names_that_would_run",
        "zip bomb": "test_media::test_archives_that_are_not_what_they_say",
        "PDF with a script": "test_website::test_documents_are_saved_not_opened",
        "disk full": "test_faults::test_the_disk_is_full",
    },
    "E-mail": {
        "same Message-ID": "test_inbox::test_same_message_id_is_one_report",
        "same at once": "test_faults_mail::test_the_same_mail_at_once_is_one_report",
        "no Message-ID": "test_inbox::test_without_message_id_the_content_tells",
        "an officer's address": "test_inbox::test_an_officers_address_is_not_trusted",
        "another's case": "test_inbox::test_who_cannot_prove_it_goes_to_intake",
        "auto-reply, bounce": "test_inbox::test_machines_get_no_report_and_no_answer",
        "bad charset": "test_inbox::test_wrong_charset_is_read_as_far_as_it_goes_and_"
        "flagged",
        "30 MB": "test_inbox::test_a_file_of_30_mb_is_refused_and_the_report_kept",
        "a hotline": "test_inbox::test_a_hotline_of_25_an_hour_is_all_kept",
        "remote pixels": "test_inbox::test_html_becomes_text_and_nothing_is_fetched",
        "nested 50 deep": "test_inbox::test_mails_nested_50_deep_are_limited",
        "empty": "test_inbox::test_nothing_in_it_goes_to_intake",
    },
    "API": {
        "private methods and wrong states": "test_access::test_verbs_over_json_2",
        "no traceback": "test_guards::test_errors_carry_no_traceback",
        "another's id": "test_guards::test_a_forbidden_file_looks_like_a_missing_one",
        "bad signature": "test_webhook::test_wrong_signatures",
        "old time": "test_webhook::test_old_times",
        "malformed or deep JSON": "test_webhook::test_malformed",
        "a provider's faults": "test_gateways::test_faults",
        "forged receipts": "test_outbox_sms::test_nobody_else_can_say_so",
        "receipts that are nonsense": "test_outbox_sms::test_nonsense_changes_nothing",
        "XML external entity": "test_webhook_formats::test_what_is_no_message",
        "the same once more": "test_webhook::test_replays_change_nothing",
        "too large a body": "test_webhook::test_too_large",
        "status out of order": "test_desk::test_no_step_back_whatever_the_order",
        "media_url of the own machine": "test_inbox_chat::test_nothing_is_fetched_from_"
        "elsewhere",
        "keys, idempotency, Open311": NOT_YET + "part of the API",
    },
    "Back office": {
        "verb on a foreign id": "test_access::test_verbs_over_json_2",
        "verb out of turn": "test_door::test_matrix",
        "forged author": "test_guards::test_forged_authors",
        "foreign id in a link or onchange": "test_guards::test_a_foreign_link_is_not_"
        "found",
        "foreign report to print": "test_guards::test_a_foreign_letter_looks_like_a_"
        "missing_one",
        "defaults and active_test": "test_guards::test_defaults_in_the_context_are_no_"
        "way_round",
        "two at once": "test_races::test_every_transition_once",
        "stale form": NOT_YET + "part of the forms of the back office",
        "absurd limits": "test_working_time::test_limits_that_mean_nothing",
        "Tết": "test_working_time::test_tet_2026",
        "make-up Saturdays": "test_working_time::test_make_up_saturdays",
        "empty calendar": "test_working_time::test_a_year_without_work_is_no_calendar",
    },
}


class TestBadInputs(BaseCase):
    def test_named_tests_exist(self):
        for section, lines in TABLE.items():
            for line, test in lines.items():
                with self.subTest(section=section, line=line):
                    if not test.startswith(NOT_YET):
                        module, name = test.split("::")
                        [path] = TESTS.rglob(f"{module}.py")
                        text = path.read_text()
                        self.assertTrue(re.search(rf"def {name}\(", text), test)
