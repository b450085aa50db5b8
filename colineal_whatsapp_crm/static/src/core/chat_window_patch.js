import { ChatWindow } from "@mail/core/common/chat_window";

import { ThreadBar } from "./thread_bar";

ChatWindow.components = { ...ChatWindow.components, ThreadBar };
