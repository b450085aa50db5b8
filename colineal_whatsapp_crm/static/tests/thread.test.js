import { waitForChannels } from "@bus/../tests/bus_test_helpers";

import {
    click,
    contains,
    insertText,
    openDiscuss,
    openFormView,
    patchUiSize,
    setupChatHub,
    SIZES,
    start,
} from "@mail/../tests/mail_test_helpers";

import { describe, test } from "@odoo/hoot";
import { advanceTime, mockDate } from "@odoo/hoot-mock";

import {
    asyncStep,
    getService,
    makeServerError,
    onRpc,
    patchWithCleanup,
    waitForSteps,
} from "@web/../tests/web_test_helpers";
import { registry } from "@web/core/registry";

import { Customer, defineWhatsappModels, inMinutes } from "./whatsapp_test_helpers";

describe.current.tags("desktop");
defineWhatsappModels();

const ours = ".o-mail-Message.o-whatsapp-ours";

test("threads have their own category, no call and no public link", async () => {
    const customer = await Customer.start();
    await start();
    await openDiscuss(customer.channelId);
    await contains(".o-mail-DiscussSidebarCategory-whatsapp", { text: "WhatsApp" });
    await contains(".o-mail-DiscussSidebarChannel", { text: "María (+593 98 765 4321)" });
    await contains(".o-mail-DiscussContent-header button[title='Search Messages']");
    await contains(".o-mail-DiscussContent-header button[title='Start Call']", { count: 0 });
    await click("button[title='Invite People']");
    await contains(".o-discuss-ChannelInvitation");
    await contains(".o-discuss-ChannelInvitation", { text: "Invitation Link", count: 0 });
});

test("each side has its place, and each message of ours its tick", async () => {
    const customer = await Customer.start();
    customer.addMessage("Busco un sofá");
    customer.addMessage("¿De qué color?", { author: "assistant", state: "read" });
    customer.addMessage("Gris");
    const id = customer.addMessage("Anotado", { author: "person", state: "sending" });
    await start();
    await openDiscuss(customer.channelId);
    await contains(".o-mail-Message", { count: 4 });
    await contains(ours, { count: 2 });
    await contains(`${ours}:contains('¿De qué color?') .o-whatsapp-Message-assistant`);
    await contains(`${ours}:contains('¿De qué color?') [aria-label='Read'] i`, { count: 2 });
    await contains(`${ours}:contains('Anotado') .o-whatsapp-Message-assistant`, { count: 0 });
    await contains(`${ours}:contains('Anotado') [aria-label='Sending']`);
    await contains(".o-mail-Message:contains('Gris') .o-whatsapp-Message-tick", { count: 0 });
    customer.tellMessage(id, { state: "delivered" });
    await contains(`${ours}:contains('Anotado') [aria-label='Delivered'] i`, { count: 2 });
});

test("who may only read has neither a box to write in nor buttons", async () => {
    const customer = await Customer.start();
    customer.addMessage("Busco un sofá");
    await start();
    getService("mail.store").whatsapp_read_only = true;
    await openDiscuss(customer.channelId);
    await contains(".o-whatsapp-Composer-closed:contains('You may read this conversation.')");
    await contains(".o-mail-Composer", { count: 0 });
    await contains(".o-whatsapp-ThreadBar button", { text: "Take over", count: 0 });
    await contains(".o-mail-DiscussContent-header button[title^='Follow']", { count: 0 });
});

test("a failed message says why and can be tried again", async () => {
    const customer = await Customer.start();
    const failure = "The customer has blocked us.";
    customer.addMessage("Hola", { author: "person", state: "failed", failure: { en: failure }, id: 42 });
    onRpc("whatsapp.conversation.message", "action_retry", ({ args }) => {
        asyncStep(`retry ${args[0]}`);
        return true;
    });
    await start();
    await openDiscuss(customer.channelId);
    await contains(`${ours} [role='status']:contains('Not sent: ${failure}')`);
    await click(`${ours} button`, { text: "Retry" });
    await waitForSteps(["retry 42"]);
});

