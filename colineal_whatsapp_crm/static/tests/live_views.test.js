import { waitForChannels } from "@bus/../tests/bus_test_helpers";

import { startServer } from "@mail/../tests/mail_test_helpers";

import { describe, expect, test } from "@odoo/hoot";
import { queryAllTexts, waitFor } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, Deferred } from "@odoo/hoot-mock";

import { asyncStep, editSearch, mountView, onRpc, validateSearch, waitForSteps } from "@web/../tests/web_test_helpers";

import { defineWhatsappModels } from "./whatsapp_test_helpers";

describe.current.tags("desktop");
defineWhatsappModels();

const VIEWS = {
    kanban: {
        arch: `<kanban js_class="whatsapp_conversation_kanban">
            <templates><t t-name="card"><field name="name" class="o_shown"/></t></templates>
        </kanban>`,
        shown: ".o_kanban_record:not(.o_kanban_ghost)",
    },
    list: {
        arch: `<list js_class="whatsapp_conversation_list"><field name="name"/></list>`,
        shown: ".o_data_row",
    },
};

for (const [type, { arch, shown }] of Object.entries(VIEWS)) {
    test(`${type}: who writes while something is searched for does not undo the search`, async () => {
        const pyEnv = await startServer();
        pyEnv["whatsapp.conversation"].create([{ name: "María" }, { name: "Teodora" }]);
        let held;
        onRpc("whatsapp.conversation", "web_search_read", () => held);
        await mountView({
            type,
            arch,
            resModel: "whatsapp.conversation",
            searchViewArch: `<search><field name="name"/></search>`,
        });
        await waitForChannels(["whatsapp_conversations"]);
        expect(queryAllTexts(shown)).toEqual(["María", "Teodora"]);

        held = new Deferred();
        await editSearch("Teo");
        await validateSearch();
        const searched = held;
        held = undefined;
        const id = pyEnv["whatsapp.conversation"].create({ name: "Elena" });
        pyEnv["bus.bus"]._sendone("whatsapp_conversations", "whatsapp.conversation/changed", { ids: [id] });
        await animationFrame();
        await advanceTime(5000);
        searched.resolve();
        await animationFrame();
        await advanceTime(5000);
        expect(queryAllTexts(shown)).toEqual(["Teodora"]);

        const later = pyEnv["whatsapp.conversation"].create({ name: "Teolinda" });
        pyEnv["bus.bus"]._sendone("whatsapp_conversations", "whatsapp.conversation/changed", { ids: [later] });
        await animationFrame();
        await advanceTime(5000);
        await waitFor(`${shown}:contains(Teolinda)`);
        expect(queryAllTexts(shown)).toEqual(["Teodora", "Teolinda"]);
    });
}

test("form: of a conversation that was deleted nothing stays on the screen", async () => {
    const pyEnv = await startServer();
    const id = pyEnv["whatsapp.conversation"].create({ name: "María" });
    await mountView({
        type: "form",
        arch: `<form js_class="whatsapp_conversation_form"><field name="name"/></form>`,
        config: { historyBack: () => asyncStep("back") },
        resId: id,
        resModel: "whatsapp.conversation",
    });
    await waitForChannels(["whatsapp_conversations"]);
    pyEnv["whatsapp.conversation"].unlink([id]);
    pyEnv["bus.bus"]._sendone("whatsapp_conversations", "whatsapp.conversation/changed", { ids: [id] });
    await animationFrame();
    await advanceTime(5000);
    await waitForSteps(["back"]);
    await waitFor(".o_notification:contains(deleted)");
});
