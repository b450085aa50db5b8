import { Composer } from "@mail/core/common/composer";
import { Thread } from "@mail/core/common/thread";
import { useMessageScrolling } from "@mail/utils/common/hooks";

import {
    Component,
    onWillDestroy,
    onWillStart,
    onWillUpdateProps,
    useEffect,
    useRef,
    useState,
    useSubEnv,
} from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { ThreadBar } from "../core/thread_bar";

/** Discuss tells it of a thread that is gone, as one whose customer was erased. */
const DELETED = "discuss.channel/delete";

/** A WhatsApp thread with its composer, in place of the link to its channel. */
export class WhatsappThreadField extends Component {
    static template = "colineal_whatsapp_crm.WhatsappThreadField";
    static components = { Composer, Thread, ThreadBar };
    static props = { ...standardFieldProps };

    setup() {
        super.setup();
        this.store = useService("mail.store");
        this.root = useRef("root");
        this.state = useState({ jumpThreadPresent: 0, thread: undefined });
        // The form's chatter loads its own messages, and this thread its own.
        useSubEnv({ chatter: undefined, messageHighlight: useMessageScrolling() });
        useEffect(
            (thread) => {
                if (thread) {
                    thread.whatsappWatchers++;
                    return () => thread.whatsappWatchers--;
                }
            },
            () => [this.state.thread],
        );
        onWillStart(() => this.loadThread(this.props));
        onWillUpdateProps((nextProps) => this.loadThread(nextProps));
        const bus = useService("bus_service");
        const onDeleted = ({ id }) => {
            if (id === this.state.thread?.id) {
                this.state.thread = undefined;
            }
        };
        bus.subscribe(DELETED, onDeleted);
        onWillDestroy(() => bus.unsubscribe(DELETED, onDeleted));
    }

    /** The conversation whose form shows by itself how it stands and what can be done with it. */
    get formConversationId() {
        const { resId, resModel } = this.props.record;
        return resModel === "whatsapp.conversation" ? resId : undefined;
    }

    async loadThread(props) {
        const id = props.record.data[props.name]?.id;
        if (id === this.state.thread?.id) {
            return;
        }
        this.state.thread = id && (await this.store.Thread.getOrFetch({ model: "discuss.channel", id }));
    }
}

export const whatsappThreadField = {
    component: WhatsappThreadField,
    displayName: _t("WhatsApp thread"),
    supportedTypes: ["many2one"],
};

registry.category("fields").add("whatsapp_thread", whatsappThreadField);