test("voice notes, places and buttons are shown as what they are", async () => {
    const customer = await Customer.start();
    customer.addMessage("", { kind: "audio", transcript: "quiero una cama" });
    customer.addMessage("Casa, Calle Larga", {
        kind: "location",
        location: { latitude: "-2.9", longitude: "-79.0" },
    });
    customer.addMessage("Sí, quiero", { kind: "button" });
    customer.addMessage("Comedores", { kind: "button", listed: true });
    customer.addMessage("", { kind: "image", media_state: "pending" });
    await start();
    await openDiscuss(customer.channelId);
    await contains(".o-mail-Message:contains('Heard: quiero una cama')");
    await contains(".o-mail-Message:contains('Casa, Calle Larga') a[href$='query=-2.9%2C-79.0']", {
        text: "Open the map",
    });
    await contains(".o-mail-Message:contains('Sí, quiero'):contains('Tapped a button')");
    await contains(".o-mail-Message:contains('Comedores'):contains('Chose from a list')");
    await contains(".o-mail-Message [role='status']:contains('The file is on its way…')");
    await contains(".o-mail-Message:contains('This message has been removed')", { count: 0 });
});

test("contact cards, corrections and what was taken back are shown as what they are", async () => {
    const customer = await Customer.start();
    const card = { name: "Luis <b>Mora</b>", organization: "", phones: ["+593 99 111 2233"], emails: [], whatsapp: [] };
    customer.addMessage("", { kind: "contact", cards: [card], id: 43 });
    customer.addMessage("", { kind: "contact", cards: [{ ...card, name: "Eva", opened: true }], id: 44 });
    customer.addMessage("Mi clave es 1234", { kind: "text", deleted: true });
    customer.addMessage("Mira", { kind: "text", forwarded: "often" });
    customer.addMessage("Cuánto cuesta", { kind: "text", earlier: "Cuánto cueta" });
    customer.addMessage("", { kind: "image", media_state: "failed", media_faults: { en: ["File 2 of 3: Empty."] } });
    onRpc("whatsapp.conversation.message", "action_create_contact", ({ args }) => {
        asyncStep(`contact ${args[0]} ${args[1]}`);
        return false;
    });
    await start();
    await openDiscuss(customer.channelId);
    await contains(".o-whatsapp-Message-card:contains('Luis <b>Mora</b>'):contains('+593 99 111 2233')");
    await click(".o-whatsapp-Message-card button", { text: "Create contact" });
    await waitForSteps(["contact 43 0"]);
    await contains(".o-whatsapp-Message-card:contains('Eva') button", { text: "Open contact" });
    await contains(".o-mail-Message.o-whatsapp-deleted:contains('1234'):contains('Deleted by the customer')");
    await contains(".o-mail-Message:contains('Mira'):contains('Forwarded many times')");
    await contains(".o-mail-Message:contains('Cuánto cuesta') s:contains('Cuánto cueta')");
    await contains(".o-mail-Message:contains('File 2 of 3: Empty.')");
});

test("the advertisement that the customer came from stands above the thread", async () => {
    const customer = await Customer.start({
        advertisement: {
            id: 5,
            headline: "Sofás <b>de cuero</b>",
            text: "Solo este mes",
            url: "https://fb.me/1AbC",
            kind: "ad",
            picture: false,
        },
    });
    customer.addMessage("Hola");
    await start();
    await openDiscuss(customer.channelId);
    const above = ".o-whatsapp-Advertisement";
    await contains(`${above}:contains('Sofás <b>de cuero</b>'):contains('From an advertisement: Solo este mes')`);
    await contains(`${above} a[href='https://fb.me/1AbC'][rel='noopener noreferrer']`);
    await contains(`${above} img`, { count: 0 });
    customer.tell({ advertisement: false });
    await contains(above, { count: 0 });
});

