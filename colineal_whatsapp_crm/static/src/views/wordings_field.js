import { registry } from "@web/core/registry";
import { ListRenderer } from "@web/views/list/list_renderer";
import { X2ManyField, x2ManyField } from "@web/views/fields/x2many/x2many_field";

/** Wordings, each situation under a heading that says what it is for. */
export class WhatsappWordingsRenderer extends ListRenderer {
    static recordRowTemplate = "colineal_whatsapp_crm.WordingsRecordRow";

    /** The heading above a wording: of the first of its situation, that of a saved one. */
    getHeading(record) {
        const records = this.props.list.records;
        const before = records[records.indexOf(record) - 1];
        const { situation, purpose } = record.data;
        if (!situation || (before && before.data.situation === situation)) {
            return null;
        }
        const label = this.props.list.fields.situation.selection.find(([key]) => key === situation)?.[1];
        return { label, purpose };
    }
}

export class WhatsappWordingsField extends X2ManyField {
    static components = { ...X2ManyField.components, ListRenderer: WhatsappWordingsRenderer };
}

registry.category("fields").add("whatsapp_wordings", { ...x2ManyField, component: WhatsappWordingsField });
