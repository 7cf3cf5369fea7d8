// What the app suggests to ask, above the box one writes in: pressing one says it.
import { $, fill, h } from "./dom.js";
import { post, refresh, store } from "./store.js";

let mark = "";

export function drawPrompts() {
  const app = store.ctx.channels.get(store.channel)?.kind === "app" && store.tab !== "home";
  const prompts = app ? (store.data.prompts ?? []) : [];
  const now = JSON.stringify([store.channel, prompts]);
  if (now === mark) return;
  mark = now;
  $("prompts").hidden = !prompts.length;
  fill($("prompts"), prompts.map((one) => h("button", { type: "button", class: "chip", title: one.message, onclick: () => ask(one) }, one.title)));
}

async function ask(one) {
  await post("send", { channel: store.channel, text: one.message });
  await refresh();
}