test("what is in another language is translated on demand", async () => {
    const customer = await Customer.start({ translates: true });
    const message = customer.addMessage("Busco un sofá", { language: "es", id: 44 });
    customer.addMessage("I want a sofa", { language: "en", id: 45 });
    onRpc("whatsapp.conversation.message", "action_translate", ({ args }) => {
        asyncStep(`translate ${args[0]}`);
        return { text: "I am looking for a sofa" };
    });
    await start();
    await openDiscuss(customer.channelId);
    await contains(".o-mail-Message button", { text: "Translate", count: 1 });
    await click(".o-mail-Message:contains('Busco un sofá') button", { text: "Translate" });
    await waitForSteps(["translate 44"]);
    await contains(".o-whatsapp-Message-translation", { text: "I am looking for a sofa" });
    await contains(".o-mail-Message button", { text: "Translate", count: 0 });
    // Words that changed, or were heard since, are others than those that were translated.
    customer.tellMessage(message, { transcript: "Uno de cuero", translations: false });
    await contains(".o-whatsapp-Message-translation", { count: 0 });
    await contains(".o-mail-Message button", { text: "Translate", count: 1 });
});

test("what was translated for readers of a language is shown to each of them", async () => {
    const customer = await Customer.start({ translates: true });
    customer.addMessage("Busco un sofá", { language: "es", id: 44, translations: { en: "I want a sofa" } });
    customer.addMessage("Busco una cama", { language: "es", id: 45, translations: { pt_BR: "Procuro uma cama" } });
    await start();
    await openDiscuss(customer.channelId);
    await contains(".o-whatsapp-Message-translation", { text: "I want a sofa", count: 1 });
    await contains(".o-mail-Message:contains('Busco una cama') button", { text: "Translate", count: 1 });
});

test("what is in a language that nobody knows may be translated", async () => {
    const customer = await Customer.start({ translates: true });
    customer.addMessage("Szukam łóżka", { language: "und" });
    await start();
    await openDiscuss(customer.channelId);
    await contains(".o-mail-Message button", { text: "Translate", count: 1 });
});

test("what was sent can neither be changed nor reacted to", async () => {
    const customer = await Customer.start();
    customer.addMessage("Hola", { author: "person" });
    await start();
    await openDiscuss(customer.channelId);
    await click(".o-mail-Message [title='Expand']");
    await contains(".o-dropdown-item", { text: "Copy Link" });
    await contains(".o-dropdown-item", { text: "Delete", count: 0 });
    await contains(".o-mail-Message [name='edit']", { count: 0 });
    await contains(".o-mail-Message [name='reaction']", { count: 0 });
});

test("the time to write is counted down, and then the composer says why it is gone", async () => {
    mockDate("2026-03-02 12:00:00");
    const customer = await Customer.start({ window_until: inMinutes(61) });
    await start();
    await openDiscuss(customer.channelId);
    await contains(".o-whatsapp-ThreadBar:contains('1 h 1 min left')");
    await insertText(".o-mail-Composer-input", "Te cuento que");
    await advanceTime(60 * 60 * 1000);
    await contains(".o-whatsapp-ThreadBar-countdown.text-danger:contains('1 min left')");
    await advanceTime(60 * 1000);
    await contains(".o-whatsapp-Composer-closed:contains('they ended on Mar 2, 2026')");
    await contains(".o-whatsapp-Composer-closed:contains('What you have typed is kept.')");
    await contains(".o-mail-Composer-input", { count: 0 });
    customer.tell({ window_until: inMinutes(24 * 60) });
    await contains(".o-mail-Composer-input:value(Te cuento que)");
    await contains(".o-whatsapp-ThreadBar-countdown", { count: 0 });
});

test("to who wants no messages nothing can be written, and it is said why", async () => {
    const customer = await Customer.start();
    await start();
    await openDiscuss(customer.channelId);
    await insertText(".o-mail-Composer-input", "Te cuento que");
    customer.tell({ silence: { en: "The customer does not want messages." } });
    await contains(".o-whatsapp-Composer-closed:contains('does not want messages')");
    await contains(".o-whatsapp-ThreadBar .badge:contains('No messages')");
    await contains(".o-mail-Composer-input", { count: 0 });
    customer.tell({ silence: false });
    await contains(".o-mail-Composer-input:value(Te cuento que)");
});

