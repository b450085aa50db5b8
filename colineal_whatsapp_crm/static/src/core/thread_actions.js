import { registerThreadAction, threadActionsRegistry } from "@mail/core/common/thread_actions";

import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

registerThreadAction("whatsapp-follow", {
    condition: ({ store, thread }) => thread?.isWhatsapp && !thread.self_member_id && !store.whatsapp_read_only,
    icon: "fa fa-fw fa-bell-o",
    name: _t("Follow: be notified of new messages"),
    open: ({ store, thread }) =>
        store.env.services.orm.call(
            "whatsapp.conversation",
            "action_follow",
            [[thread.whatsapp.conversation_id]],
            thread.whatsappContext,
        ),
    sequence: 10,
    sequenceGroup: 30,
});

patch(threadActionsRegistry.get("notification-settings"), {
    condition({ thread }) {
        return super.condition(...arguments) && !(thread.isWhatsapp && !thread.self_member_id);
    },
});
