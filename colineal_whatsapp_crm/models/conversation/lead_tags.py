from odoo import Command, models

#: Budgets up to so many dollars, by band; more is the last one.
_BANDS = {"1": 500, "2": 1000, "3": 2000, "4": 5000}


class WhatsappConversation(models.Model):
    """The lead's segments follow the conversation.

    A tag that the assistant put there goes when it is no longer true. One that a person took away stays away, and one
    that a person put there stays.
    """

    _inherit = "whatsapp.conversation"

    def _record_tags(self, lead):
        """A new lead has its tags from the first: keep which."""
        tagged = {"lead": lead.id, "names": self._get_tag_names(lead)}
        self.lead_values = {**(self.lead_values or {}), "tagged": tagged}

    def _update_tags(self, lead):
        """Put on the lead what is true now, and take away what the assistant put there and is true no longer."""
        noted = self.lead_values or {}
        tagged = noted.get("tagged", {})
        if tagged.get("lead") != lead.id:
            # The customer's next conversation about the same lead: what it is about takes the place of what was.
            tagged = next(
                (
                    left["tagged"]
                    for left in (lead.whatsapp_conversation_ids - self).mapped("lead_values")
                    if left and left.get("tagged", {}).get("lead") == lead.id
                ),
                {},
            )
        ours = tagged.get("names", [])
        names = self._get_tag_names(lead)
        if names != ours:
            new, old = ([name for name in one if name not in other] for one, other in ((names, ours), (ours, names)))
            links = [Command.link(tag.id) for tag in self._find_tags(new)]
            lead.tag_ids = links + [Command.unlink(tag.id) for tag in self._search_tags(old)]
        self.lead_values = {**noted, "tagged": {"lead": lead.id, "names": names}}

    def _get_tag_names(self, lead=None):
        """What the lead is to be tagged with, as people read it."""
        assistant = self.assistant_id
        names = []
        products = self.product_interest
        if not products and self.closing == "lost" and lead:
            # What was wanted stays to be seen on a lead that is lost.
            products = lead.x_product_interest
        if assistant.tag_products and products:
            names += [name[:1].upper() + name[1:] for name in products.split(", ")]
        if assistant.tag_quality and self.quality:
            names.append(dict(self._fields["quality"]._description_selection(self.env))[self.quality])
        budget = self._get_budget()
        if assistant.tag_budget and budget:
            bands = dict(self.env["crm.lead"]._fields["whatsapp_budget_band"]._description_selection(self.env))
            names.append(bands[get_budget_band(budget)])
        if assistant.tag_city and self.city:
            names.append(self.city)
        if assistant.tag_urgency and self.urgency:
            urgency = dict(self._fields["urgency"]._description_selection(self.env))[self.urgency]
            names.append(self.env._("Urgency: %s", urgency))
        return names

    def _search_tags(self, names):
        tags = self.env["crm.tag"].sudo()
        return tags.search([("name", "in", names)]) if names else tags

    def _find_tags(self, names):
        """The tags of these names; those that are missing are made."""
        tags = self._search_tags(names)
        missing = [name for name in names if name not in tags.mapped("name")]
        return tags + tags.create([{"name": name} for name in missing])


def get_budget_band(budget):
    return budget > 0 and next((band for band, most in _BANDS.items() if budget <= most), "5")
