import { Component, onWillStart, onWillUnmount, useChildSubEnv, useEffect, useRef, useState } from "@odoo/owl";

import { Thread } from "@mail/core/common/thread";

import { browser } from "@web/core/browser/browser";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { ThreadBar } from "../core/thread_bar";
import { SimulatorDialog } from "./simulator_dialog";

const QUALITY_CLASSES = {
    hot: "text-bg-danger",
    warm: "text-bg-warning",
    cold: "text-bg-info",
};

/** *Try the assistant*: what is typed here goes through the webhook as a customer's message, and reaches nobody. */
export class WhatsappSimulator extends Component {
    static template = "colineal_whatsapp_crm.Simulator";
    static components = { Dropdown, DropdownItem, Layout, Thread, ThreadBar };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.bus = useService("bus_service");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.orm = useService("orm");
        this.store = useService("mail.store");
        this.ui = useService("ui");
        this.input = useRef("input");
        this.looks = 0;
        this.qualityClasses = QUALITY_CLASSES;
        this.display = { controlPanel: {} };
        this.state = useState({
            assistants: [],
            assistantId: null,
            view: {},
            text: "",
            posting: 0,
            // Writes by a username: WhatsApp does not show the number.
            nameless: false,
            page: "chat",
            jump: 0,
        });
        useChildSubEnv({ inWhatsappSimulator: true });
        this.onChanged = ({ channel_id }) => {
            if (channel_id === this.state.view.channel_id) {
                this.look();
            }
        };
        this.bus.subscribe("whatsapp.simulator/changed", this.onChanged);
        onWillStart(() => this.begin(this.props.action.context?.whatsapp_assistant_id));
        onWillUnmount(() => {
            this.bus.unsubscribe("whatsapp.simulator/changed", this.onChanged);
            browser.clearTimeout(this.again);
            this.leave();
        });
        useEffect(
            () => {
                this.look();
            },
            () => [this.thread?.messages.length],
        );
    }

    get thread() {
        const id = this.state.view.channel_id;
        return id && this.store.Thread.get({ model: "discuss.channel", id });
    }

    get isBusy() {
        return this.state.posting > 0 || this.state.view.busy;
    }

    get hint() {
        if (this.state.posting) {
            return _t("Sending…");
        }
        if (this.state.view.silent) {
            return _t("A person has the conversation: the assistant listens, and is silent.");
        }
        if (this.isBusy) {
            return _t("The assistant waits %s s for more messages, then reads.", this.state.wait);
        }
        return "";
    }

    async begin(assistantId) {
        const { assistants, assistant_id, webhook, wait, ...view } = await this.call("begin", assistantId || false);
        Object.assign(this.state, { assistants, assistantId: assistant_id, wait });
        this.webhook = webhook;
        await this.show(view);
    }

    /** Show the thread of what the server described, and follow it. */
    async show(view) {
        if (view.channel_id !== this.state.view.channel_id) {
            const thread = await this.store.Thread.getOrFetch({ model: "discuss.channel", id: view.channel_id });
            this.leave();
            this.followed = thread.busChannel;
            this.bus.addChannel(this.followed);
        }
        this.state.view = view;
        await this.catchUp(view.last_message_id);
        browser.clearTimeout(this.again);
        if (view.busy) {
            this.again = browser.setTimeout(() => this.look(), (this.state.wait + 2) * 1000);
        }
    }

    /** Take in what was said before the bus had us on the thread's channel. */
    async catchUp(lastId) {
        const thread = this.thread;
        if (!lastId || !thread?.isLoaded || thread.messages.some(({ id }) => id >= lastId)) {
            return;
        }
        const fetched = await thread.fetchMessages({ after: thread.newestPersistentMessage?.id });
        const known = new Set(thread.messages.map(({ id }) => id));
        thread.messages.push(...fetched.filter(({ id }) => !known.has(id)));
        thread.messages.sort((a, b) => a.id - b.id);
    }

    leave() {
        if (this.followed) {
            this.bus.deleteChannel(this.followed);
            this.followed = null;
        }
    }

    call(method, ...args) {
        return this.orm.silent.call("whatsapp.simulator", method, args);
    }

    async look() {
        if (this.state.assistantId) {
            const look = ++this.looks;
            const view = await this.call("look", this.state.assistantId);
            // An answer that was overtaken says less than the one on its way.
            if (look === this.looks) {
                await this.show(view);
            }
        }
    }

    /**
     * Post messages of the customer to the webhook, as Twilio does.
     *
     * @param {Object[]} messages see `whatsapp.simulator.sign`
     * @param {number} [times] how often to post each; more than once is what Twilio does when it missed the answer
     */
    async send(messages, times = 1) {
        this.state.posting++;
        try {
            // What is said after Reset belongs to what begins anew.
            await this.resetting;
            const named = messages.map((message) => ({ ...message, nameless: this.state.nameless }));
            for (const { form, signature } of await this.call("sign", this.state.assistantId, named)) {
                for (let time = 0; time < times; time++) {
                    await this.post(form, signature);
                }
            }
            this.state.jump++;
            await this.look();
        } finally {
            this.state.posting--;
        }
    }

    async post(form, signature) {
        const response = await browser.fetch(this.webhook, {
            method: "POST",
            headers: {
                "Content-Type": "application/x-www-form-urlencoded",
                "X-Twilio-Signature": signature,
            },
            body: new URLSearchParams(form).toString(),
        });
        if (!response.ok) {
            const reason = await response.text();
            this.notification.add(_t("The webhook refused the message: %s", reason), { type: "danger" });
        }
    }

    sendText() {
        const text = this.state.text.trim();
        if (text) {
            this.state.text = "";
            this.send([{ kind: "text", text }]);
        }
        this.input.el?.focus();
    }

    onKeydown(ev) {
        if (ev.key === "Enter" && !ev.shiftKey && !ev.isComposing) {
            ev.preventDefault();
            this.sendText();
        }
    }

    ask(title, fields, onSend, help) {
        this.dialog.add(SimulatorDialog, { title, fields, onSend, help });
    }

    askVoice() {
        this.ask(
            _t("Voice note"),
            [
                {
                    name: "transcript",
                    label: _t("What is said in it"),
                    rows: 3,
                    value: _t("Hola, soy Lucía, busco una cama de dos plazas"),
                },
                { name: "file", label: _t("Recording (optional)"), accept: "audio/*" },
            ],
            (values) => this.send([{ kind: "audio", ...values }]),
            _t("Without words here, the model listens to the recording; without a model, a person is called."),
        );
    }

    askPhoto() {
        this.ask(
            _t("Photo"),
            [
                { name: "text", label: _t("Caption (optional)") },
                { name: "file", label: _t("Picture (otherwise one of a sofa is sent)"), accept: "image/*" },
            ],
            (values) => this.send([{ kind: "image", ...values }]),
        );
    }

    askLocation() {
        this.ask(
            _t("Location"),
            [
                { name: "label", label: _t("Name of the place"), value: _t("Parque La Carolina") },
                { name: "address", label: _t("Address"), value: _t("Av. Amazonas, Quito") },
                { name: "latitude", label: _t("Latitude"), value: "-0.180653" },
                { name: "longitude", label: _t("Longitude"), value: "-78.467834" },
            ],
            (values) => this.send([{ kind: "location", ...values }]),
        );
    }

    askButton() {
        this.ask(
            _t("Tapped button"),
            [{ name: "text", label: _t("Label of the button"), value: _t("Quiero un asesor") }],
            (values) => this.send([{ kind: "button", ...values }]),
        );
    }

    /** What else a customer may send, by Twilio's names. */
    get otherKinds() {
        const text = (label, value) => ({ name: "text", label, value });
        return [
            {
                kind: "interactive",
                label: _t("Choice from a list"),
                fields: [
                    text(_t("What was chosen"), _t("Comedores")),
                    { name: "description", label: _t("Line below it"), value: _t("De 4 a 8 puestos") },
                    { name: "option", label: _t("The shop's own name of it (optional)") },
                ],
            },
            {
                kind: "video",
                label: _t("Video"),
                fields: [
                    text(_t("Caption (optional)")),
                    { name: "file", label: _t("Video (otherwise one of a sofa is sent)"), accept: "video/*" },
                ],
            },
            {
                kind: "several",
                label: _t("Several files in one message"),
                fields: [
                    text(_t("Caption (optional)")),
                    {
                        name: "files",
                        label: _t("Files (otherwise a photo, a video and a PDF are sent)"),
                        accept: "*/*",
                        multiple: true,
                    },
                ],
            },
            {
                kind: "document",
                label: _t("Document"),
                fields: [
                    text(_t("Caption or name of the file"), _t("Comprobante.pdf")),
                    { name: "file", label: _t("File (otherwise a PDF is sent)"), accept: "*/*" },
                ],
            },
            {
                kind: "contacts",
                label: _t("Contact card"),
                fields: [{ name: "file", label: _t("Card (otherwise one of a friend is sent)"), accept: ".vcf" }],
            },
            { kind: "sticker", label: _t("Sticker") },
            { kind: "reaction", label: _t("Reaction to our last message"), fields: [text(_t("Sign"), "👍")] },
            {
                kind: "reply",
                label: _t("Reply to our last message"),
                fields: [text(_t("Message"), _t("Ese me gusta"))],
            },
            { kind: "forwarded", label: _t("Forwarded message"), fields: [text(_t("Message"), _t("Busco un sofá"))] },
            { kind: "edit", label: _t("Correction of the last message"), fields: [text(_t("New words"))] },
            { kind: "revoke", label: _t("Deletion of the last message") },
            {
                kind: "order",
                label: _t("Order from the catalogue"),
                fields: [text(_t("Article numbers, separated by commas"), "SOFA-01, MESA-09")],
            },
            {
                kind: "enquiry",
                label: _t("Question about a product of the catalogue"),
                fields: [
                    text(_t("Message"), _t("¿Qué precio tiene?")),
                    { name: "article", label: _t("Article number"), value: "SOFA-01" },
                ],
            },
            {
                kind: "advertisement",
                label: _t("Tap on an advertisement"),
                fields: [
                    { name: "headline", label: _t("Headline"), value: _t("Sofás de cuero desde $499") },
                    { name: "description", label: _t("Text below it"), value: _t("Solo este mes") },
                    { name: "reference", label: _t("Number of the advertisement"), value: "120210000000000001" },
                    { name: "url", label: _t("Link"), value: "https://fb.me/1AbCdEfGh" },
                    text(_t("What the customer writes"), _t("Hola, quiero más información")),
                ],
            },
            { kind: "unsupported", label: _t("Something that WhatsApp does not pass on") },
        ];
    }

    askOther({ kind, label, fields }) {
        if (fields) {
            this.ask(label, fields, (values) => this.send([{ kind, ...values }]));
        } else {
            this.send([{ kind }]);
        }
    }

    askBurst() {
        this.ask(
            _t("Burst of messages"),
            [
                {
                    name: "text",
                    label: _t("One message a line"),
                    rows: 4,
                    value: _t("Hola\nsoy Pedro\nquiero un comedor para 6"),
                },
            ],
            ({ text }) => {
                const lines = text.split("\n").filter((line) => line.trim());
                this.send(lines.map((line) => ({ kind: "text", text: line })));
            },
            _t("They come at once, and get one answer."),
        );
    }

    askDuplicate() {
        this.ask(
            _t("The same message twice"),
            [{ name: "text", label: _t("Message"), value: this.state.text || _t("Busco un sofá") }],
            async ({ text }) => {
                this.state.text = "";
                await this.send([{ kind: "text", text }], 2);
                this.notification.add(_t("Posted twice under one message id: it was stored once."), {
                    type: "info",
                });
            },
            _t("Twilio posts a message again when it missed our answer."),
        );
    }

    async reset() {
        this.state.text = "";
        this.state.posting++;
        try {
            this.resetting = this.call("reset", this.state.assistantId);
            const view = await this.resetting;
            this.looks++;
            await this.show(view);
        } finally {
            this.resetting = null;
            this.state.posting--;
        }
    }

    onAssistant(ev) {
        this.begin(Number(ev.target.value));
    }

    openLead() {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "crm.lead",
            res_id: this.state.view.lead.id,
            views: [[false, "form"]],
        });
    }

    openConversation() {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "whatsapp.conversation",
            res_id: this.state.view.conversation_id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("colineal_whatsapp_crm.simulator", WhatsappSimulator);
