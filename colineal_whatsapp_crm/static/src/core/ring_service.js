import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

/** The server sends it to who is called for a conversation. */
const RING = "whatsapp.conversation/ring";

/** Milliseconds: who looks at another window for a moment still sees it, and it does not stay for who is away. */
const RINGS_FOR = 30_000;

/** Tells who is called of whom and why, with a way there. */
export const whatsappRingService = {
    dependencies: ["action", "bus_service", "notification"],
    start(env, { action, bus_service, notification }) {
        bus_service.subscribe(RING, ({ conversation_id, message, title }) => {
            const close = notification.add(message, {
                title,
                type: "info",
                className: "o_whatsapp_ring",
                autocloseDelay: RINGS_FOR,
                buttons: [
                    {
                        name: _t("Open the conversation"),
                        primary: true,
                        onClick: () => {
                            close();
                            return action.doAction({
                                type: "ir.actions.act_window",
                                res_model: "whatsapp.conversation",
                                res_id: conversation_id,
                                views: [[false, "form"]],
                            });
                        },
                    },
                ],
            });
        });
        bus_service.start();
    },
};

registry.category("services").add("whatsapp_ring", whatsappRingService);
