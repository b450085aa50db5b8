/* global Chart */

import { waitForChannels } from "@bus/../tests/bus_test_helpers";

import { startServer } from "@mail/../tests/mail_test_helpers";

import { describe, expect, test } from "@odoo/hoot";
import { animationFrame, click, press, queryAll, queryAllTexts, queryOne, waitFor } from "@odoo/hoot-dom";
import { advanceTime, mockDate } from "@odoo/hoot-mock";

import { contains, mockService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { getDefaultConfig } from "@web/views/view";

import { WhatsappDashboard } from "@colineal_whatsapp_crm/dashboard/dashboard";
import { defineWhatsappModels } from "./whatsapp_test_helpers";

describe.current.tags("desktop");
defineWhatsappModels();

const domain = [["date", ">=", "2026-02-09 05:00:00"]];

/** A figure as the server gives it. */
function figure(value, before, restriction) {
    return { value, before, domain: restriction ? [...domain, restriction] : domain };
}

function makeView(changes = {}) {
    return {
        date_from: "2026-02-09",
        date_to: "2026-03-10",
        teams: [{ id: 5, name: "Quito" }],
        domain,
        figures: {
            conversations: figure(200, 100),
            active: figure(40),
            completed: figure(110),
            abandoned: figure(50),
            hot: figure(60, undefined, ["quality", "=", "hot"]),
            warm: figure(70),
            cold: figure(70),
            lost: figure(8, undefined, ["closing", "=", "lost"]),
            postponed: figure(6),
            leads: figure(80, 81, ["lead_id", "!=", false]),
            lead_rate: figure(0.4, 0.81),
            won: figure(9, 0),
            won_rate: figure(0.045, 0),
            assistant_seconds: figure(6.54, 5),
            person_seconds: figure(754, 1500),
            lead_seconds: figure(7500, null),
            duration_seconds: figure(400000, null),
            lead_messages: figure(12.25, null),
            lead_answer_seconds: figure(240, null),
        },
        funnel: [
            { label: "Wrote", count: 200, domain },
            { label: "Won", count: 9, domain: [...domain, ["reached", "in", ["5_won"]]] },
        ],
        timeline: {
            granularity: "day",
            bars: [
                { begin: "2026-03-09T00:00:00", domain, hot: 3, warm: 2, cold: 1, none: 0 },
                { begin: "2026-03-10T00:00:00", domain, hot: 0, warm: 4, cold: 0, none: 1 },
            ],
        },
        products: [{ label: "sofá", count: 50, leads: 20, domain: [...domain, ["interest_ids", "in", [3]]] }],
        people: [
            {
                label: "Delia Paz",
                taken: 12,
                answered: 9,
                answer_seconds: 300,
                leads: 4,
                lead_answer_seconds: null,
                won: 1,
                domain: [...domain, ["user_id", "=", 7]],
            },
        ],
        campaigns: [
            {
                label: "Sofás de cuero",
                count: 40,
                leads: 10,
                lead_rate: 0.25,
                won: 2,
                cost: 1.5,
                lead_cost: 0.15,
                domain: [...domain, ["campaign_id", "=", 5]],
            },
            {
                label: false,
                count: 160,
                leads: 0,
                lead_rate: 0,
                won: 0,
                cost: 0.004,
                lead_cost: null,
                domain: [...domain, ["campaign_id", "=", false]],
            },
        ],
        sales_teams: [{ label: "Quito", taken: 12, answered: 9, leads: 4, won: 1, domain }],
        stopped: [],
        classifier: { reviewed: 40, right_rate: 0.96 },
        waiting: {
            count: 2,
            domain: [["waiting_since", "!=", false]],
            rows: [{ id: 7, title: "Ana", words: "¿Hola?", quality: "hot", since: "2026-03-10 11:30:00" }],
        },
        alone: { count: 0, domain: [], rows: [] },
        ...changes,
    };
}

/**
 * Open the dashboard; what it asks the server and what it opens is collected.
 *
 * @param {Object | (reading: number) => Object} [changes] what the server answers otherwise
 */
async function openDashboard(changes) {
    mockDate("2026-03-10 12:00:00", 0);
    const pyEnv = await startServer();
    const asked = [];
    const opened = [];
    onRpc("whatsapp.conversation.report", "get_dashboard", ({ args }) => {
        asked.push(args);
        return makeView(typeof changes === "function" ? changes(asked.length) : changes);
    });
    mockService("action", { doAction: (action) => opened.push(action) });
    await mountWithCleanup(WhatsappDashboard, {
        props: { action: {}, actionId: 1 },
        componentEnv: { config: getDefaultConfig() },
    });
    return { asked, opened, pyEnv };
}

const tile = (name) => `.o_whatsapp_tile[data-name=${name}]`;

test("campaigns tell what they brought and what the model cost", async () => {
    const { opened } = await openDashboard();
    const rows = "[data-name=campaigns] tbody tr";
    expect(`${rows}:first`).toHaveText(/Sofás de cuero\s+40\s+10\s+25\s*%\s+2\s+\$1\.50\s+\$0\.15/);
    expect(`${rows}:last`).toHaveText(/No advertisement\s+160\s+0\s+0\s*%\s+0\s+< \$0\.01\s+–/);
    await click(`${rows}:first button`);
    expect(opened[0].domain.at(-1)).toEqual(["campaign_id", "=", 5]);
});

test("figures, how they moved, and what they mean", async () => {
    await openDashboard();
    expect(`${tile("conversations")} .o_whatsapp_tile_value > span:first`).toHaveText("200");
    expect(`${tile("conversations")} .o_whatsapp_change`).toHaveClass("text-success");
    expect(`${tile("conversations")} .visually-hidden`).toHaveText("100 % more than in the period before");
    expect(`${tile("conversations")} .o_whatsapp_tile_note`).toHaveText("Active: 40 · Completed: 110");
    expect(`${tile("leads")} .o_whatsapp_change`).toHaveClass("text-muted", { message: "small changes are no news" });
    expect(`${tile("leads")} .o_whatsapp_tile_note`).toHaveText("40 % of all");
    expect(`${tile("won")} .o_whatsapp_change`).toHaveCount(0, { message: "there is nothing to compare with" });
    expect(`${tile("assistant_seconds")} .o_whatsapp_tile_value > span:first`).toHaveText("6.5 s");
    expect(`${tile("assistant_seconds")} .o_whatsapp_change`).toHaveClass("text-danger", {
        message: "slower is worse",
    });
    expect(`${tile("person_seconds")} .o_whatsapp_tile_value > span:first`).toHaveText("13 min");
    expect(`${tile("person_seconds")} .o_whatsapp_change`).toHaveClass("text-success");
    expect(queryAllTexts("[data-name=details] .fw-bold")).toEqual([
        "40",
        "110",
        "50",
        "8",
        "6",
        "2 h 5 min",
        "4 min",
        "5 days",
        "12.3",
        "96 %",
    ]);
});

test("one lead is one lead", async () => {
    const product = (label, leads) => ({ label, count: 50, leads, domain });
    await openDashboard({ products: [product("sofá", 20), product("cama", 1), product("mesa", 0)] });
    expect(queryAllTexts("[data-name=products] .o_whatsapp_bar_text")).toEqual([
        "sofá\n20 leads\n50",
        "cama\n1 lead\n50",
        "mesa\n50",
    ]);
});

test("every figure opens its records, with the keyboard too", async () => {
    const { opened } = await openDashboard();
    const last = () => opened.at(-1);
    await click(tile("hot"));
    expect(last().res_model).toBe("whatsapp.conversation.report");
    expect(last().domain).toEqual([...domain, ["quality", "=", "hot"]]);
    queryOne(tile("leads")).focus();
    await press("Enter");
    expect(last().domain).toEqual([...domain, ["lead_id", "!=", false]]);
    await click("[data-name=funnel] li:last button");
    expect(last().domain).toEqual([...domain, ["reached", "in", ["5_won"]]]);
    await click("[data-name=products] button");
    expect(last().name).toBe("sofá");
    expect(last().domain).toEqual([...domain, ["interest_ids", "in", [3]]]);
    await click("[data-name=waiting] .o_whatsapp_panel_title");
    expect(last().res_model).toBe("whatsapp.conversation");
    expect(last().domain).toEqual([["waiting_since", "!=", false]]);
    await click("[data-name=waiting] .o_whatsapp_row");
    expect([last().res_model, last().res_id]).toEqual(["whatsapp.conversation", 7]);
    await click("[data-name=people] button");
    expect(last().domain).toEqual([...domain, ["user_id", "=", 7]]);
    expect(queryAllTexts("[data-name=people] td")).toEqual(["12", "9", "5 min", "4", "–", "1"]);
    expect("[data-name=sales_teams]").toHaveCount(0, { message: "a single team is all there is" });
    await click("[data-name=classifier]");
    expect(last()).toBe("colineal_whatsapp_crm.whatsapp_classification_report_action");
});

test("who waits, since when, and that nobody does", async () => {
    await openDashboard();
    expect("[data-name=waiting] .badge").toHaveText("2");
    expect("[data-name=waiting] .o_whatsapp_row:first").toHaveText(/Ana\s+¿Hola\?\s+30 min/);
    expect("[data-name=waiting] .o_whatsapp_more").toHaveText("1 more");
    expect("[data-name=alone] p").toHaveText("Every hot customer has somebody.");
    expect("[data-name=alone] .o_whatsapp_panel_title").not.toBeEnabled();
});

test("period and team are asked of the server", async () => {
    const { asked } = await openDashboard();
    expect(asked).toEqual([["30_days", false, false, false]]);
    expect(".btn[aria-pressed=true]").toHaveText("30 days");
    await contains(".btn:contains('7 days')").click();
    expect(".btn[aria-pressed=true]").toHaveText("7 days");
    expect("input[type=date]").toHaveCount(0);
    await contains("select").select("5");
    expect(asked.at(-1).slice(0, 2)).toEqual(["7_days", 5]);
    await contains(".btn:contains('Custom')").click();
    expect(asked.at(-1)).toEqual(["custom", 5, "2026-02-09", "2026-03-10"]);
    await contains("input[aria-label=To]").edit("2026-02-01", { confirm: "blur", instantly: true });
    expect(asked.at(-1)).toEqual(["custom", 5, "2026-02-01", "2026-02-01"], {
        message: "a period that would end before it begins is moved",
    });
    await contains("select").select("");
    expect(asked.at(-1)[1]).toBe(false);
});

test("the chart's numbers can be read without seeing it", async () => {
    await openDashboard();
    expect("canvas[role=img]").toHaveAttribute("aria-label", /in the table that follows/);
    expect(queryAllTexts("[aria-label='Quality over time'] th[scope=col]")).toEqual([
        "Begun",
        "Hot",
        "Warm",
        "Cold",
        "Not known yet",
    ]);
    const cells = queryAll("[aria-label='Quality over time'] tbody tr:last td").map((cell) => cell.textContent);
    expect(cells).toEqual(["0", "4", "0", "1"]);
});

test("a bar of the chart opens its conversations", async () => {
    const { opened } = await openDashboard();
    // Charts take the size of their place a frame after they are drawn.
    await animationFrame();
    const canvas = queryOne("canvas");
    const chart = Chart.getChart(canvas);
    await click(canvas, { position: chart.getDatasetMeta(1).data[1].getCenterPoint(), relative: true });
    await animationFrame();
    expect(opened.at(-1).domain).toEqual([...domain, ["quality", "=", "warm"]]);
    expect(opened.at(-1).name).toMatch(/Warm$/);
});

test("a period without customers says so", async () => {
    const { figures } = makeView();
    const empty = { ...figures, conversations: figure(0, 3), lead_rate: figure(null) };
    await openDashboard({ figures: empty, products: [], timeline: { granularity: "day", bars: [] } });
    expect(".o_whatsapp_panel_empty h2").toHaveText("No customer wrote in this period");
    expect("canvas").toHaveCount(0);
    expect("[data-name=waiting]").toHaveCount(1, { message: "who waits, waits" });
});

test("changes on the server are read, not more often than every few seconds", async () => {
    const { asked, pyEnv } = await openDashboard((reading) => ({
        figures: { ...makeView().figures, conversations: figure(200 + reading, 100) },
    }));
    await waitForChannels(["whatsapp_conversations"]);
    const tell = () => {
        pyEnv["bus.bus"]._sendone("whatsapp_conversations", "whatsapp.conversation/changed", { ids: [1] });
        // Time to come through the bus.
        return animationFrame().then(animationFrame);
    };
    const shows = (value) => waitFor(`${tile("conversations")} .o_whatsapp_tile_value > span:first:contains(${value})`);
    await tell();
    await tell();
    await advanceTime(1000);
    await shows(202);
    await tell();
    await advanceTime(2000);
    expect(asked).toHaveLength(2);
    await advanceTime(4000);
    await shows(203);
    expect(asked).toHaveLength(3);
});
