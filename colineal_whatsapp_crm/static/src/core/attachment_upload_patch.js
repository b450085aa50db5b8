import { AttachmentUploadService } from "@mail/core/common/attachment_upload_service";

import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

/** The largest file that WhatsApp takes of any kind; the server knows the limit of each kind. */
const MOST_MB = 16;

patch(AttachmentUploadService.prototype, {
    /** Nobody waits for the upload of a file that could not be sent. */
    async upload(thread, composer, file) {
        if (thread?.isWhatsapp && file.size > MOST_MB * 1024 * 1024) {
            this.notificationService.add(
                _t("%(name)s is larger than the %(most)s MB that WhatsApp takes.", { name: file.name, most: MOST_MB }),
                { type: "danger" },
            );
            return;
        }
        return super.upload(...arguments);
    },
    /** The server makes of it what WhatsApp makes most of. */
    _buildFormData(formData, tmpURL, thread) {
        super._buildFormData(...arguments);
        if (thread?.isWhatsapp) {
            formData.append("whatsapp", true);
        }
        return formData;
    },
});
