import { onWillDestroy, reactive, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";

const clock = reactive({ now: Date.now() });
let users = 0;
let timer;

/** The time, for what must be drawn again as it passes: one timer for all cards of a view. */
export function useClock() {
    if (!users++) {
        clock.now = Date.now();
        timer = browser.setInterval(() => (clock.now = Date.now()), 20000);
    }
    onWillDestroy(() => {
        if (!--users) {
            browser.clearInterval(timer);
        }
    });
    return useState(clock);
}
