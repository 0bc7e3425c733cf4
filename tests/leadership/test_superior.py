from odoo.modules.migration import load_script
from odoo.tests import tagged
from odoo.tools import file_path

from ...models.workflow.alert import OVERDUE
from ..rig.common import CivicCase


@tagged("-at_install", "post_install")
class TestSuperior(CivicCase):
    """Superior bodies hear of late work of their branches (ST Điều 13.4)."""

    def late_step(self):
        return self.step_of(self.walk_to("accepted").assignment_ids, "process")

    def told(self, step):
        alerts = self.env["civic.alert"]
        return {
            user for user, _level, _count in alerts._audience([(step.id, 0, OVERDUE)])
        }

    def test_leaders_of_the_body_above(self):
        step = self.late_step()
        self.procedure.tells_superior = True
        self.assertNotIn(self.other_leader.id, self.told(step))
        # Asked at once: what is about to be written counts.
        self.agency.parent_id = self.other_agency
        self.assertIn(self.other_leader.id, self.told(step))

    def test_only_where_the_text_says_so(self):
        self.agency.parent_id = self.other_agency
        self.procedure.tells_superior = False
        self.assertNotIn(self.other_leader.id, self.told(self.late_step()))

    def test_of_which_texts(self):
        hue = self.env.ref("civic_report.procedure_hue")
        soc_trang = self.env.ref("civic_report.procedure_st")
        self.assertFalse(hue.tells_superior)
        self.assertTrue(soc_trang.tells_superior)
        soc_trang.tells_superior = False
        self.env.flush_all()
        path = file_path("civic_report/migrations/19.0.1.4.0/post-superior.py")
        load_script(path, "civic_post_superior").migrate(self.cr, "19.0.1.3.0")
        self.env.invalidate_all()
        self.assertTrue(soc_trang.tells_superior)
        self.assertFalse(hue.tells_superior)