test("what could not be posted goes back into the composer, with the reason", async () => {
    const customer = await Customer.start();
    onRpc("/mail/message/post", () => {
        throw makeServerError({ message: "The customer's time is over." });
    });
    await start();
    await openDiscuss(customer.channelId);
    await insertText(".o-mail-Composer-input", "Buenos días");
    await click(".o-mail-Composer button[title='Send']:enabled");
    await contains(".o_notification:contains('time is over')");
    await contains(".o-mail-Composer-input:value(Buenos días)");
    await contains(".o-mail-Message", { count: 0 });
});

test("a suggested reply comes after what is typed already, to be edited", async () => {
    const customer = await Customer.start();
    onRpc("whatsapp.conversation", "suggest_files", () => ({ ids: [], data: {} }));
    onRpc("whatsapp.conversation", "suggest_reply", ({ args }) => {
        asyncStep(`suggest ${args[0]}`);
        return "¿Cuál es tu presupuesto?";
    });
    await start();
    await openDiscuss(customer.channelId);
    await insertText(".o-mail-Composer-input", "Hola");
    await click(".o-mail-Composer button[title='Suggest a reply']");
    await waitForSteps([`suggest ${customer.conversationId}`]);
    await contains(".o-mail-Composer-input", { value: "Hola\n¿Cuál es tu presupuesto?" });
    await contains(".o-mail-Message", { count: 0 });
});

test("stage, quality and the next step are at the top, live", async () => {
    const customer = await Customer.start();
    onRpc("whatsapp.conversation", /^action_/, ({ method, args }) => {
        asyncStep(`${method} ${args[0]}`);
        return true;
    });
    await start();
    await openDiscuss(customer.channelId);
    await contains(".o-whatsapp-ThreadBar .badge:contains('Gathering')");
    await contains(".o-whatsapp-ThreadBar .badge:contains('Hot')");
    await contains(".o-mail-Composer-input[placeholder='Write to the customer; the assistant steps back']");
    await click(".o-whatsapp-ThreadBar button", { text: "Take over" });
    await waitForSteps([`action_take_over ${customer.conversationId}`]);
    customer.tell({ stage: "person", quality: "warm" });
    await contains(".o-whatsapp-ThreadBar .badge:contains('With a person')");
    await contains(".o-whatsapp-ThreadBar .badge:contains('Warm')");
    await contains(".o-mail-Composer-input[placeholder='Write to the customer…']");
    await click(".o-whatsapp-ThreadBar button", { text: "Hand back to assistant" });
    await waitForSteps([`action_hand_back ${customer.conversationId}`]);
});

test("commands are offered in these threads only, and mentions not at all", async () => {
    const customer = await Customer.start();
    const otherId = customer.pyEnv["discuss.channel"].create({ name: "General" });
    onRpc("discuss.channel", "execute_command_assistant", ({ args }) => {
        asyncStep(`assistant ${args[0]}`);
        return true;
    });
    await start();
    await openDiscuss(customer.channelId);
    await insertText(".o-mail-Composer-input", "/");
    await contains(".o-mail-Composer-suggestion:contains('lead')");
    await contains(".o-mail-Composer-suggestion:contains('Have somebody from support')");
    await insertText(".o-mail-Composer-input", "assistant ");
    await click(".o-mail-Composer button[title='Send']:enabled");
    await waitForSteps([`assistant ${customer.channelId}`]);
    await insertText(".o-mail-Composer-input", "@", { replace: true });
    await contains(".o-mail-Composer-suggestion", { count: 0 });
    await openDiscuss(otherId);
    await insertText(".o-mail-Composer-input", "/");
    await contains(".o-mail-Composer-suggestion:contains('help')");
    await contains(".o-mail-Composer-suggestion:contains('assistant')", { count: 0 });
});

