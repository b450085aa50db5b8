import re
import unicodedata

from odoo import models

#: Characters of the names of files in the archive.
_LONGEST_NAME, _LONGEST_ENDING = 80, 20


class WhatsappConversationMessage(models.Model):
    """What of a message is given to the person it is about."""

    _inherit = "whatsapp.conversation.message"

    def _get_personal_data(self):
        names = (
            "direction",
            "author",
            "kind",
            "body",
            "earlier_body",
            "transcript",
            "translations",
            "cards",
            "articles",
            "content",
            "state",
            "parameters",
        )
        return (
            {"at": self.create_date}
            | {name: self[name] for name in names}
            | {"files": [path for path, _file in self._list_files()]}
        )

    def _list_files(self):
        files = self.attachment_ids | self.outgoing_attachment_id
        return [(f"files/{self.id}-{file.id}-{_get_safe_name(file.name)}", file) for file in files]


def _get_safe_name(name):
    """A file's name without what an archive's reader could take for a folder, a drive or a way out of one.

    Customers choose the names of their files. Kept are letters, digits and a few signs, and the ending.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name or ""))[-1]
    safe = "".join(char if char.isalnum() or char in "-_ ()." else "_" for char in last)
    stem, point, ending = re.sub(r"\.{2,}", ".", safe).strip(" .").rpartition(".")
    return f"{stem[:_LONGEST_NAME]}{point}{ending[:_LONGEST_ENDING]}" or "file"
