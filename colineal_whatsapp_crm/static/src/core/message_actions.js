import { registerMessageAction } from "@mail/core/common/message_actions";

import { _t } from "@web/core/l10n/translation";

/** The words of a message that the reader has marked; empty where they marked none, or others as well. */
function getMarked(element) {
    const selection = document.getSelection();
    const body = element?.querySelector(".o-mail-Message-body");
    const isWithin = body && [selection.anchorNode, selection.focusNode].every((node) => node && body.contains(node));
    return isWithin ? selection.toString() : "";
}

registerMessageAction("whatsapp-teach", {
    condition: ({ message, store }) =>
        message.whatsapp?.author === "customer" &&
        Boolean(message.hasTextContent || message.whatsapp.transcript) &&
        !store.whatsapp_read_only,
    icon: "fa fa-graduation-cap",
    name: _t("Teach the Assistant"),
    async onSelected({ message, owner, store }) {
        const { action, orm } = store.env.services;
        const marked = getMarked(owner.root?.el);
        const args = [[message.whatsapp.id], marked];
        const context = message.thread.whatsappContext;
        await action.doAction(await orm.call("whatsapp.conversation.message", "action_teach", args, { context }));
    },
    sequence: 35,
});
