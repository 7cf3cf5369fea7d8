// One message: who, when, what, its reactions, its toolbar.
import { avatar, h, icon } from "./dom.js";
import { bodyText, renderBlocks } from "./blocks.js";
import { clockTime, dayKey, divider, fullStamp, ago } from "./dates.js";
import { MORE, NUMBERS, QUICK, emoji, title } from "./emoji.js";
import { popup, closePopup } from "./popup.js";
import { messageMenu } from "./shortcuts.js";
import { openThread, post, refresh, store } from "./store.js";

const CLOSE_IN_TIME = 300;

// A host for the blocks of a message: clicks go to the bot with the message as container.
function messageHost(message, showError) {
  const values = {};
  const send = async (block, element, more, node) => {
    node.setAttribute("aria-busy", "true");
    const action = { type: element.type, action_id: element.action_id, block_id: block.block_id, text: element.text, ...more };
    const answer = await post("action", { channel: message.channel, ts: message.ts, action, state: values });
    node.removeAttribute("aria-busy");
    if (!answer.ok) showError(answer.error);
    await refresh();
  };
  return {
    ctx: store.ctx,
    remember: (block, element, state) => ((values[block.block_id] ??= {})[element.action_id] = { type: element.type, ...state }),
    chose: (block, element, state, node) => send(block, element, state, node),
    act: send,
    suggest: (block, element, value) => post("suggest", { channel: message.channel, ts: message.ts, block_id: block.block_id, action_id: element.action_id, value }),
  };
}

export function messageNode(message, { previous = null, inThread = false, replies = [] } = {}) {
  const author = store.ctx.people.get(message.user) ?? { name: message.user, initials: "?", colour: "#616061" };
  const compact = joins(message, previous);
  const warning = h("p", { class: "warning", role: "alert", hidden: true });
  const showError = (words) => {
    warning.textContent = words;
    warning.hidden = false;
  };
  const classes = ["msg", compact && "compact", message.ephemeral && "ephemeral", message.pending && "pending"].filter(Boolean).join(" ");
  return h("article", { class: classes, dataset: { ts: message.ts }, "aria-label": `${author.name}, ${clockTime(message.epoch, store.ctx.zone)}` },
    compact ? timeLink(message, "gutter") : avatar(author),
    h("div", { class: "content" },
      message.ephemeral && h("p", { class: "private" }, icon("eye"), "Only visible to you"),
      !compact && headline(message, author),
      body(message, showError), warning,
      (message.files ?? []).map(fileOf),
      reactionRow(message), threadLink(message, replies, inThread),
      message.ephemeral && dismissLink(message)),
    !message.pending && toolbar(message, inThread));
}

// A picture shows itself, under its title; any other file its name.
function fileOf(file) {
  if (!file.url) return h("p", { class: "file" }, file.name);
  return h("figure", { class: "shared-picture" },
    h("figcaption", {}, file.name),
    h("a", { href: file.url, target: "_blank", rel: "noopener" }, h("img", { src: file.url, alt: file.alt })));
}

function joins(message, previous) {
  if (!previous || previous.user !== message.user || message.ephemeral || previous.ephemeral) return false;
  return message.epoch - previous.epoch < CLOSE_IN_TIME && !previous.reply_count && message.user !== "";
}

function headline(message, author) {
  return h("div", { class: "headline" },
    h("span", { class: "name" }, author.name),
    author.bot && h("span", { class: "badge" }, "APP"),
    author.kind === "guest" && h("span", { class: "badge soft" }, "Guest"),
    author.kind === "outsider" && h("span", { class: "badge soft" }, author.company ?? "Other company"),
    message.pending ? h("span", { class: "sending" }, "is sending…") : timeLink(message, "time"));
}

const timeLink = (message, name) =>
  h("time", { class: name, title: fullStamp(message.epoch, store.ctx.zone) }, name === "gutter" ? clockTime(message.epoch, store.ctx.zone).replace(/ [AP]M/, "") : clockTime(message.epoch, store.ctx.zone));