test("a command's name may be another addon's too, which keeps it in its own channels", async () => {
    const commands = registry.category("discuss.channel_commands");
    patchWithCleanup(commands.content, {
        lead: [50, { help: "A lead from live chat", methodName: "execute_command_lead" }],
    });
    const customer = await Customer.start();
    const otherId = customer.pyEnv["discuss.channel"].create({ name: "General" });
    onRpc("discuss.channel", /^execute_command_/, ({ method, args }) => {
        asyncStep(`${method} ${args[0]}`);
        return true;
    });
    await start();
    await openDiscuss(customer.channelId);
    await insertText(".o-mail-Composer-input", "/lead");
    await contains(".o-mail-Composer-suggestion", { count: 1 });
    await contains(".o-mail-Composer-suggestion:contains('bring it up to date')");
    await insertText(".o-mail-Composer-input", " ");
    await click(".o-mail-Composer button[title='Send']:enabled");
    await waitForSteps([`execute_command_update_lead ${customer.channelId}`]);
    await openDiscuss(otherId);
    await insertText(".o-mail-Composer-input", "/lead");
    await contains(".o-mail-Composer-suggestion:contains('A lead from live chat')");
    await insertText(".o-mail-Composer-input", " ");
    await click(".o-mail-Composer button[title='Send']:enabled");
    await waitForSteps([`execute_command_lead ${otherId}`]);
});

test("who is no member listens to the form's thread, and reads it without a trace", async () => {
    const customer = await Customer.start({ isMember: false });
    customer.addMessage("Busco un sofá");
    onRpc("/discuss/channel/mark_as_read", () => asyncStep("read"));
    onRpc("/discuss/channel/notify_typing", () => asyncStep("typing"));
    onRpc("whatsapp.conversation", "show_typing", ({ args }) => asyncStep(`seen by customer ${args[0]}`));
    await start();
    await openFormView("whatsapp.conversation", customer.conversationId, {
        arch: `<form><field name="name"/><field name="channel_id" widget="whatsapp_thread"/></form>`,
    });
    await contains(".o_field_whatsapp_thread .o-mail-Message:contains('Busco un sofá')");
    await contains(".o_field_whatsapp_thread .o-mail-Composer-input");
    await waitForChannels([`discuss.channel_${customer.channelId}`]);
    await insertText(".o_field_whatsapp_thread .o-mail-Composer-input", "Hola");
    await contains(".o_field_whatsapp_thread .o-mail-Composer.o-focused");
    await waitForSteps([`seen by customer ${customer.conversationId}`]);
});

test("what the conversation's form says is not said again above its thread", async () => {
    const customer = await Customer.start();
    customer.addMessage("Busco un sofá");
    const earlierId = customer.pyEnv["whatsapp.conversation"].create({
        name: "Earlier",
        channel_id: customer.channelId,
    });
    await start();
    await openFormView("whatsapp.conversation", customer.conversationId);
    await contains(".o_field_whatsapp_thread .o-mail-Message:contains('Busco un sofá')");
    await contains(".o-whatsapp-ThreadBar", { count: 0 });
    customer.tell({ simulated: true });
    await contains(".o-whatsapp-ThreadBar", { text: "Simulated" });
    await contains(".o-whatsapp-ThreadBar button", { count: 0 });
    await openFormView("whatsapp.conversation", earlierId);
    await contains(".o-whatsapp-ThreadBar .badge:contains('Hot')");
    await contains(".o-whatsapp-ThreadBar [title='Open conversation']");
});

test("the thread and the chatter of a form have each its own messages", async () => {
    const customer = await Customer.start();
    customer.addMessage("Busco un sofá");
    const partnerId = customer.pyEnv["res.partner"].create({ name: "María", channel_id: customer.channelId });
    customer.pyEnv["mail.message"].create({
        body: "Called her",
        message_type: "comment",
        model: "res.partner",
        res_id: partnerId,
    });
    for (const parts of [
        `<field name="channel_id" widget="whatsapp_thread"/></sheet><chatter/>`,
        `</sheet><chatter/><field name="channel_id" widget="whatsapp_thread"/>`,
    ]) {
        await start();
        await openFormView("res.partner", partnerId, { arch: `<form><sheet>${parts}</form>` });
        await contains(".o_field_whatsapp_thread .o-mail-Message:contains('Busco un sofá')");
        await contains(".o-mail-Chatter .o-mail-Message:contains('Called her')");
    }
});

