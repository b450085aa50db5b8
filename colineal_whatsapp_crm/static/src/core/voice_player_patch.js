import { VoicePlayer } from "@mail/discuss/voice_message/common/voice_player";

import { useState } from "@odoo/owl";

import { patch } from "@web/core/utils/patch";

/** Bytes of a recording that is unpacked as soon as it is seen, to draw its wave: a minute or two, as Discuss's are. */
const SHORT = 256 * 1024;

/**
 * Customers' recordings may be long, of a kind that the browser does not know, or cut off; Discuss knows only its own.
 *
 * @type {VoicePlayer}
 */
const voicePlayerPatch = {
    setup() {
        super.setup(...arguments);
        this.whatsappState = useState({ isBroken: false, isLoading: false });
    },
    get isOnWhatsapp() {
        return this.props.attachment.isOnWhatsapp;
    },
    makeAudio() {
        if (!this.isOnWhatsapp) {
            return super.makeAudio();
        }
        if (!(this.props.attachment.file_size > SHORT)) {
            this.loadWhatsapp();
        }
    },
    /** Fetch and unpack it, once; resolves when it can be played, or cannot. */
    loadWhatsapp() {
        if (!this.whatsappLoaded) {
            this.whatsappState.isLoading = true;
            this.whatsappLoaded = new Promise((resolve) => {
                this.onWhatsappLoaded = resolve;
            });
            super.makeAudio();
        }
        return this.whatsappLoaded;
    },
    async fetchFile() {
        if (!this.isOnWhatsapp) {
            return super.fetchFile(...arguments);
        }
        try {
            return await super.fetchFile(...arguments);
        } catch {
            this.whatsappState.isBroken = true;
        }
    },
    async drawBuffer(arrayBuffer) {
        if (!this.isOnWhatsapp) {
            return super.drawBuffer(...arguments);
        }
        try {
            if (arrayBuffer) {
                await super.drawBuffer(...arguments);
            }
        } catch {
            this.whatsappState.isBroken = true;
        } finally {
            this.whatsappState.isLoading = false;
            this.onWhatsappLoaded();
        }
    },
    async onClickPlayPause() {
        if (this.isOnWhatsapp && !this.buffer) {
            await this.loadWhatsapp();
            if (!this.buffer) {
                return;
            }
        }
        super.onClickPlayPause();
    },
    seekTo() {
        if (this.buffer || !this.isOnWhatsapp) {
            super.seekTo(...arguments);
        }
    },
};
patch(VoicePlayer.prototype, voicePlayerPatch);
