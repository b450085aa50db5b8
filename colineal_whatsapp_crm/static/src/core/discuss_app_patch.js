import { fields } from "@mail/core/common/record";
import { DiscussApp } from "@mail/core/public_web/discuss_app_model";
import { DiscussContent } from "@mail/core/public_web/discuss_content";
import { DiscussAppCategory } from "@mail/discuss/core/public_web/discuss_app_category_model";
import { compareDatetime } from "@mail/utils/common/misc";

import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

import { ThreadBar } from "./thread_bar";
import { WHATSAPP } from "./thread_model_patch";

patch(DiscussApp.prototype, {
    setup() {
        super.setup(...arguments);
        this.whatsappCategory = fields.One("DiscussAppCategory", {
            compute() {
                return {
                    extraClass: "o-mail-DiscussSidebarCategory-whatsapp",
                    hideWhenEmpty: true,
                    icon: "fa fa-whatsapp",
                    id: WHATSAPP,
                    name: _t("WhatsApp"),
                    sequence: 5,
                };
            },
            eager: true,
        });
    },
});

patch(DiscussAppCategory.prototype, {
    sortThreads(t1, t2) {
        if (this.id === WHATSAPP) {
            return compareDatetime(t2.lastInterestDt, t1.lastInterestDt) || t2.id - t1.id;
        }
        return super.sortThreads(...arguments);
    },
});

DiscussContent.components = { ...DiscussContent.components, ThreadBar };
patch(DiscussContent.prototype, {
    get showThreadAvatar() {
        return this.thread.isWhatsapp || super.showThreadAvatar;
    },
});
