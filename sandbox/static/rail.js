// The rail at the far left and the search above, as in today's Slack. There is no search here.
import { $, avatar, fill, h, icon } from "./dom.js";
import { popup } from "./popup.js";
import { store, turnTo } from "./store.js";

const PARTS = [["home", "Home"], ["dms", "DMs"], ["activity", "Activity"]];

let drawn = "";

export function drawRail(root) {
  const { viewer, workspace, channels } = store.data;
  const waiting = channels.some((one) => one.kind === "app" && one.unread > 0);
  const mark = JSON.stringify([viewer, store.rail, waiting]);
  if (mark === drawn) return;
  drawn = mark;
  const part = ([key, label]) => h("button", { type: "button", class: "part", "aria-current": store.rail === key ? "page" : null, onclick: () => turnTo(key) },
    h("span", { class: "tile" }, icon(key), key === "dms" && waiting && h("span", { class: "dot" })), label);
  fill(root, h("span", { class: "mark", "aria-hidden": "true" }, workspace[0]), PARTS.map(part), h("span", { class: "me", title: viewer.name }, avatar(viewer)));
  fill($("search"), icon("search"), `Search ${workspace}`);
}

$("search").addEventListener("click", () => popup($("search"), h("p", { class: "note", role: "status" }, "There is no search in this sandbox."), { label: "Search" }));
