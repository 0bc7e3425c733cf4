"""Sealing, opening and finding, and the file of keys."""

import base64
import json
import os
import stat
import tempfile
import threading
import unittest
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from ...tools import vault

properties = settings(max_examples=150, deadline=None, derandomize=True, database=None)

RING = vault.KeyRing([vault.new_entry(bytes([1]) * 32)])
OTHER = vault.KeyRing([vault.new_entry(bytes([2]) * 32)])
ROTATED = vault.KeyRing(
    [vault.new_entry(bytes([2]) * 32), vault.new_entry(bytes([1]) * 32)]
)


class TestSealing(unittest.TestCase):
    @properties
    @given(st.binary(max_size=3000), st.text(max_size=60))
    def test_what_is_sealed_opens(self, data, context):
        blob = RING.seal(data, context)
        self.assertEqual(RING.open(blob, context), data)
        self.assertEqual(RING.open(bytearray(blob), context), data)
        self.assertEqual(vault.key_of(blob), RING.active_id)

    @properties
    @given(st.binary(max_size=600), st.data())
    def test_one_changed_bit_is_noticed(self, data, draw):
        """Anywhere: magic, key id, nonce, text, padding, tag."""
        blob = bytearray(RING.seal(data, "x"))
        regions = {
            "magic": (0, 3),
            "key": (3, vault.HEADER_BYTES),
            "nonce": (vault.HEADER_BYTES, vault.HEADER_BYTES + vault.NONCE_BYTES),
            "text": (
                vault.HEADER_BYTES + vault.NONCE_BYTES,
                len(blob) - vault.TAG_BYTES,
            ),
            "tag": (len(blob) - vault.TAG_BYTES, len(blob)),
        }
        for name, (first, after) in regions.items():
            changed = bytearray(blob)
            at = draw.draw(st.integers(first, after - 1))
            changed[at] ^= 1 << draw.draw(st.integers(0, 7))
            wanted = vault.KeyAbsent if name == "key" else vault.Tampered
            with self.assertRaises(wanted, msg=name):
                RING.open(changed, "x")

    @properties
    @given(st.binary(max_size=400), st.integers(0, 800))
    def test_what_is_cut_off_does_not_open(self, data, length):
        blob = RING.seal(data, "x")
        with self.assertRaises(vault.Tampered):
            RING.open(blob[: min(length, len(blob) - 1)], "x")
        with self.assertRaises(vault.Tampered):
            RING.open(blob + b"\0", "x")

    @properties
    @given(st.text(max_size=30), st.text(max_size=30))
    def test_another_context_does_not_open(self, context, other):
        blob = RING.seal(b"secret", context)
        if other != context:
            with self.assertRaises(vault.Tampered):
                RING.open(blob, other)

    def test_another_key_under_the_same_name_does_not_open(self):
        blob = OTHER.seal(b"secret", "x")
        forged = blob[:3] + bytes.fromhex(RING.active_id) + blob[vault.HEADER_BYTES :]
        with self.assertRaises(vault.Tampered):
            RING.open(forged, "x")

    def test_a_key_that_is_not_there_is_named(self):
        blob = OTHER.seal(b"secret", "x")
        with self.assertRaises(vault.KeyAbsent) as caught:
            RING.open(blob, "x")
        self.assertEqual(caught.exception.key_id, OTHER.active_id)

    def test_the_same_twice_looks_different(self):
        blobs = {RING.seal(b"secret", "x") for _index in range(50)}
        self.assertEqual(len(blobs), 50)
        self.assertFalse(any(b"secret" in blob for blob in blobs))

    @properties
    @given(st.integers(0, 30 * 1024**2))
    def test_lengths_tell_little(self, length):
        padded = vault.padded_length(length)
        self.assertGreater(padded, length)
        self.assertEqual(padded % vault.BLOCK, 0)
        self.assertLessEqual(padded - length, max(vault.BLOCK, length / 8))
        self.assertLessEqual(vault.padded_length(max(0, length - 1)), padded)

    def test_short_texts_are_all_of_one_length(self):
        lengths = {len(RING.seal(b"x" * n, "c")) for n in range(vault.BLOCK)}
        self.assertEqual(len(lengths), 1)

    def test_no_error_repeats_what_was_sealed(self):
        blob = bytearray(RING.seal(b"secret", "x"))
        blob[-1] ^= 1
        try:
            RING.open(blob, "x")
        except vault.Tampered as error:
            self.assertEqual(str(error), "")
            self.assertTrue(error.__suppress_context__)


