import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...gateway import content as contents
from ...gateway.content import MOST_BUTTONS, find_variables
from ...gateway.delivery import DeliveryError
from ...gateway.display_text import clean
from ...gateway.failure_text import FailureText, explain

_SID = re.compile(r"HX[0-9a-fA-F]{32}", re.ASCII)

#: What Twilio's statuses of a request for approval mean here.
#: https://www.twilio.com/docs/whatsapp/tutorial/message-template-approvals-statuses
STATE_OF_STATUS = {
    "received": "pending",
    "pending": "pending",
    "approved": "approved",
    "rejected": "rejected",
    "paused": "paused",
    "disabled": "disabled",
}

#: Codes to log in with are no conversation, and need buttons of their own.
_NOT_SENT_BY_HAND = ("authentication",)

#: Characters of what comes from Twilio.
_LONGEST = 2000


class WhatsappContentTemplate(models.Model):
    """The template at Twilio: it is made and submitted there, and what WhatsApp says of it is fetched."""

    _inherit = "whatsapp.content.template"

    submitted_at = fields.Datetime(readonly=True, copy=False)
    submitted_by = fields.Many2one("res.users", readonly=True, copy=False)
    error = FailureText(string="Not Submitted Because", readonly=True, copy=False)

    def action_submit(self):
        """Ask WhatsApp to approve the template; its answer is told once it is there.

        In simulation it is approved at once, and reaches nobody.
        """
        self.ensure_one()
        template = self._checked_sudo("write")
        if template.state != "draft":
            raise UserError(self.env._("WhatsApp has this template already."))
        template.with_env(self.env)._check_form()
        template.with_env(self.env)._check_name()
        sender = template.sender_id
        credentials = sender._get_credentials()
        values = {"submitted_at": fields.Datetime.now(), "submitted_by": self.env.uid, "error": False}
        if not credentials:
            template.write({**values, "state": "approved"})
            return self._tell(self.env._("In simulation it is approved at once, and reaches nobody."), "success")
        try:
            template._put(credentials)
            contents.submit(credentials, template.content_sid, template.content_name, template.category.upper())
        except DeliveryError as error:
            # It may have been taken all the same, which the next look at Twilio tells.
            template.write({"error": str(error)})
            return self._tell(explain(self.env, str(error)), "danger")
        template.write({**values, "state": "pending"})
        return self._tell(self.env._("WhatsApp looks at it now; that takes minutes, or a day at most."), "success")

    def _check_name(self):
        """Raise a `UserError` where WhatsApp has another template by this name and language."""
        mine = [("content_name", "=", self.content_name), ("language", "=", self.language), ("id", "!=", self.id)]
        if self._get_all(self.sender_id).filtered_domain([*mine, ("state", "not in", ("draft", "gone"))]):
            raise UserError(self.env._("There is another template by the name %s in this language.", self.content_name))

    def _tell(self, message, kind):
        """Notify, and show the record as it is now."""
        action = self.sender_id._notify(message, kind)
        return {**action, "params": {**action["params"], "next": {"type": "ir.actions.act_window_close"}}}

    def _put(self, credentials):
        """Have Twilio keep it as it is now, once: what an attempt before has left there is found. Raises `DeliveryError`."""
        content = self._get_content()
        if not self.content_sid:
            known = self._get_all(self.sender_id).mapped("content_sid")
            self.content_sid = next(
                (
                    each.sid
                    for each in contents.list_contents(credentials)
                    if (each.name, each.language) == (content.name, content.language)
                    and each.sid not in known
                    and each.status not in STATE_OF_STATUS
                ),
                False,
            )
        if self.content_sid:
            contents.update(credentials, self._get_content())
        else:
            self.content_sid = contents.create(credentials, content)

    def _get_all(self, sender):
        """All templates of a sender's account and company, those that are archived included."""
        return self.with_context(active_test=False).search(sender._get_template_domain())

    def action_sync_all(self):
        """Fetch the templates of each account of the companies that the user works with."""
        self.browse().check_access("write")
        senders = self.env["whatsapp.sender"]._get_one_of_each_account()
        if not senders:
            return self.env["whatsapp.sender"]._notify(
                self.env._("There are no Twilio credentials yet: the senders are in simulation."), "info"
            )
        for sender in senders:
            action = sender.action_sync_templates()
            if action["params"]["type"] == "danger":
                return action
        return {**action, "params": {**action["params"], "next": {"type": "ir.actions.client", "tag": "soft_reload"}}}

    @api.model
    def _cron_sync(self):
        """Fetch what WhatsApp says of the templates of each account."""
        for sender in self.env["whatsapp.sender"]._get_one_of_each_account():
            try:
                self._sync(sender)
                self.env["whatsapp.job.failure"]._forget("templates", sender)
            except DeliveryError as error:
                sender._record_template_sync(str(error))
            except Exception as error:
                self.env.cr.rollback()
                self.env["whatsapp.job.failure"]._record("templates", error, sender, lasting=True)
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _sync(self, sender):
        """Bring the templates of a sender's account up to date with Twilio. Returns how many there are.

        Content that was never submitted is no template, unless it was made here. Raises `DeliveryError`.
        """
        credentials = sender._get_credentials()
        if not credentials:
            return 0
        found = {each.sid: each for each in contents.list_contents(credentials) if _SID.fullmatch(each.sid)}
        known = self._get_all(sender)
        if not sender.try_lock_for_update(allow_referencing=True):
            # Somebody else brings them up to date just now.
            return len(known)
        for template in known:
            if template.content_sid in found:
                template._follow(found.pop(template.content_sid))
            elif template.state == "draft":
                template.content_sid = False
            else:
                # Without a name at Twilio it was approved in simulation, by nobody.
                template._set_state("gone" if template.content_sid else "draft")
        new = [each for each in found.values() if each.status in STATE_OF_STATUS]
        imported = self.create([self._read_content(each, sender) for each in new])
        sender._record_template_sync(False)
        return len(known) + len(imported)

    def _follow(self, content):
        """Take over what WhatsApp says of this template now."""
        state = STATE_OF_STATUS.get(content.status or "", self.state if content.status else "draft")
        category = (content.category or "").lower()
        if category in dict(self._fields["category"].selection) and self.category != category:
            self.category = category
        reason = clean(content.reason)[:_LONGEST] or False
        if self.reason != reason:
            self.reason = reason
        if self.kind != content.kind:
            self.kind = content.kind[:_LONGEST]
        if state != "draft" and self.error:
            # The answer was lost, and the request was not.
            self.error = False
        self._set_state(state)

    def _set_state(self, state):
        """The state changes; who submitted it hears of WhatsApp's decision."""
        if self.state == state:
            return
        self.state = state
        if user := self.submitted_by.filtered("active"):
            here = self.with_context(lang=user.lang)
            texts = {
                "approved": (here.env._("WhatsApp has approved the template “%s”.", here.name), "success"),
                "rejected": (
                    here.env._("WhatsApp has rejected the template “%(name)s”: %(reason)s", name=here.name,
                               reason=here.reason or ""),
                    "danger",
                ),
                "paused": (here.env._("WhatsApp has paused the template “%s”.", here.name), "warning"),
                "disabled": (here.env._("WhatsApp has disabled the template “%s”.", here.name), "danger"),
            }  # fmt: skip
            if state in texts:
                message, kind = texts[state]
                user._bus_send("simple_notification", {"message": message, "type": kind, "sticky": True})

    @api.model
    def _read_content(self, content, sender):
        """Values of the template that some content at Twilio is: outside text, of which nothing is believed."""
        targets = [button.target for button in content.buttons]
        names = find_variables(content.body, content.header, content.media, *targets)
        category = (content.category or "").lower()
        return {
            "name": clean(content.name)[:_LONGEST] or content.sid,
            "content_name": clean(content.name)[:_LONGEST] or content.sid,
            "content_sid": content.sid,
            "sender_id": sender.id,
            "language": content.language[:_LONGEST] or "es",
            "category": category if category in dict(self._fields["category"].selection) else "marketing",
            "state": STATE_OF_STATUS[content.status],
            "reason": clean(content.reason)[:_LONGEST] or False,
            "kind": content.kind[:_LONGEST],
            "body": content.body[:_LONGEST] or content.kind,
            "header": content.header[:_LONGEST] or False,
            "footer": content.footer[:_LONGEST] or False,
            "media_url": content.media[:_LONGEST] or False,
            "button_ids": [
                Command.create(
                    {
                        "sequence": place,
                        "kind": button.kind if button.kind in MOST_BUTTONS else "OTHER",
                        "title": button.title[:_LONGEST],
                        "target": button.target[:_LONGEST],
                    }
                )
                for place, button in enumerate(content.buttons)
            ],
            "variable_ids": [
                Command.create({"name": name, "sample": contents.clean_value(content.samples.get(name))})
                for name in names
            ],
        }

    def _is_sendable(self):
        """Whether a colleague may send it now."""
        self.ensure_one()
        is_there = bool(self.content_sid) or self.sender_id.mode == "simulation"
        return self.active and self.state == "approved" and is_there and self.category not in _NOT_SENT_BY_HAND
