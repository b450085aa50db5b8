import { onWillDestroy, status, useComponent } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { omit } from "@web/core/utils/objects";
import { formView } from "@web/views/form/form_view";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { listView } from "@web/views/list/list_view";

const CHANNEL = "whatsapp_conversations";
const CHANGED = "whatsapp.conversation/changed";

/** Changes that come together are read together; between two readings there is at least a second. */
const GATHER = 150;
const PAUSE = 1000;

/**
 * Read again what is shown when conversations changed on the server.
 *
 * @param {(ids: number[]) => boolean} concerns whether the view shows, or might have to show, any of them
 * @param {() => Promise} reload
 * @param {() => boolean} isBusy whether to wait, because somebody is in the middle of something
 */
function useChanges(concerns, reload, isBusy = () => false) {
    const component = useComponent();
    const bus = useService("bus_service");
    let timer;
    let earliest = 0;
    const plan = () => {
        if (!timer) {
            timer = browser.setTimeout(run, Math.max(GATHER, earliest - Date.now()));
        }
    };
    const run = async () => {
        timer = undefined;
        if (status(component) === "destroyed") {
            return;
        }
        earliest = Date.now() + PAUSE;
        if (document.hidden || isBusy()) {
            plan();
            return;
        }
        await reload();
    };
    const onChanged = ({ ids }) => {
        if (concerns(ids)) {
            plan();
        }
    };
    bus.addChannel(CHANNEL);
    bus.subscribe(CHANGED, onChanged);
    onWillDestroy(() => {
        browser.clearTimeout(timer);
        bus.unsubscribe(CHANGED, onChanged);
        bus.deleteChannel(CHANNEL);
    });
}

function liveMulti(Controller) {
    return class extends Controller {
        setup() {
            super.setup();
            useChanges(
                () => this.model.isReady !== false,
                () => this.model.load(),
                () => Boolean(this.model.root.selection?.length || this.model.root.editedRecord)
            );
        }
    };
}

export class WhatsappConversationKanbanController extends liveMulti(kanbanView.Controller) {}
export class WhatsappConversationListController extends liveMulti(listView.Controller) {}

export class WhatsappConversationFormController extends formView.Controller {
    setup() {
        super.setup();
        useChanges(
            (ids) => ids.includes(this.model.root?.resId),
            () => this.readAgain()
        );
    }

    /** What somebody has changed and not saved yet stays as they have it. */
    async readAgain() {
        const record = this.model.root;
        await this.model.mutex.exec(async () => {
            const [values] = await this.model._loadRecords(record.config, record.evalContext);
            if (status(this) !== "destroyed" && this.model.root === record) {
                record._applyValues(omit(values, ...Object.keys(record._changes)));
            }
        });
    }
}

const views = registry.category("views");
views.add("whatsapp_conversation_kanban", { ...kanbanView, Controller: WhatsappConversationKanbanController });
views.add("whatsapp_conversation_list", { ...listView, Controller: WhatsappConversationListController });
views.add("whatsapp_conversation_form", { ...formView, Controller: WhatsappConversationFormController });
