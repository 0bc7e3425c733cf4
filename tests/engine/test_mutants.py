"""The faults that `./dev mutate` puts in: one edit each, none of mere words."""

import textwrap
import unittest

from ...devtools import likeness, mutants, mutants_python, mutate


def faults(source, path="models/x/y.py"):
    """Lines as they would be, by what is put there."""
    source = textwrap.dedent(source)
    return {
        mutant.text().split("\n")[mutant.line - 1].strip(): mutant
        for mutant in mutants.find(path, source)
    }


class TestMutants(unittest.TestCase):
    def assertFaults(self, source, *lines):
        """Each of these lines, and no other, stands in a mutant of the source."""
        self.assertEqual(set(faults(source)), set(lines))

    def test_comparisons(self):
        for old, new in mutants_python.COMPARISONS.items():
            with self.subTest(old):
                self.assertIn(f"x = a {new} b", faults(f"x = a {old} b"))

    def test_conditions(self):
        self.assertFaults("x = a and not b", "x = a or not b", "x = a and  b")
        self.assertFaults("if a:\n    b = c", "if (not (a)):")
        self.assertIn("if not (a or b):", faults("if not (a and b):\n    c = d"))
        self.assertIn(
            "return [a for a in b if (not (a.c))]", self.body("[a for a in b if a.c]")
        )

    def body(self, value):
        return faults(f"def f(b):\n    return {value}")

    def test_what_is_returned_done_and_gone_through(self):
        self.assertIn("return None", self.body("b + 1"))
        self.assertIn("return b - 1", self.body("b + 1"))
        self.assertIn("return b[:]", self.body("b[:2]"))
        self.assertEqual(self.body("NotImplemented"), {})
        source = """
            class A:
                def f(self):
                    for row in self:
                        row._check()
                    while self.more():
                        self.next()
        """
        found = faults(source)
        self.assertIn("for row in list(self)[:1]:", found)
        self.assertIn("pass", found)
        self.assertIn("if self.more():", found)
        self.assertEqual(found["pass"].function, "A.f")

    def test_a_loop_that_jumps_stays_a_loop(self):
        """Else the file would not be Python."""
        for mutant in faults("def f():\n    while a():\n        break").values():
            compile(mutant.text(), "x", "exec")
            self.assertNotEqual(mutant.kind, "loop runs once")

    def test_one_of_two_stays_a_tuple(self):
        """Else it would be a text, in which each letter is looked for."""
        self.assertFaults('x = ("a", "b")', 'x = ("b",)', 'x = ("a", )')
        self.assertFaults('x = (\n"a",\n"b",\n)', '"b",', "")
        self.assertFaults("A, B = c", *())

    def test_domains(self):
        found = self.body('self.search([("a", "<", b), ("c", "=", d)], limit=1)')
        self.assertIn(
            'return self.search([("a", "<=", b), ("c", "=", d)], limit=1)', found
        )
        self.assertIn('return self.search([("c", "=", d)], limit=1)', found)
        self.assertIn('return self.search([("a", "<", b), ("c", "=", d)], )', found)
        # Without one of its conditions a domain in prefix notation would be an error.
        prefix = self.body('["|", ("a", "=", b), ("c", "=", d)]')
        self.assertFalse([line for line in prefix if line.count("(") == 1])

    def test_statements_in_sql(self):
        found = self.body('SQL("SELECT a FROM b WHERE c <= %s AND d IS NULL", b)')
        joined = "\n".join(found)
        for part in ("c < %s", "OR d", "IS NOT NULL"):
            self.assertIn(part, joined)

    def test_words_are_left_alone(self):
        for source in (
            '"""What a module is for."""',
            "import a",
            "def f(self):\n    _logger.warning('x')",
            "class A(models.Model):\n    _description = 'A' if b else 'C'",
            "x = fields.Char('Label', help='Some', index=True, readonly=True)",
        ):
            with self.subTest(source):
                self.assertEqual(faults(source), {})

    def test_fields_are_made_when_the_file_is_loaded(self):
        source = (
            "class A(models.Model):\n    x = fields.Char(required=True, copy=False)"
        )
        found = faults(source)
        self.assertFaults(
            source,
            "x = fields.Char(copy=False)",
            "x = fields.Char(required=True, )",
        )
        for mutant in found.values():
            self.assertEqual((mutant.function, mutant.names), ("", ("A", "x")))

    def test_what_odoo_does_anyway_is_no_fault(self):
        link = "x = fields.Many2one('a', required=True, ondelete='restrict')"
        self.assertEqual(
            set(faults(link)), {"x = fields.Many2one('a', ondelete='restrict')"}
        )
        weak = "x = fields.Many2one('a', ondelete='restrict')"
        self.assertEqual(set(faults(weak)), {"x = fields.Many2one('a', )"})

    def test_defaults_and_decorators_belong_to_what_is_around(self):
        source = """
            class A:
                @api.constrains("x")
                def f(self, limit=5):
                    a = b < c
        """
        found = faults(source)
        by_kind = {mutant.kind: mutant for mutant in found.values()}
        self.assertEqual(by_kind["decorator dropped"].function, "")
        self.assertEqual(by_kind["constant"].function, "")
        self.assertEqual(by_kind["comparison"].function, "A.f")

    def test_positions_count_bytes_of_the_file(self):
        found = self.body('b["Phường"] and b["Xã"] == c')
        self.assertIn('return b["Phường"] or b["Xã"] == c', found)
        self.assertIn('return b["Phường"] and b["Xã"] != c', found)

    def test_rights_and_rules(self):
        rows = "id,name,perm_read,perm_write\na,1 0,1,0\n"
        self.assertEqual(
            set(faults(rows, "security/ir.model.access.csv")),
            {"a,1 0,0,0", "a,1 0,1,1"},
        )
        rule = (
            "<odoo><record id='a' model='ir.rule'>\n"
            "<!-- ('a', '=', 1) -->\n"
            "[('company_id', 'in', company_ids)]\n</record></odoo>"
        )
        self.assertEqual(
            set(faults(rule, "security/x.xml")),
            {"[('company_id', 'not in', company_ids)]", "[(1, '=', 1)]"},
        )

    def test_every_fault_can_be_read(self):
        """Of this very file, which has a bit of everything."""
        with open(mutants_python.__file__) as source:
            found = mutants.find("devtools/mutants_python.py", source.read())
        self.assertGreater(len(found), 100)
        for mutant in found[::5]:
            with self.subTest(mutant.edit):
                compile(mutant.text(), "x", "exec", dont_inherit=True)

    def test_what_only_makes_routes_and_constants(self):
        source = """
            LIMITS = make_limits(5)

            def outer():
                inner()

            class A(models.Model):
                x = fields.Char(default=lambda self: self._name_it())

                @own_route("/a")
                @api.model
                def page(self):
                    return self.render()
        """
        self.assertEqual(
            mutants_python.called_on_loading(textwrap.dedent(source)),
            {"make_limits", "Char", "own_route", "model"},
        )


