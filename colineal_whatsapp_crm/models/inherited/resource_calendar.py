from odoo import fields, models

from ...lib.opening_hours import describe_week


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def _describe_for_whatsapp(self, language):
        """The working hours in words; empty where there are none, or none with times.

        language
            as `describe_week` takes it.
        """
        calendar = self.sudo()
        if not calendar or calendar.flexible_hours or calendar.duration_based:
            return ""
        lines = calendar.attendance_ids.filtered(lambda line: not line.display_type and line.day_period != "lunch")
        if calendar.two_weeks_calendar:
            week = str(lines.get_week_type(fields.Date.context_today(calendar.with_context(tz=calendar.tz or "UTC"))))
            lines = lines.filtered(lambda line: line.week_type == week)
        return describe_week([(int(line.dayofweek), line.hour_from, line.hour_to) for line in lines], language)
