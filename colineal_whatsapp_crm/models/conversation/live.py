from collections import defaultdict

from odoo import api, models

#: What shows on screens when it changes; leases and retries do not.
_SHOWN = {
    "stage",
    "understanding",
    "quality",
    "person_quality",
    "completeness",
    "action",
    "user_id",
    "team_id",
    "lead_id",
    "last_message_at",
    "waiting_since",
    "failed_message_id",
    "error",
}

# By database: what the worker of this process has not told yet. It outlives no process: screens read when they open.
_waiting = defaultdict(lambda: defaultdict(set))


class WhatsappConversation(models.Model):
    """Open screens hear which conversations changed, and read them again with their own rights.

    Only ids are told, once a transaction, and only to those who may see the conversation: its salesperson, everybody in
    sales while it has none, and those who see all documents.
    """

    _inherit = "whatsapp.conversation"

    @api.model_create_multi
    def create(self, vals_list):
        conversations = super().create(vals_list)
        conversations._mark_changed()
        return conversations

    def write(self, vals):
        if vals.get("user_id") and not self.env.su:
            self._check_can_be_assigned(self.env["res.users"].browse(vals["user_id"]))
        shown = not _SHOWN.isdisjoint(vals)
        if shown and "user_id" in vals:
            # Who loses it must see it go.
            self._mark_changed()
        result = super().write(vals)
        if shown:
            self._mark_changed()
        return result

    def _mark_changed(self):
        """Have the browsers told when this transaction is committed."""
        precommit = self.env.cr.precommit
        if "whatsapp.conversation.changed" not in precommit.data:
            precommit.data["whatsapp.conversation.changed"] = defaultdict(set)
            precommit.add(self.browse()._broadcast_changes)
        changed = precommit.data["whatsapp.conversation.changed"]
        for conversation in self.sudo():
            changed[conversation.company_id, conversation.user_id].add(conversation.id)

    def _broadcast_changes(self):
        changed = self.env.cr.precommit.data.pop("whatsapp.conversation.changed")
        if not self.env.context.get("whatsapp_broadcast_later"):
            self._broadcast(changed)
            return
        for (company, user), ids in changed.items():
            _waiting[self.env.cr.dbname][company.id, user.id] |= ids

    @api.model
    def _broadcast_pending(self):
        """Tell what changed in the worker's transactions since the last time: each telling costs about as much as one."""
        waiting = _waiting.pop(self.env.cr.dbname, {})
        company, user = self.env["res.company"].browse, self.env["res.users"].sudo().browse
        self._broadcast({(company(key[0]), user(key[1] or [])): ids for key, ids in waiting.items()})
        return 0

    def _broadcast(self, changed):
        bus = self.env["bus.bus"]
        for (company, user), ids in changed.items():
            for channel in ((company, "whatsapp_all"), user.partner_id or (company, "whatsapp_unassigned")):
                bus._sendone(channel, "whatsapp.conversation/changed", {"ids": sorted(ids)})
