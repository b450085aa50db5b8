import { registry } from "@web/core/registry";
import { IntegerField, integerField } from "@web/views/fields/integer/integer_field";

/** A sum that was named; empty where none was. */
export class WhatsappAmountField extends IntegerField {
    static template = "colineal_whatsapp_crm.AmountField";
    static props = { ...IntegerField.props, placeholder: { type: String, optional: true } };

    get formattedValue() {
        return this.value ? super.formattedValue : "";
    }

    get label() {
        return this.props.record.fields[this.props.name].string;
    }
}

registry.category("fields").add("whatsapp_amount", {
    ...integerField,
    component: WhatsappAmountField,
    extractProps: (info) => ({ ...integerField.extractProps(info), placeholder: info.placeholder }),
});
