import { mailModels, startServer } from "@mail/../tests/mail_test_helpers";

import { Command, defineModels, fields, models, serverState } from "@web/../tests/web_test_helpers";
import { serializeDateTime } from "@web/core/l10n/dates";

const { DateTime } = luxon;

export class DiscussChannel extends mailModels.DiscussChannel {
    whatsapp = fields.Json();

    _channel_basic_info_fields() {
        return [...super._channel_basic_info_fields(), "whatsapp"];
    }
}

export class MailMessage extends mailModels.MailMessage {
    whatsapp = fields.Json();

    get _to_store_defaults() {
        return [...super._to_store_defaults, "whatsapp"];
    }
}

export class WhatsappConversation extends models.Model {
    _name = "whatsapp.conversation";

    name = fields.Char();
    budget_max = fields.Integer();
    budget_min = fields.Integer();
    window_until = fields.Datetime();
    channel_id = fields.Many2one({ relation: "discuss.channel" });

    _views = {
        form: `<form><field name="name"/><field name="channel_id" widget="whatsapp_thread"/></form>`,
    };
}

/** Any record with a chatter may show a thread, as a lead does. */
export class ResPartner extends mailModels.ResPartner {
    channel_id = fields.Many2one({ relation: "discuss.channel" });
}

export const whatsappModels = { ...mailModels, DiscussChannel, MailMessage, ResPartner, WhatsappConversation };

export function defineWhatsappModels() {
    return defineModels(whatsappModels);
}

export function inMinutes(minutes) {
    return serializeDateTime(DateTime.now().plus({ minutes }));
}

/** A customer's thread, its members and messages. */
export class Customer {
    static async start({ name = "María (+593 98 765 4321)", isMember = true, ...whatsapp } = {}) {
        const customer = new this();
        customer.pyEnv = await startServer();
        customer.guestId = customer.pyEnv["mail.guest"].create({ name: "María José" });
        customer.assistantId = customer.pyEnv["res.partner"].create({ name: "Sales assistant" });
        customer.conversationId = customer.pyEnv["whatsapp.conversation"].create({ name });
        customer.channelId = customer.pyEnv["discuss.channel"].create({
            name,
            channel_type: "whatsapp_crm",
            channel_member_ids: isMember ? [Command.create({ partner_id: serverState.partnerId })] : [],
            whatsapp: {
                conversation_id: customer.conversationId,
                quality: "hot",
                simulated: false,
                stage: "gathering",
                window_until: inMinutes(20 * 60),
                ...whatsapp,
            },
        });
        customer.pyEnv["whatsapp.conversation"].write([customer.conversationId], {
            channel_id: customer.channelId,
        });
        return customer;
    }

    /** The state of the conversation changed, and screens are told. */
    tell(whatsapp) {
        const [channel] = this.pyEnv["discuss.channel"].search_read([["id", "=", this.channelId]]);
        const state = { ...channel.whatsapp, ...whatsapp };
        this.pyEnv["discuss.channel"].write([this.channelId], { whatsapp: state });
        this.pyEnv["bus.bus"]._sendone(channel, "mail.record/insert", {
            Thread: [{ id: this.channelId, model: "discuss.channel", whatsapp: state }],
        });
    }

    /** A message in the thread, by the customer or by us. */
    addMessage(body, { author = "customer", ...whatsapp } = {}) {
        const authors = {
            customer: { author_id: false, author_guest_id: this.guestId },
            assistant: { author_id: this.assistantId },
            person: { author_id: serverState.partnerId },
        };
        return this.pyEnv["mail.message"].create({
            ...authors[author],
            body,
            message_type: "comment",
            model: "discuss.channel",
            res_id: this.channelId,
            whatsapp: {
                author,
                failure: false,
                id: 7,
                kind: "text",
                location: false,
                media_state: false,
                state: author === "customer" ? "handled" : "sent",
                transcript: false,
                ...whatsapp,
            },
        });
    }

    /** What became of a message of ours, told to screens. */
    tellMessage(id, whatsapp) {
        const [channel] = this.pyEnv["discuss.channel"].search_read([["id", "=", this.channelId]]);
        const [message] = this.pyEnv["mail.message"].search_read([["id", "=", id]]);
        this.pyEnv["bus.bus"]._sendone(channel, "mail.record/insert", {
            "mail.message": [{ id, whatsapp: { ...message.whatsapp, ...whatsapp } }],
        });
    }
}
