from odoo import api, models
from odoo.exceptions import ValidationError

#: Where records are ordered by hand.
SEQUENCE = (-1_000_000, 1_000_000)


class WhatsappBoundsMixin(models.AbstractModel):
    """Settings whose numbers have bounds: ``fields.Integer(bounds=(lowest, highest))``.

    Nobody can save another value; and one that is there all the same, from an older version or by SQL, is taken for the
    nearest that may be: a setting never stops a job.
    """

    _name = "whatsapp.bounds.mixin"
    _description = "Bounded Settings"

    def _valid_field_parameter(self, field, name):
        return name == "bounds" or super()._valid_field_parameter(field, name)

    @api.model
    def _get_bounds(self):
        """{field name: (lowest, highest)}"""
        return {name: field.bounds for name, field in self._fields.items() if getattr(field, "bounds", None)}

    @api.constrains(lambda self: tuple(self._get_bounds()))
    def _check_bounds(self):
        for record in self:
            for name, (low, high) in self._get_bounds().items():
                if not low <= record[name] <= high:
                    label = self.env["ir.model.fields"]._get(self._name, name).field_description
                    raise ValidationError(
                        self.env._("%(field)s must be between %(low)s and %(high)s.", field=label, low=low, high=high)
                    )

    def _explain_long_texts(self, most):
        """Which texts of a record are longer than they may be, in words, one after the other.

        most
            {field name: characters}.
        """
        self.ensure_one()
        for name, characters in most.items():
            if len(self[name] or "") > characters:
                label = self.env["ir.model.fields"]._get(self._name, name).field_description
                yield self.env._("%(field)s may have at most %(most)s characters.", field=label, most=characters)

    def _get_bounded(self, name):
        """A number that is within its bounds, whatever is stored."""
        low, high = self._fields[name].bounds
        value = self[name]
        # Not `min` and `max`: what is no number at all compares with nothing.
        return value if low <= value <= high else low if value < low else high
