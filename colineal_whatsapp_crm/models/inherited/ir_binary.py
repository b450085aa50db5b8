from odoo import models
from odoo.http import Stream

from ...gateway.media import DOWNLOAD_ONLY


class _Download(Stream):
    """A file that browsers are to save, whatever the address they asked for says."""

    def get_response(self, as_attachment=None, **kwargs):
        return super().get_response(as_attachment=True, **kwargs)


class IrBinary(models.AbstractModel):
    _inherit = "ir.binary"

    def _get_stream_from(
        self, record, field_name="raw", filename=None, filename_field="name", mimetype=None, *args, **kwargs
    ):
        """What customers sent is served as what it was kept as: an address may not say that it is a page."""
        if _is_from_customer(record):
            mimetype = None
        stream = super()._get_stream_from(record, field_name, filename, filename_field, mimetype, *args, **kwargs)
        return _Download(**vars(stream)) if _is_from_customer(record, DOWNLOAD_ONLY) else stream

    def _get_image_stream_from(self, record, *args, **kwargs):
        """What is no photo, or too large a one, is not scaled."""
        if _is_from_customer(record, DOWNLOAD_ONLY):
            kwargs.update(width=0, height=0, crop=False, quality=0)
        return super()._get_image_stream_from(record, *args, **kwargs)


def _is_from_customer(record, mimetype=None):
    if record._name != "ir.attachment" or record.res_model != "whatsapp.conversation.message":
        return False
    return not mimetype or record.mimetype == mimetype
