import { onWillDestroy, status, useComponent } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { omit } from "@web/core/utils/objects";
import { getFieldsSpec } from "@web/model/relational_model/utils";
import { formView } from "@web/views/form/form_view";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { listView } from "@web/views/list/list_view";

const CHANNEL = "whatsapp_conversations";
const CHANGED = "whatsapp.conversation/changed";

/** Changes that come together are read together; between two readings there is a pause. */
const GATHER = 150;
const PAUSE = 1000;

/**
 * Read again what is shown when conversations changed on the server.
 *
 * @param {(ids: number[]) => boolean} concerns whether the view shows, or might have to show, any of them
 * @param {(ids: number[]) => Promise<boolean | void>} read false if it could not be used and is to be tried again
 * @param {() => boolean} [isBusy] whether to wait, because somebody is in the middle of something
 * @param {number} [pause] the least milliseconds between two readings
 */
export function useChanges(concerns, read, isBusy = () => false, pause = PAUSE) {
    const component = useComponent();
    const bus = useService("bus_service");
    const changed = new Set();
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
        earliest = Date.now() + pause;
        if (document.hidden || isBusy()) {
            plan();
            return;
        }
        const ids = [...changed];
        changed.clear();
        if ((await read(ids)) === false) {
            ids.forEach((id) => changed.add(id));
            plan();
        }
    };
    const onChanged = ({ ids }) => {
        if (concerns(ids)) {
            ids.forEach((id) => changed.add(id));
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

/** What tells one group from another, for any type of field. */
const key = (value) => value?.id ?? value ?? false;

function sortRecords(list) {
    const [first] = list.orderBy;
    if (list.fields[first?.name]?.type === "datetime") {
        const value = (record) => record.data[first.name]?.toMillis() ?? Infinity;
        list.records.sort((one, other) => (first.asc ? 1 : -1) * (value(one) - value(other)));
    }
}

/** Knows of a reading under way: one that began later would take its place, and a search be undone by who writes meanwhile. */
function loadingModel(Model) {
    return class extends Model {
        async load(params) {
            const loading = super.load(params);
            this.loading = loading;
            try {
                await loading;
            } finally {
                if (this.loading === loading) {
                    this.loading = undefined;
                }
            }
        }
    };
}

function liveMulti(Controller) {
    return class extends Controller {
        setup() {
            super.setup();
            useChanges(
                () => true,
                (ids) => this.readChanged(ids),
                () => Boolean(this.model.loading || this.model.root.selection?.length || this.model.root.editedRecord),
            );
        }

        /** Cards change where they are; only what comes, goes or changes its column has all read again. */
        async readChanged(ids) {
            const { root } = this.model;
            const { activeFields, context, fields, resModel } = root.config;
            const { records } = await this.model.orm.webSearchRead(resModel, [...root.domain, ["id", "in", ids]], {
                specification: getFieldsSpec(activeFields, fields, context),
                context: { bin_size: true, ...context },
            });
            if (status(this) === "destroyed") {
                return;
            }
            if (this.model.loading || this.model.root !== root) {
                return false;
            }
            const rows = new Map(records.map((row) => [row.id, row]));
            const lists = root.isGrouped ? root.groups.map((group) => group.list) : [root];
            const shown = new Map(root.records.map((record) => [record.resId, record]));
            const group = root.isGrouped && root.groupByField.name;
            const stays = (id) => {
                const [record, row] = [shown.get(id), rows.get(id)];
                return record && row ? !group || key(record.data[group]) === key(row[group]) : record === row;
            };
            if (!ids.every(stays)) {
                await this.model.load();
                return;
            }
            for (const [id, row] of rows) {
                shown.get(id)._applyValues(row);
            }
            lists.forEach(sortRecords);
        }
    };
}

/** Remembers whether somebody folded it. */
class StageColumn extends kanbanView.Model.Group {
    async toggle() {
        await super.toggle();
        this.config.isFoldedByHand = this.isFolded;
    }
}

/** Columns that nobody folded are as the server has them: an empty one opens as soon as a conversation comes into it. */
export class WhatsappConversationKanbanModel extends loadingModel(kanbanView.Model) {
    static Group = StageColumn;

    _webReadGroup(config, cache) {
        const kept = Object.entries(config.groups).filter(([, group]) => !group.isFolded || group.isFoldedByHand);
        return super._webReadGroup({ ...config, groups: Object.fromEntries(kept) }, cache);
    }
}

export class WhatsappConversationKanbanController extends liveMulti(kanbanView.Controller) {}
export class WhatsappConversationListController extends liveMulti(listView.Controller) {}

export class WhatsappConversationFormController extends formView.Controller {
    setup() {
        super.setup();
        this.notification = useService("notification");
        useChanges(
            (ids) => ids.includes(this.model.root?.resId),
            () => this.readAgain(),
        );
    }

    /** What somebody has changed and not saved yet stays as they have it. */
    async readAgain() {
        const record = this.model.root;
        const isShown = () => status(this) !== "destroyed" && this.model.root === record;
        let isGone = false;
        await this.model.mutex.exec(async () => {
            const { activeFields, context, fields, resId, resModel } = record.config;
            // A search, which finds nothing where to read would fail.
            const { records } = await this.model.orm.webSearchRead(resModel, [["id", "=", resId]], {
                specification: getFieldsSpec(activeFields, fields, record.evalContext),
                context: { bin_size: true, ...context },
            });
            isGone = !records.length;
            if (records.length && isShown()) {
                record._applyValues(omit(records[0], ...Object.keys(record._changes)));
            }
        });
        if (isGone && isShown()) {
            await this.leave(record);
        }
    }

    /** The conversation was deleted, or is not for this reader any more: nothing of it stays on the screen. */
    async leave(record) {
        await record.discard();
        this.notification.add(_t("This conversation was deleted, or is a colleague's now."), { type: "warning" });
        this.env.config.historyBack();
    }
}

const views = registry.category("views");
views.add("whatsapp_conversation_kanban", {
    ...kanbanView,
    Controller: WhatsappConversationKanbanController,
    Model: WhatsappConversationKanbanModel,
});
views.add("whatsapp_conversation_list", {
    ...listView,
    Controller: WhatsappConversationListController,
    Model: loadingModel(listView.Model),
});
views.add("whatsapp_conversation_form", { ...formView, Controller: WhatsappConversationFormController });
