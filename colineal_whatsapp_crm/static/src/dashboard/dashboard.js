import { Component, onWillStart, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/core/utils/numbers";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { formatInteger } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { useClock } from "../views/clock";
import { useChanges } from "../views/live_views";
import { QualityChart } from "./quality_chart";

const REPORT = "whatsapp.conversation.report";
const CONVERSATION = "whatsapp.conversation";

/** However busy the shop: the least time between two readings of the figures. */
const PAUSE = 5000;

/** A smaller change against the period before is not coloured: it may be chance. */
const NOTABLE = 0.1;

const QUALITY_CLASSES = { hot: "text-bg-danger", warm: "text-bg-warning", cold: "text-bg-info" };

/** What goes on in a period, and who waits now. Every figure opens its records. */
export class WhatsappDashboard extends Component {
    static template = "colineal_whatsapp_crm.Dashboard";
    static components = { Layout, QualityChart };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.clock = useClock();
        this.display = { controlPanel: {} };
        this.qualityClasses = QUALITY_CLASSES;
        this.state = useState({
            filters: { period: "30_days", teamId: false, from: false, to: false, ...this.props.state?.filters },
            view: null,
            isStale: false,
        });
        useSetupAction({ getLocalState: () => ({ filters: { ...this.state.filters } }) });
        useChanges(
            () => true,
            () => this.load(),
            () => false,
            PAUSE,
        );
        onWillStart(() => this.load());
    }

    async load() {
        const { period, teamId, from, to } = this.state.filters;
        const reading = this.orm.silent.call(REPORT, "get_dashboard", [period, teamId, from, to]);
        this.state.view = await this.keepLast.add(reading);
        this.state.isStale = false;
    }

    /** Read what somebody has chosen; until it is there, what is shown is of something else. */
    choose(filters) {
        Object.assign(this.state.filters, filters);
        this.state.isStale = true;
        return this.load();
    }

    get periods() {
        return [
            { name: "today", label: _t("Today") },
            { name: "7_days", label: _t("7 days") },
            { name: "30_days", label: _t("30 days") },
            { name: "month", label: _t("This month") },
            { name: "custom", label: _t("Custom") },
        ];
    }

    setPeriod(name) {
        // Somebody's own period begins as the one that is shown.
        const { date_from, date_to } = this.state.view;
        return this.choose({ period: name, from: date_from, to: date_to });
    }

    /** A period that would end before it begins becomes the day that was chosen. */
    setDay(which, day) {
        const days = { from: this.state.filters.from, to: this.state.filters.to };
        days[which] = day || days[which];
        if (days.from > days.to) {
            days.from = days.to = days[which];
        }
        return this.choose(days);
    }

    setTeam(id) {
        return this.choose({ teamId: Number(id) || false });
    }

    get figures() {
        return this.state.view.figures;
    }

    get tiles() {
        const { figures } = this;
        const share = (rate) => (rate === null ? "" : _t("%s of all", this.formatShare(rate)));
        return [
            {
                name: "conversations",
                label: _t("Conversations"),
                value: formatInteger(figures.conversations.value),
                note: _t("Active: %(active)s · Completed: %(completed)s", {
                    active: formatInteger(figures.active.value),
                    completed: formatInteger(figures.completed.value),
                }),
            },
            {
                name: "hot",
                label: _t("Hot conversations"),
                value: formatInteger(figures.hot.value),
                note: _t("Warm: %(warm)s · Cold: %(cold)s", {
                    warm: formatInteger(figures.warm.value),
                    cold: formatInteger(figures.cold.value),
                }),
            },
            {
                name: "leads",
                label: _t("Leads"),
                value: formatInteger(figures.leads.value),
                note: share(figures.lead_rate.value),
            },
            {
                name: "won",
                label: _t("Sales won"),
                value: formatInteger(figures.won.value),
                note: share(figures.won_rate.value),
            },
            {
                name: "assistant_seconds",
                label: _t("First answer by the assistant"),
                value: this.formatSeconds(figures.assistant_seconds.value),
                lessIsBetter: true,
            },
            {
                name: "person_seconds",
                label: _t("First answer by a person"),
                value: this.formatSeconds(figures.person_seconds.value),
                lessIsBetter: true,
            },
        ].map((tile) => ({ ...tile, change: this.getChange(figures[tile.name], tile.lessIsBetter) }));
    }

    /** How a figure moved against as long a time before: {text, label, class}, or null when that says nothing. */
    getChange({ value, before }, lessIsBetter = false) {
        if (!before || value === null) {
            return null;
        }
        const share = value / before - 1;
        const text = this.formatShare(Math.abs(share));
        if (Math.abs(share) < 0.005) {
            return { text: "=", label: _t("as much as in the period before"), class: "text-muted" };
        }
        const good = share > 0 !== lessIsBetter ? "text-success" : "text-danger";
        return {
            text: `${share > 0 ? "▲" : "▼"} ${text}`,
            label:
                share > 0
                    ? _t("%s more than in the period before", text)
                    : _t("%s less than in the period before", text),
            class: Math.abs(share) < NOTABLE ? "text-muted" : good,
        };
    }

    get details() {
        const { figures, state } = this;
        const details = ["active", "completed", "abandoned"].map((name) => ({
            name,
            label: { active: _t("Active"), completed: _t("Completed"), abandoned: _t("Abandoned") }[name],
            value: formatInteger(figures[name].value),
        }));
        details.push(
            {
                name: "lost",
                label: _t("Given up by the customer"),
                value: formatInteger(figures.lost.value),
            },
            {
                name: "postponed",
                label: _t("Put off by the customer"),
                value: formatInteger(figures.postponed.value),
            },
            {
                name: "lead_seconds",
                label: _t("Average time to lead"),
                value: this.formatSeconds(figures.lead_seconds.value),
            },
            {
                name: "lead_answer_seconds",
                label: _t("Speed to lead"),
                value: this.formatSeconds(figures.lead_answer_seconds.value),
            },
            {
                name: "duration_seconds",
                label: _t("Average conversation"),
                value: this.formatSeconds(figures.duration_seconds.value),
            },
            {
                name: "lead_messages",
                label: _t("Messages per lead"),
                value:
                    figures.lead_messages.value === null
                        ? "–"
                        : formatFloat(figures.lead_messages.value, { digits: [16, 1] }),
            },
        );
        return { rows: details, classifier: state.view.classifier };
    }

    /** How each salesperson and, where there are several, each team does: [{name, title, rows}]. */
    get people() {
        const { people, sales_teams: teams } = this.state.view;
        return [
            { name: "people", title: _t("Salesperson"), nobody: _t("Nobody yet"), rows: people },
            { name: "sales_teams", title: _t("Sales Team"), nobody: _t("No team"), rows: teams },
        ].filter(({ name, rows }) => name === "people" || rows.length > 1);
    }

    get noCampaign() {
        return _t("No advertisement");
    }

    /** What a model cost: cents, and less than a cent as such. */
    formatDollars(amount) {
        if (amount === null) {
            return "–";
        }
        return amount > 0 && amount < 0.01 ? "< $0.01" : `$${formatFloat(amount, { digits: [16, 2] })}`;
    }

    get funnel() {
        const [{ count: all }] = this.state.view.funnel;
        return this.state.view.funnel.map((step) => ({
            ...step,
            share: all ? step.count / all : 0,
            note: all ? this.formatShare(step.count / all) : "",
        }));
    }

    /** Bars against the longest one. */
    getBars(rows) {
        const most = Math.max(...rows.map(({ count }) => count), 1);
        return rows.map((row) => ({ ...row, share: row.count / most }));
    }

    get products() {
        return this.getBars(this.state.view.products).map((product) => ({
            ...product,
            note: this.countLeads(product.leads),
        }));
    }

    countLeads(count) {
        if (!count) {
            return "";
        }
        return count === 1 ? _t("1 lead") : _t("%s leads", formatInteger(count));
    }

    get lists() {
        const { waiting, alone } = this.state.view;
        return [
            {
                name: "waiting",
                title: _t("Waiting for an answer"),
                nobody: _t("Nobody waits."),
                ...waiting,
            },
            {
                name: "alone",
                title: _t("Hot without a person"),
                nobody: _t("Every hot customer has somebody."),
                ...alone,
            },
        ];
    }

    formatInteger(value) {
        return formatInteger(value);
    }

    formatShare(share) {
        const digits = share > 0 && share < 0.1 ? 1 : 0;
        return `${formatFloat(share * 100, { digits: [16, digits] })} %`;
    }

    formatSeconds(seconds) {
        if (seconds === null) {
            return "–";
        }
        if (seconds < 60) {
            return _t("%s s", formatFloat(seconds, { digits: [16, seconds < 10 ? 1 : 0] }));
        }
        const minutes = Math.round(seconds / 60);
        if (minutes < 60) {
            return _t("%s min", minutes);
        }
        const hours = Math.floor(minutes / 60);
        if (hours < 48) {
            return _t("%(hours)s h %(minutes)s min", { hours, minutes: minutes % 60 });
        }
        return _t("%s days", Math.round(hours / 24));
    }

    formatSince(moment) {
        return this.formatSeconds(Math.max(0, (this.clock.now - deserializeDateTime(moment).toMillis()) / 1000));
    }

    /** Show the records behind a figure. */
    openReport(name, domain) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: REPORT,
            views: [
                [false, "list"],
                [false, "pivot"],
                [false, "graph"],
            ],
            domain,
        });
    }

    openTile({ name, label }) {
        return this.openReport(label, this.figures[name].domain);
    }

    /** How many wait beside those that are shown. */
    getMore({ count, rows }) {
        return _t("%s more", formatInteger(count - rows.length));
    }

    openList({ title, domain }) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: title,
            res_model: CONVERSATION,
            views: [
                [false, "list"],
                [false, "kanban"],
                [false, "form"],
            ],
            // Of a list, a telephone has room for a name alone.
            mobile_view_mode: "kanban",
            domain,
        });
    }

    openConversation(id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: CONVERSATION,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    openClassifier() {
        return this.action.doAction("colineal_whatsapp_crm.whatsapp_classification_report_action");
    }
}

registry.category("actions").add("colineal_whatsapp_crm.dashboard", WhatsappDashboard);
