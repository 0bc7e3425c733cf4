from odoo import fields, models


class CivicWizardDecideReward(models.TransientModel):
    """Enter the decision on a proposed reward."""

    _name = "civic.wizard.decide.reward"
    _inherit = ["civic.wizard"]
    _description = "Decision on a reward"
    _target = "reward_id"

    reward_id = fields.Many2one("civic.reward", required=True, readonly=True)
    merit = fields.Text(related="reward_id.merit")
    verb = fields.Selection(
        [("decide_reward", "Rewarded"), ("decline_reward", "Declined")],
        required=True,
        readonly=True,
    )
    document = fields.Char("Number of the Decision")
    date = fields.Date("Day of the Decision")
    reason = fields.Text("Why It Is Declined")

    def action_confirm(self):
        self.ensure_one()
        if self.verb == "decide_reward":
            return self.reward_id.decide_reward(self.document, self.date)
        return self.reward_id.decline_reward(self.reason)