class TestRotation(unittest.TestCase):
    @properties
    @given(st.binary(max_size=600))
    def test_old_opens_and_new_is_sealed_with_the_first(self, data):
        old = RING.seal(data, "x")
        self.assertEqual(ROTATED.open(old, "x"), data)
        new = ROTATED.seal(data, "x")
        self.assertEqual(vault.key_of(new), OTHER.active_id)
        self.assertEqual(OTHER.open(new, "x"), data)
        with self.assertRaises(vault.KeyAbsent):
            RING.open(new, "x")

    @properties
    @given(st.text(max_size=40))
    def test_fingerprints_find_what_any_key_made(self, value):
        made = ROTATED.fingerprints("phone", value)
        self.assertEqual(
            made, [OTHER.fingerprint("phone", value), RING.fingerprint("phone", value)]
        )
        self.assertEqual(made[0], ROTATED.fingerprint("phone", value))


class TestFingerprints(unittest.TestCase):
    @properties
    @given(st.text(max_size=40), st.text(max_size=40))
    def test_equal_for_equal_values_alone(self, one, two):
        same = RING.fingerprint("k", one) == RING.fingerprint("k", two)
        self.assertEqual(same, one == two)

    def test_kinds_and_keys_have_nothing_in_common(self):
        made = {
            ring.fingerprint(kind, "+84912345678")
            for ring in (RING, OTHER)
            for kind in ("phone", "email", "user")
        }
        self.assertEqual(len(made), 6)
        for value in made:
            self.assertRegex(value, r"\A[0-9a-f]{32}\Z")


