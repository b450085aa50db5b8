import { registerThreadAction, threadActionsRegistry } from "@mail/core/common/thread_actions";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { patch } from "@web/core/utils/patch";

import { WHATSAPP } from "./thread_model_patch";

registerThreadAction("whatsapp-follow", {
    condition: ({ store, thread }) => thread?.isWhatsapp && !thread.self_member_id && !store.whatsapp_read_only,
    icon: "fa fa-fw fa-bell-o",
    name: _t("Follow: be notified of new messages"),
    open: ({ store, thread }) =>
        store.env.services.orm.call("whatsapp.conversation", "action_follow", [[thread.whatsapp.conversation_id]]),
    sequence: 10,
    sequenceGroup: 30,
});

patch(threadActionsRegistry.get("notification-settings"), {
    condition({ thread }) {
        return super.condition(...arguments) && !(thread.isWhatsapp && !thread.self_member_id);
    },
});

const takesPart = ({ thread }) => Boolean(thread?.whatsapp);

registry
    .category("discuss.channel_commands")
    .add("lead", {
        channel_types: [WHATSAPP],
        condition: takesPart,
        help: _t("Create the lead, or bring it up to date"),
        methodName: "execute_command_lead",
    })
    .add("assistant", {
        channel_types: [WHATSAPP],
        condition: takesPart,
        help: _t("Hand the conversation back to the assistant"),
        methodName: "execute_command_assistant",
    })
    .add("support", {
        channel_types: [WHATSAPP],
        condition: takesPart,
        help: _t("Have somebody from support look after it"),
        methodName: "execute_command_support",
    });
