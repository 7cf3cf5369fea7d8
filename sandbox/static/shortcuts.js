// Shortcuts: in a message's menu, and beside the composer.
import { h, icon } from "./dom.js";
import { menu } from "./popup.js";
import { openSteps } from "./steps.js";
import { post, refresh, store } from "./store.js";

const offered = (kind) => (store.data?.shortcuts ?? []).filter((one) => one.kind === kind).map((one) => ({ label: one.name, value: one.callback_id }));

async function run(callback_id, place) {
  await post("shortcut", { callback_id, ...place });
  await refresh();
}

export function messageMenu(message) {
  const node = h("button", { type: "button", "aria-label": "More actions", title: "More actions", "aria-haspopup": "menu", "aria-expanded": "false" }, icon("more"));
  const place = { channel: message.channel, ts: message.ts };
  node.addEventListener("click", () => menu(node, offered("message"), (value) => run(value, place), { label: "More actions" }));
  return node;
}

const STEPS = "a workflow's step";

export function anywhereMenu() {
  const node = h("button", { type: "button", "aria-label": "Shortcuts", title: "Shortcuts", "aria-haspopup": "menu", "aria-expanded": "false" }, icon("bolt"));
  node.addEventListener("click", () => {
    const steps = store.data?.steps?.length ? [{ label: "Run a workflow’s step…", value: STEPS }] : [];
    menu(node, [...offered("global"), ...steps], (value) => (value === STEPS ? openSteps() : run(value, {})), { label: "Shortcuts" });
  });
  return node;
}
