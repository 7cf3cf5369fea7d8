// Beside the rail: channels and the app with what is unread, direct messages alone, or what concerns one.
import { avatar, fill, h, icon } from "./dom.js";
import { unescape } from "./mrkdwn.js";
import { go, openThread, store } from "./store.js";

let drawn = "";

export function drawSidebar(root) {
  const { data } = store;
  const mark = JSON.stringify([data.workspace, data.viewer, data.channels, data.activity, store.channel, store.rail]);
  if (mark === drawn) return;
  drawn = mark;
  const rooms = data.channels.filter((one) => one.kind === "channel");
  const apps = data.channels.filter((one) => one.kind === "app");
  const parts = {
    home: () => [h("h1", {}, data.workspace), group("Channels", rooms.map(entry)), apps.length > 0 && group("Apps", apps.map(entry))],
    dms: () => [h("h1", {}, "Direct messages"), h("ul", {}, apps.map((one) => h("li", {}, entry(one))))],
    activity: () => [h("h1", {}, "Activity"), data.activity.length ? h("ul", {}, data.activity.map((one) => h("li", {}, concern(one)))) : h("p", { class: "none" }, "Nobody has mentioned you or answered in your threads yet.")],
  };
  fill(root, parts[store.rail]());
}

// A mention, or an answer in one's thread: who, where, the first words.
function concern(one) {
  const author = store.ctx.people.get(one.user);
  const words = unescape(one.text.replace(/<@(\w+)[^>]*>/g, (_, id) => `@${store.ctx.people.get(id)?.name ?? id}`));
  const where = `#${store.ctx.channels.get(one.channel)?.name}`;
  const show = async () => {
    await go(one.channel);
    if (one.thread_ts) openThread(one.thread_ts);
  };
  return h("button", { type: "button", class: "concern", onclick: show }, avatar(author, "small"),
    h("span", {}, h("strong", {}, author.name), h("small", {}, one.mention ? `mentioned you in ${where}` : `replied in ${where}`), h("span", { class: "words" }, words)));
}

const group = (label, entries) => h("section", { "aria-label": label }, h("h2", {}, label), h("ul", {}, entries.map((one) => h("li", {}, one))));

function entry(channel) {
  const here = channel.id === store.channel;
  const classes = ["room", here && "here", channel.unread > 0 && "unread"].filter(Boolean).join(" ");
  const count = channel.mentions > 0 && h("span", { class: "count" }, channel.mentions > 99 ? "99+" : channel.mentions);
  const label = `${channel.name}${channel.unread ? `, ${channel.unread} unread` : ""}`;
  const tab = channel.kind === "app" && !channel.latest ? "home" : "messages";
  return h("button", { type: "button", class: classes, "aria-current": here ? "page" : null, "aria-label": label, dataset: { control: channel.id }, onclick: () => go(channel.id, tab) },
    mark(channel), h("span", { class: "roomname" }, channel.name), channel.shared && h("span", { class: "sharedmark", title: "Shared with another company" }, icon("shared")), count);
}

function mark(channel) {
  if (channel.kind === "channel") return h("span", { class: "hash", "aria-hidden": "true" }, channel.private ? icon("lock") : "#");
  return avatar(store.ctx.people.get(channel.with) ?? { initials: "?", colour: "#616061" }, "small");
}
