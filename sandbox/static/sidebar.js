// The left side: the workspace, channels with what is unread, direct messages and the app.
import { avatar, fill, h, icon } from "./dom.js";
import { go, store } from "./store.js";

let drawn = "";

export function drawSidebar(root) {
  const { data } = store;
  const mark = JSON.stringify([data.workspace, data.viewer, data.channels, store.channel]);
  if (mark === drawn) return;
  drawn = mark;
  const rooms = data.channels.filter((one) => one.kind === "channel");
  const direct = data.channels.filter((one) => one.kind === "dm");
  const apps = data.channels.filter((one) => one.kind === "app");
  fill(root,
    h("h1", {}, data.workspace),
    h("p", { class: "whoami" }, h("span", { class: "presence", "aria-hidden": "true" }), data.viewer.name),
    group("Channels", rooms.map(entry)),
    direct.length > 0 && group("Direct messages", direct.map(entry)),
    apps.length > 0 && group("Apps", apps.map(entry)));
}

const group = (label, entries) => h("section", { "aria-label": label }, h("h2", {}, label), h("ul", {}, entries.map((one) => h("li", {}, one))));

function entry(channel) {
  const here = channel.id === store.channel;
  const classes = ["room", here && "here", channel.unread > 0 && "unread"].filter(Boolean).join(" ");
  const count = channel.unread > 0 && h("span", { class: channel.mentions ? "count mentions" : "count" }, channel.unread > 99 ? "99+" : channel.unread);
  const label = `${channel.name}${channel.unread ? `, ${channel.unread} unread` : ""}`;
  const tab = channel.kind === "app" && !channel.latest ? "home" : "messages";
  return h("button", { type: "button", class: classes, "aria-current": here ? "page" : null, "aria-label": label, dataset: { control: channel.id }, onclick: () => go(channel.id, tab) },
    mark(channel), h("span", { class: "roomname" }, channel.name), channel.shared && h("span", { class: "sharedmark", title: "Shared with another company" }, icon("shared")), count);
}

function mark(channel) {
  if (channel.kind === "channel") return h("span", { class: "hash", "aria-hidden": "true" }, channel.private ? icon("lock") : "#");
  return avatar(store.ctx.people.get(channel.with) ?? { initials: "?", colour: "#616061" }, "small");
}
