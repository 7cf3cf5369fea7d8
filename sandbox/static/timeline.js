// The list of messages of a channel or a thread. Unchanged rows are kept as they stand, so
// that an open menu or a half-chosen date survives the arrival of other messages.
import { h } from "./dom.js";
import { dayKey } from "./dates.js";
import { dayDivider, messageNode, sameDay } from "./messages.js";
import { store } from "./store.js";

const isReply = (message) => message.thread_ts && message.thread_ts !== message.ts;

export function channelRows(messages) {
  const top = messages.filter((one) => !isReply(one) || one.broadcast);
  const replies = Map.groupBy ? Map.groupBy(messages.filter(isReply), (one) => one.thread_ts) : groupBy(messages.filter(isReply));
  const rows = [];
  const firstNew = store.newSince !== null && top.find((one) => one.ts > store.newSince && !one.ephemeral && !one.pending && one.user !== store.viewer);
  top.forEach((message, index) => {
    const previous = index && sameDay(top[index - 1], message) ? top[index - 1] : null;
    if (!previous) rows.push(dayRow(message));
    if (message === firstNew) rows.push({ key: `new-${message.ts}`, build: newLine });
    const own = replies.get(message.ts) ?? [];
    rows.push(row(message, { previous: own.length || message === firstNew ? null : previous, replies: own }));
  });
  return rows;
}

const newLine = () => h("div", { class: "newline", role: "separator", "aria-label": "New messages" }, h("span", {}, "New"));

function groupBy(messages) {
  const groups = new Map();
  for (const one of messages) groups.set(one.thread_ts, [...(groups.get(one.thread_ts) ?? []), one]);
  return groups;
}

export function threadRows(messages, ts) {
  const parent = messages.find((one) => one.ts === ts);
  const replies = messages.filter((one) => isReply(one) && one.thread_ts === ts);
  if (!parent) return [];
  const label = replies.length === 1 ? "1 reply" : `${replies.length} replies`;
  const rule = { key: `rule-${label}`, build: () => h("div", { class: "repliesrule" }, h("span", {}, label)) };
  const rest = replies.map((message, index) => row(message, { previous: replies[index - 1] ?? null, inThread: true }));
  return [row(parent, { inThread: true }), ...(replies.length ? [rule] : []), ...rest];
}

function dayRow(message) {
  const zone = store.ctx.zone;
  return { key: `day-${dayKey(message.epoch, zone)}-${dayKey(store.ctx.now, zone)}`, build: () => dayDivider(message.epoch) };
}

function row(message, options) {
  const about = [message, options.previous?.ts, options.previous?.user, options.replies?.map((one) => one.ts), store.viewer, store.ctx.zone];
  const today = dayKey(store.ctx.now, store.ctx.zone);
  return { key: JSON.stringify([about, today]), build: () => messageNode(message, options) };
}

const shown = new WeakMap();

export function paint(container, rows) {
  const atEnd = container.scrollHeight - container.scrollTop - container.clientHeight < 80;
  const old = shown.get(container) ?? new Map();
  const fresh = new Map();
  const nodes = rows.map(({ key, build }) => {
    const node = old.get(key) ?? build();
    fresh.set(key, node);
    return node;
  });
  arrange(container, nodes);
  shown.set(container, fresh);
  if (container.dataset.end) container.scrollTop = container.scrollHeight; // one sees what one has sent
  else if (atEnd || container.dataset.jump) settle(container);
  delete container.dataset.jump;
  delete container.dataset.end;
}

// To the end, but not past the line of what is new while one has just come or time is running.
function settle(container) {
  const line = container.querySelector(".newline");
  const stop = line && (container.dataset.jump || document.body.classList.contains("moving"));
  if (!stop) container.scrollTop = container.scrollHeight;
  else container.scrollTop += line.getBoundingClientRect().top - container.getBoundingClientRect().top - 50;
}

// Moves only what must move: a node taken out and put back would lose focus and scroll.
function arrange(container, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...container.children]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, index) => {
    if (container.children[index] !== node) container.insertBefore(node, container.children[index] ?? null);
  });
}
