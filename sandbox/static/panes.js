// The main pane and the thread pane: heads, tabs, what they show when there is nothing.
import { $, avatar, fill, h, icon } from "./dom.js";
import { renderBlocks } from "./blocks.js";
import { viewHost } from "./modal.js";
import { channelRows, paint, threadRows } from "./timeline.js";
import { go, openThread, store, turnTo } from "./store.js";

let painted = null;

export function drawMain() {
  const channel = store.ctx.channels.get(store.channel);
  if (!channel) return;
  drawHead(channel);
  const home = channel.kind === "app" && store.tab === "home";
  $("home").hidden = !home;
  $("timeline").hidden = home;
  $("composer").hidden = home || channel.archived;
  if (home) drawHome();
  else drawTimeline(channel);
}

function drawHead(channel) {
  const app = channel.kind !== "channel" && store.ctx.people.get(channel.with);
  const words = channel.kind === "channel" ? [h("span", { class: "hash" }, "#"), channel.name] : [app && avatar(app, "small"), channel.name];
  fill($("roomhead"),
    h("button", { type: "button", class: "iconbutton back", "aria-label": "Back to the list", onclick: () => turnTo(store.rail) }, icon("back")),
    h("h2", {}, words),
    channel.shared && h("span", { class: "badge soft" }, channel.sharedWith ? `Shared with ${channel.sharedWith}` : "Shared channel"),
    channel.topic && h("p", { class: "topic" }, channel.topic),
    channel.members > 0 && h("span", { class: "members", title: "Members" }, icon("people"), channel.members),
    channel.kind === "app" && tabs());
}

function tabs() {
  const tab = (key, label) => h("button", { type: "button", role: "tab", "aria-selected": String(store.tab === key), onclick: () => go(store.channel, key) }, label);
  return h("div", { class: "tabs", role: "tablist" }, tab("home", "Home"), tab("messages", "Messages"));
}

let homeMark = "";

function drawHome() {
  const view = store.data.home;
  const mark = JSON.stringify([view, store.viewer]);
  if (mark === homeMark && $("home").childElementCount) return;
  homeMark = mark;
  if (!view?.blocks?.length) {
    fill($("home"), h("div", { class: "blank" }, h("h3", {}, `${store.data.bot.name} has nothing here yet`), h("p", {}, "Its Home page appears when the app publishes one. Until then, the Messages tab and the slash commands do everything.")));
    return;
  }
  fill($("home"), h("div", { class: "blocks" }, renderBlocks(view.blocks, viewHost(view, {}))));
}

function drawTimeline(channel) {
  const root = $("timeline");
  const mark = `${store.viewer}/${store.channel}`;
  if (mark !== painted) root.dataset.jump = "1";
  painted = mark;
  const rows = channelRows([...store.messages, ...pendingHere(null)]);
  paint(root, rows.length ? rows : [{ key: `empty-${mark}`, build: () => emptyRoom(channel) }]);
}

const pendingHere = (thread) => store.pending.filter((one) => one.channel === store.channel && one.viewer === store.viewer && one.thread_ts === thread);

function emptyRoom(channel) {
  const name = channel.kind === "channel" ? `#${channel.name}` : channel.name;
  return h("div", { class: "blank" }, h("h3", {}, name), h("p", {}, channel.kind === "channel" ? "Nothing has been said here yet. Write something, or move the clock on and see what Linchpin has to say." : `This is the beginning of your messages with ${channel.name}.`));
}

export function drawThread() {
  const open = store.thread !== null;
  $("thread").hidden = !open;
  document.body.classList.toggle("with-thread", open);
  if (!open) return;
  const channel = store.ctx.channels.get(store.channel);
  fill($("threadhead"), h("h2", {}, "Thread"), h("p", { class: "topic" }, channel?.kind === "channel" ? `#${channel.name}` : channel?.name),
    h("button", { type: "button", class: "iconbutton", "aria-label": "Close thread", onclick: closeThread }, icon("close")));
  if ($("replies").dataset.of !== store.thread) $("replies").dataset.jump = "1";
  $("replies").dataset.of = store.thread;
  paint($("replies"), threadRows([...store.messages, ...pendingHere(store.thread)], store.thread));
}

export function closeThread() {
  openThread(null);
}

document.addEventListener("click", (event) => {
  const target = event.target.closest?.("[data-goto]");
  if (target) go(target.dataset.goto);
});

