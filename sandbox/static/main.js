// Puts the page together: draws after every change, and minds the keys that close things.
import { $ } from "./dom.js";
import { composer } from "./composer.js";
import { keepingFocus } from "./focus.js";
import { drawModal } from "./modal.js";
import { drawPrompts } from "./prompts.js";
import { closeThread, drawMain, drawThread } from "./panes.js";
import { unlessPressed } from "./pointer.js";
import { drawRail } from "./rail.js";
import { drawBar, startBar } from "./sandboxbar.js";
import { drawSidebar } from "./sidebar.js";
import { listen, markRead, onchange, refresh, store } from "./store.js";

const roomName = () => {
  const channel = store.ctx.channels.get(store.channel);
  return channel?.kind === "channel" ? `#${channel.name}` : channel?.name ?? "";
};

const main = composer($("composer"), { label: "Message", placeholder: () => `Message ${roomName()}` });
const side = composer($("threadcomposer"), { label: "Reply in thread", placeholder: () => "Reply…", thread: () => store.thread });

function draw() {
  if (!store.data) return;
  markRead();
  drawRail($("rail"));
  drawSidebar($("sidebar"));
  drawBar();
  drawMain();
  drawPrompts();
  drawThread();
  drawModal();
  main.setPlaceholder();
  side.setPlaceholder();
  document.title = `${roomName()} · ${store.data.workspace} · sandbox`;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !document.querySelector("dialog[open]") && store.thread !== null) {
    closeThread();
    $("composer").querySelector("textarea").focus();
  }
});

const redraw = () => keepingFocus(draw);
onchange(() => unlessPressed(redraw));
document.addEventListener("sandbox:painted", () => unlessPressed(redraw));
startBar();
await refresh();
listen();
document.body.classList.add("ready");
