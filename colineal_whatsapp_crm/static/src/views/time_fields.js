import { Component } from "@odoo/owl";
import { formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { formatTimeLeft } from "../core/time_left";
import { useClock } from "./clock";

const MINUTE = 60 * 1000;
const HOUR = 60 * MINUTE;
/** With less than this, the time in which WhatsApp lets us write freely is what matters. */
const CLOSING_MINUTES = 120;

/** Where there is room for a number only, the hourglass beside it says what it is. */
function formatShort(minutes) {
    return minutes < 60 ? _t("%s min", minutes) : _t("%s h", Math.floor(minutes / 60));
}

class TimeField extends Component {
    static props = { ...standardFieldProps };

    setup() {
        this.clock = useClock();
    }

    get value() {
        return this.props.record.data[this.props.name];
    }

    get exact() {
        return this.value ? formatDateTime(this.value) : "";
    }
}

/** How long ago something was, shorter than a sentence: "now", "5 min", "3 h", then the day. */
export class WhatsappAgoField extends TimeField {
    static template = "colineal_whatsapp_crm.AgoField";

    get text() {
        const passed = this.clock.now - this.value.toMillis();
        if (passed < MINUTE) {
            return _t("now");
        }
        if (passed < HOUR) {
            return _t("%s min", Math.floor(passed / MINUTE));
        }
        if (passed < 24 * HOUR) {
            return _t("%s h", Math.floor(passed / HOUR));
        }
        return this.value.toLocaleString({ day: "numeric", month: "short" });
    }
}

/** What is left of the 24 hours in which WhatsApp lets us write freely; red when it is under two. */
export class WhatsappWindowField extends TimeField {
    static template = "colineal_whatsapp_crm.WindowField";
    static props = { ...TimeField.props, isShort: { type: Boolean, optional: true } };

    get left() {
        return this.value.toMillis() - this.clock.now;
    }

    get text() {
        if (this.left <= 0) {
            return _t("Window over");
        }
        return formatTimeLeft(Math.ceil(this.left / MINUTE));
    }

    get shown() {
        return this.props.isShort && this.left > 0 ? formatShort(Math.ceil(this.left / MINUTE)) : this.text;
    }

    get classNames() {
        if (this.left <= 0) {
            return "text-muted";
        }
        return this.left < 2 * HOUR ? "text-danger fw-bold" : "text-muted";
    }

    get title() {
        return this.left <= 0
            ? _t("The customer's last message is more than 24 hours old: only templates go through.")
            : _t("The customer may be written to until %s.", this.exact);
    }
}

/**
 * The one time of a card: what is left to write freely when that is little, otherwise how long ago the last message was.
 */
export class WhatsappCardTimeField extends WhatsappAgoField {
    static template = "colineal_whatsapp_crm.CardTimeField";

    get minutesLeft() {
        const { opted_out, stage, window_until } = this.props.record.data;
        return !window_until || opted_out || stage === "closed"
            ? null
            : Math.ceil((window_until.toMillis() - this.clock.now) / MINUTE);
    }

    get isClosing() {
        return this.minutesLeft > 0 && this.minutesLeft < CLOSING_MINUTES;
    }

    get left() {
        return formatTimeLeft(this.minutesLeft);
    }

    get shortLeft() {
        return formatShort(this.minutesLeft);
    }

    get isOver() {
        return this.minutesLeft !== null && this.minutesLeft <= 0;
    }

    get closingTitle() {
        return _t("The customer may be written to until %s.", formatDateTime(this.props.record.data.window_until));
    }
}

const field = { supportedTypes: ["datetime"] };
registry.category("fields").add("whatsapp_ago", { ...field, component: WhatsappAgoField });
registry.category("fields").add("whatsapp_card_time", {
    ...field,
    component: WhatsappCardTimeField,
    fieldDependencies: [
        { name: "opted_out", type: "boolean", readonly: true },
        { name: "stage", type: "selection", readonly: true },
        { name: "window_until", type: "datetime", readonly: true },
    ],
});
registry.category("fields").add("whatsapp_window", {
    ...field,
    component: WhatsappWindowField,
    extractProps: ({ options }) => ({ isShort: Boolean(options.short) }),
});