function body(message, showError) {
  if (!message.blocks?.length) {
    const text = bodyText(message.text, store.ctx);
    if (message.edited) text.append(" ", h("span", { class: "edited", title: "The app changed this message" }, "(edited)"));
    return text;
  }
  return h("div", { class: "blocks" }, renderBlocks(message.blocks, messageHost(message, showError)));
}

function reactionRow(message) {
  if (!message.reactions?.length) return null;
  return h("div", { class: "reactions" }, message.reactions.map((one) => pill(message, one)), !message.ephemeral && addButton(message, "pill add"));
}

function pill(message, reaction) {
  const mine = reaction.users.includes(store.viewer);
  const who = reaction.users.map((id) => (id === store.viewer ? "you" : store.ctx.people.get(id)?.name ?? id)).join(", ");
  const words = `${who} reacted with :${reaction.name}:`;
  return h("button", { type: "button", class: mine ? "pill mine" : "pill", "aria-pressed": String(mine), "aria-label": words, title: words, onclick: () => react(message, reaction.name, !mine) },
    emoji(reaction.name), h("span", {}, reaction.users.length));
}

export async function react(message, name, on) {
  closePopup();
  await post("react", { channel: message.channel, ts: message.ts, name, on });
  await refresh();
}

function reactButton(message, name, label) {
  const mine = message.reactions?.some((one) => one.name === name && one.users.includes(store.viewer));
  const words = label ? `React: ${label}` : `React with ${title(name)}`;
  return h("button", { type: "button", "aria-label": words, title: words, onclick: () => react(message, name, !mine) }, emoji(name));
}

function addButton(message, className) {
  const node = h("button", { type: "button", class: className, "aria-label": "Add another reaction", title: "Add another reaction", "aria-expanded": "false" }, icon("smile"));
  node.addEventListener("click", () => {
    const all = [...NUMBERS, ...QUICK.map(([name]) => name), ...MORE];
    const grid = popup(node, h("div", { class: "emojigrid" }, all.map((name) => reactButton(message, name))), { label: "Pick a reaction" });
    grid.querySelector("button").focus();
  });
  return node;
}

function toolbar(message, inThread) {
  if (message.ephemeral) return null;
  const reply = !inThread && h("button", { type: "button", "aria-label": "Reply in thread", title: "Reply in thread", onclick: () => openThread(message.thread_ts ?? message.ts) }, icon("thread"));
  return h("div", { class: "toolbar", role: "toolbar", "aria-label": "Message actions" }, QUICK.map(([name, label]) => reactButton(message, name, label)), addButton(message, ""), reply, messageMenu(message));
}

function threadLink(message, replies, inThread) {
  if (inThread || !replies.length) return null;
  const people = [...new Set(replies.map((one) => one.user))].slice(0, 4).map((id) => store.ctx.people.get(id)).filter(Boolean);
  const last = replies.at(-1);
  return h("button", { type: "button", class: "threadlink", onclick: () => openThread(message.ts) },
    people.map((one) => avatar(one, "tiny")),
    h("strong", {}, `${replies.length} ${replies.length === 1 ? "reply" : "replies"}`),
    h("span", {}, `Last reply ${ago(last.epoch, store.ctx.now)}`));
}

function dismissLink(message) {
  const dismiss = async () => {
    await post("dismiss", { id: message.id });
    await refresh();
  };
  return h("button", { type: "button", class: "textlink", onclick: dismiss }, "Dismiss message");
}

export function dayDivider(epoch) {
  const words = divider(epoch, store.ctx.now, store.ctx.zone);
  return h("div", { class: "day", role: "separator", "aria-label": words }, h("span", {}, words));
}

export const sameDay = (one, other) => dayKey(one.epoch, store.ctx.zone) === dayKey(other.epoch, store.ctx.zone);