class TestFile(unittest.TestCase):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "new" / "keys.json"

    def test_made_for_its_owner_alone(self):
        vault.make_ring(self.path)
        self.assertEqual(stat.S_IMODE(self.path.stat().st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(self.path.parent.stat().st_mode), 0o700)
        self.assertEqual(os.listdir(self.path.parent), ["keys.json"])
        self.assertEqual(len(vault.KeyRing.load(self.path).ids), 1)

    def test_made_once(self):
        vault.make_ring(self.path)
        before = self.path.read_bytes()
        vault.make_ring(self.path)
        self.assertEqual(self.path.read_bytes(), before)

    def test_of_many_at_once_one_is_made(self):
        together = threading.Barrier(16)
        found = []

        def make():
            together.wait(timeout=30)
            vault.make_ring(self.path)
            found.append(vault.KeyRing.load(self.path).active_id)

        threads = [threading.Thread(target=make) for _index in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
        self.assertEqual(len(found), 16)
        self.assertEqual(len(set(found)), 1)
        self.assertEqual(os.listdir(self.path.parent), ["keys.json"])

    def test_a_new_key_comes_first_and_the_file_keeps_its_rights(self):
        vault.make_ring(self.path)
        self.path.chmod(0o640)
        (old,) = vault.KeyRing.load(self.path).ids
        new = vault.add_key(self.path)
        self.assertEqual(vault.KeyRing.load(self.path).ids, [new, old])
        self.assertEqual(stat.S_IMODE(self.path.stat().st_mode), 0o640)
        self.assertEqual(os.listdir(self.path.parent), ["keys.json"])

    def test_what_is_wrong_with_a_file_is_said(self):
        good = vault.new_entry()
        short = {**good, "secret": base64.b64encode(b"short").decode()}
        slip = {**good, "secret": vault.new_entry()["secret"]}
        rows = {
            "not JSON": b"\xff{",
            "no list of keys": b"[]",
            "no key": b'{"keys": []}',
            "not a key": b'{"keys": [{"id": "x"}]}',
            "a key of another length": json.dumps({"keys": [short]}).encode(),
            "do not belong together": json.dumps({"keys": [slip]}).encode(),
            "twice": json.dumps({"keys": [good, good]}).encode(),
        }
        self.path.parent.mkdir()
        for words, content in rows.items():
            self.path.write_bytes(content)
            with self.subTest(words), self.assertRaises(vault.RingMalformed) as caught:
                vault.KeyRing.load(self.path)
            self.assertIn(words, str(caught.exception))
            self.assertNotIn(good["secret"], str(caught.exception))

    def test_a_file_that_is_not_there_and_one_that_does_not_open(self):
        with self.assertRaises(vault.RingMissing):
            vault.KeyRing.load(self.path)
        with self.assertRaises(vault.RingUnreadable):
            vault.KeyRing.load(self.path.parent.parent)

    def test_a_damaged_file_is_not_written_over(self):
        self.path.parent.mkdir()
        self.path.write_bytes(b"damaged")
        with self.assertRaises(vault.RingMalformed):
            vault.add_key(self.path)
        self.assertEqual(self.path.read_bytes(), b"damaged")

    def test_by_hand(self):
        said, wrong = StringIO(), StringIO()
        with redirect_stdout(said), redirect_stderr(wrong):
            self.assertEqual(vault.main(["add", str(self.path)]), 0)
            self.assertEqual(vault.main(["add", str(self.path)]), 0)
            self.assertEqual(vault.main(["list", str(self.path)]), 0)
            self.assertEqual(vault.main(["list", str(self.path.parent)]), 1)
            self.assertEqual(vault.main([]), 2)
        ids = vault.KeyRing.load(self.path).ids
        self.assertEqual(said.getvalue().splitlines()[-2:], ids)
        self.assertIn("usage", wrong.getvalue())
        for entry in json.loads(self.path.read_text())["keys"]:
            self.assertNotIn(entry["secret"], said.getvalue() + wrong.getvalue())

    def test_moved_by_hand(self):
        vault.make_ring(self.path)
        ids = vault.KeyRing.load(self.path).ids
        target = self.path.parents[1] / "elsewhere" / "deep" / "keys.json"
        with redirect_stdout(StringIO()) as said:
            self.assertEqual(vault.main(["move", str(self.path), str(target)]), 0)
        self.assertIn(str(target), said.getvalue())
        self.assertFalse(self.path.exists())
        self.assertEqual(vault.KeyRing.load(target).ids, ids)
        self.assertEqual(os.listdir(target.parent), ["keys.json"])
        self.assertEqual(stat.S_IMODE(target.stat().st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(target.parent.stat().st_mode), 0o700)

    def test_a_move_that_was_cut_short_goes_on(self):
        vault.make_ring(self.path)
        target = self.path.with_name("new.json")
        with (
            patch.object(Path, "unlink", side_effect=KeyboardInterrupt),
            self.assertRaises(KeyboardInterrupt),
        ):
            vault.move_ring(self.path, target)
        self.assertTrue(self.path.exists(), "nothing is removed before it is there")
        vault.move_ring(self.path, target)
        self.assertFalse(self.path.exists())
        self.assertTrue(target.exists())

    def test_a_move_never_ends_another_ring(self):
        vault.make_ring(self.path)
        target = self.path.with_name("new.json")
        vault.make_ring(target)
        before = self.path.read_bytes(), target.read_bytes()
        with self.assertRaises(vault.RingInTheWay):
            vault.move_ring(self.path, target)
        vault.move_ring(self.path, self.path)
        self.assertEqual((self.path.read_bytes(), target.read_bytes()), before)
        with self.assertRaises(vault.RingMissing):
            vault.move_ring(self.path.with_name("none.json"), target)


class TestPlace(unittest.TestCase):
    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.base = Path(folder.name)
        self.data = self.base / "data"
        self.data.mkdir()
        self.inside = self.data / "civic_vault" / "keys.json"
        self.home = self.base / "home"
        self.home.mkdir()
        self.system = self.base / "etc" / "civic_report" / "keys.json"

    def place(self, home=None):
        environment = {"HOME": str(home or self.home), "XDG_CONFIG_HOME": ""}
        with (
            patch.dict(os.environ, environment),
            patch.object(vault, "SYSTEM_FILE", str(self.system)),
        ):
            return Path(vault.default_file(self.data))

    def test_outside_the_data_directory(self):
        account = self.home / ".config" / "civic_report" / "keys.json"
        self.assertEqual(self.place(), account)
        vault.make_ring(account)
        self.assertEqual(self.place(), account)
        self.system.parent.mkdir(parents=True)
        self.assertEqual(self.place(), account, "what is there is used")

    def test_where_an_administrator_has_made_room(self):
        self.system.parent.mkdir(parents=True)
        self.assertEqual(self.place(), self.system)

    def test_a_ring_inside_is_found_until_it_is_moved(self):
        vault.make_ring(self.inside)
        vault.make_ring(self.home / ".config" / "civic_report" / "keys.json")
        self.assertEqual(self.place(), self.inside)
        vault.move_ring(self.inside, self.system)
        self.assertFalse(self.inside.exists())

    def test_inside_only_where_nothing_else_is_possible(self):
        # As Debian's package and the image have it: the account's home is the data.
        home = self.data / "home"
        home.mkdir()
        self.assertEqual(self.place(home), self.inside)
        self.assertEqual(self.place(self.base / "none"), self.inside)
        link = self.base / "link"
        link.symlink_to(self.data)
        self.assertEqual(self.place(link), self.inside, "links are followed")
