import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { rpc } from "@web/core/network/rpc";
import { useService } from "@web/core/utils/hooks";

import { inMyLanguage } from "./my_language";
import { formatTimeLeft } from "./time_left";

/** With fewer hours than these the time that is left is shown. */
const COUNTDOWN_HOURS = 6;
const URGENT_MINUTES = 60;

/**
 * How a WhatsApp conversation stands and what can be done with it, above its messages.
 *
 * @typedef {Object} Props
 * @property {import("models").Thread} thread
 * @property {number} [formConversationId] the conversation whose form is around it
 * @extends {Component<Props, Env>}
 */
export class ThreadBar extends Component {
    static template = "colineal_whatsapp_crm.ThreadBar";
    static props = { thread: Object, formConversationId: { type: Number, optional: true } };

    setup() {
        super.setup();
        this.store = useService("mail.store");
        this.action = useService("action");
        this.orm = useService("orm");
        this.ui = useService("ui");
    }

    get state() {
        return this.props.thread.whatsapp;
    }

    /** Why nothing is sent to the customer, if so. */
    get silence() {
        return this.state.silence && inMyLanguage(this.state.silence);
    }

    /** Whether the form around it says the same; with an earlier conversation of the customer, it does not. */
    get isInForm() {
        return Boolean(this.state.conversation_id) && this.state.conversation_id === this.props.formConversationId;
    }

    /** The advertisement from which the customer came, above what they say. */
    get advertisement() {
        return this.state?.advertisement;
    }

    get advertisementPicture() {
        const { id, picture } = this.advertisement;
        return picture && `/web/image/whatsapp.advertisement/${id}/picture/128x128`;
    }

    get stage() {
        return {
            new: { label: _t("New"), class: "text-bg-info" },
            gathering: { label: _t("Gathering"), class: "text-bg-info" },
            ready: { label: _t("Ready"), class: "text-bg-primary" },
            lead: { label: _t("Lead"), class: "text-bg-success" },
            support: { label: _t("Support"), class: "text-bg-warning" },
            person: { label: _t("With a person"), class: "text-bg-warning" },
            closed: { label: _t("Closed"), class: "text-bg-secondary" },
        }[this.state.stage];
    }

    get quality() {
        return {
            hot: { label: _t("Hot"), class: "text-bg-danger", icon: "fa-fire" },
            warm: { label: _t("Warm"), class: "text-bg-warning", icon: "fa-sun-o" },
            cold: { label: _t("Cold"), class: "text-bg-info", icon: "fa-snowflake-o" },
        }[this.state.quality];
    }

    get mayWrite() {
        return !this.store.whatsapp_read_only;
    }

    get canTakeOver() {
        // Who may not be written to is nobody's to answer.
        return this.mayWrite && !this.state.silence && !["person", "closed"].includes(this.state.stage);
    }

    get canHandBack() {
        return this.mayWrite && ["person", "support"].includes(this.state.stage);
    }

    get countdown() {
        const minutes = this.props.thread.whatsappMinutesLeft;
        if (!minutes || minutes > COUNTDOWN_HOURS * 60) {
            return "";
        }
        return formatTimeLeft(minutes, true);
    }

    get isUrgent() {
        return this.props.thread.whatsappMinutesLeft <= URGENT_MINUTES;
    }

    call(method) {
        const { whatsappContext } = this.props.thread;
        return this.orm.call("whatsapp.conversation", method, [[this.state.conversation_id]], whatsappContext);
    }

    async onClickTakeOver() {
        const { thread } = this.props;
        await this.call("action_take_over");
        thread.composer.autofocus++;
        // They have read it; that they are a member now is not known here yet.
        if (thread.newestPersistentOfAllMessage) {
            rpc(
                "/discuss/channel/mark_as_read",
                { channel_id: thread.id, last_message_id: thread.newestPersistentOfAllMessage.id },
                { silent: true },
            );
        }
    }

    onClickHandBack() {
        return this.call("action_hand_back");
    }

    async onClickOpen() {
        const { thread } = this.props;
        await this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "whatsapp.conversation",
            res_id: this.state.conversation_id,
            views: [[false, "form"]],
        });
        if (this.ui.isSmall) {
            // There, a chat window covers what was opened.
            this.store.ChatWindow.get({ thread })?.fold();
        }
    }
}