class TestEquivalents(unittest.TestCase):
    def test_each_is_still_there(self):
        """With a reason; a line that has changed is judged anew."""
        for (path, code, edit), reason in mutate.equivalents().items():
            with self.subTest(path, code=code):
                text = (mutate.CHECKOUT / path).read_text()
                found = {(m.code, m.edit) for m in mutants.find(path, text)}
                self.assertIn((code, edit), found)
                self.assertTrue(reason)


class TestSample(unittest.TestCase):
    SOURCE = "\n".join(f"x{n} = a{n} < b{n} and c{n} < d{n}" for n in range(50))

    def drawn(self, seed, source=SOURCE, count=5):
        found = mutants.find("models/x.py", source)
        return [(m.code, m.edit) for m in mutants.sample(found, count, seed)]

    def test_a_seed_says_which(self):
        self.assertEqual(self.drawn(1), self.drawn(1))
        self.assertNotEqual(self.drawn(1), self.drawn(2))
        self.assertEqual(self.drawn(1)[:3], self.drawn(1, count=3))
        self.assertEqual(len({code for code, _edit in self.drawn(1)}), 5)

    def test_lines_that_others_move_keep_their_lot(self):
        self.assertEqual(self.drawn(1), self.drawn(1, f"import z\n\n{self.SOURCE}"))


class TestLikeness(unittest.TestCase):
    SOURCES = {
        "tests/a/test_roads.py": """
class TestRoads:
    def test_mend(self):
        self._mend_road(hole)
""",
        "tests/b/test_lamps.py": """
class TestLamps:
    def test_light(self):
        self._light_lamp(street)

class Helpers:
    pass
""",
    }

    def test_tests_that_speak_of_it_come_first(self):
        tests = likeness.Tests(self.SOURCES)
        self.assertEqual(len(tests.counts), 2)
        [first, *_] = tests.like("def _light_lamp(self): pass")
        self.assertEqual(first, "tests/b/test_lamps.py::TestLamps")
        self.assertEqual(tests.like("nothing of it"), [])

    def test_names_count_whole_and_in_parts(self):
        found = likeness.words("self._check_state('civic.report')")
        for word in ("check_state", "check", "state", "civic.report", "report"):
            self.assertIn(word, found)