test("in the messaging menu, what came without words is named", async () => {
    const customer = await Customer.start();
    customer.addMessage("", { kind: "location", location: { latitude: "-2.9", longitude: "-79.0" } });
    await start();
    await click(".o_menu_systray i[aria-label='Messages']");
    const item = ".o-mail-NotificationItem:contains('María (+593 98 765 4321)') .o-mail-NotificationItem-text";
    await contains(item, { text: "Location" });
    const { pyEnv, channelId } = customer;
    for (const [whatsapp, text] of [
        [{ kind: "audio" }, "Voice note"],
        [{ kind: "audio", transcript: "quiero una cama" }, "Voice note: quiero una cama"],
        [{ kind: "image", media_state: "pending" }, "Photo"],
    ]) {
        const [message] = pyEnv["mail.message"].search_read([["res_id", "=", channelId]]);
        customer.tellMessage(message.id, whatsapp);
        await contains(item, { text });
    }
});

test("on a telephone, a chat window makes way for the conversation that is opened", async () => {
    patchUiSize({ size: SIZES.SM });
    const customer = await Customer.start();
    customer.addMessage("Busco un sofá");
    await start();
    await click(".o_menu_systray i[aria-label='Messages']");
    await click(".o-mail-NotificationItem", { text: "María (+593 98 765 4321)" });
    await contains(".o-mail-ChatWindow .o-mail-Message:contains('Busco un sofá')");
    await click(".o-mail-ChatWindow [title='Open conversation']");
    await contains(".o_field_whatsapp_thread .o-mail-Message:contains('Busco un sofá')");
    await contains(".o-mail-ChatWindow", { count: 0 });
    await contains(".o-mail-ChatBubble", { count: 0 });
    await contains(".o-mail-MessagingMenu", { count: 0 });
});

test("on a telephone, no chat window that was left covers the page, nor its bubble", async () => {
    patchUiSize({ size: SIZES.SM });
    const customer = await Customer.start();
    setupChatHub({ opened: [customer.channelId] });
    customer.addMessage("Busco un sofá");
    await start();
    await click(".o_menu_systray i[aria-label='Messages']");
    await contains(".o-mail-NotificationItem", { text: "María (+593 98 765 4321)" });
    await contains(".o-mail-ChatWindow", { count: 0 });
    await contains(".o-mail-ChatBubble", { count: 0 });
    await click(".o-mail-NotificationItem", { text: "María (+593 98 765 4321)" });
    await contains(".o-mail-ChatWindow .o-mail-Message:contains('Busco un sofá')");
});

test("what is left of the time to write is short on a card, and a sentence for who hears it", async () => {
    mockDate("2026-03-02 12:00:00");
    const { pyEnv } = await Customer.start();
    const id = pyEnv["whatsapp.conversation"].create({ name: "Ana", window_until: inMinutes(60) });
    await start();
    await openFormView("whatsapp.conversation", id, {
        arch: `<form><field name="window_until" widget="whatsapp_window" options="{'short': True}"/></form>`,
    });
    await contains(".o_field_whatsapp_window [aria-hidden]:contains('1 h')");
    await contains(".o_field_whatsapp_window .visually-hidden:contains('1 h left')");
});

test("a sum that nobody named is empty", async () => {
    const { pyEnv } = await Customer.start();
    const id = pyEnv["whatsapp.conversation"].create({ name: "Ana", budget_max: 2000 });
    await start();
    await openFormView("whatsapp.conversation", id, {
        arch: `<form>
            <field name="budget_min" widget="whatsapp_amount" placeholder="From"/>
            <field name="budget_max" widget="whatsapp_amount"/>
        </form>`,
    });
    await contains("[name=budget_min] input[placeholder='From']", { value: "" });
    await contains("[name=budget_max] input", { value: "2,000" });
    await insertText("[name=budget_max] input", "", { replace: true });
    await contains("[name=budget_max] input", { value: "" });
});
