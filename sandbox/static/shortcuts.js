// Shortcuts: in a message's menu, and beside the composer.
import { h, icon } from "./dom.js";
import { menu } from "./popup.js";
import { post, refresh, store } from "./store.js";

const offered = (kind) => (store.data?.shortcuts ?? []).filter((one) => one.kind === kind).map((one) => ({ label: one.name, value: one.callback_id }));

function opener(kind, iconName, label, place) {
  const node = h("button", { type: "button", "aria-label": label, title: label, "aria-haspopup": "menu", "aria-expanded": "false" }, icon(iconName));
  const run = async (callback_id) => {
    await post("shortcut", { callback_id, ...place });
    await refresh();
  };
  node.addEventListener("click", () => menu(node, offered(kind), run, { label }));
  return node;
}

export const messageMenu = (message) => opener("message", "more", "More actions", { channel: message.channel, ts: message.ts });

export const anywhereMenu = () => opener("global", "bolt", "Shortcuts", {});
