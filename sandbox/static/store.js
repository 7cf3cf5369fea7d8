// What the page knows: who is looking, at what, and the last answers of the server.
import { memory } from "./dom.js";

export const store = {
  viewer: memory.get("viewer"),
  channel: null,
  tab: "messages",
  rail: "home",
  thread: null,
  newSince: null, // the ts after which messages are new to the person: a line is drawn there
  data: null,
  messages: [],
  pending: [],
  ctx: { people: new Map(), channels: new Map(), zone: "UTC", now: 0, me: "" },
};

const listeners = new Set();

export const onchange = (listener) => listeners.add(listener);
export const changed = () => listeners.forEach((listener) => listener());

async function request(path, options = {}) {
  const answer = await fetch(path, { credentials: "same-origin", ...options });
  const body = await answer.json().catch(() => ({ ok: false, error: `HTTP ${answer.status}` }));
  return answer.ok ? body : { ok: false, error: `HTTP ${answer.status}`, ...body };
}

export function post(path, body = {}) {
  const headers = { "Content-Type": "application/json" };
  const whole = JSON.stringify({ viewer: store.viewer, ...body });
  return request(`/ui/${path}`, { method: "POST", headers, body: whole }).catch(() => ({ ok: false, error: "The sandbox does not answer. Is it still running?" }));
}

const query = (pairs) => new URLSearchParams(pairs).toString();

let turn = 0;

// Fetches what the person now sees; an older answer never overwrites a newer one.
export async function refresh() {
  const mine = ++turn;
  const data = await request(`/ui/state?${query({ viewer: store.viewer ?? "" })}`).catch(() => null);
  if (mine !== turn || !data?.viewer) return;
  adopt(data);
  const { channel } = store;
  const room = channel && (await request(`/ui/conversation?${query({ viewer: store.viewer, channel })}`).catch(() => null));
  if (mine !== turn || channel !== store.channel) return;
  if (room?.messages) store.messages = room.messages;
  changed();
}

function adopt(data) {
  store.data = data;
  store.viewer = data.viewer.id;
  store.ctx.people = new Map(data.people.map((one) => [one.id, one]));
  store.ctx.channels = new Map(data.channels.map((one) => [one.id, one]));
  Object.assign(store.ctx, { zone: data.viewer.tz, now: data.clock.now, me: data.viewer.id });
  if (!store.ctx.channels.has(store.channel)) enter(defaultChannel(data));
}

function defaultChannel(data) {
  const remembered = memory.get(`channel.${data.viewer.id}`);
  const ids = data.channels.map((one) => one.id);
  const first = data.channels.find((one) => one.name === data.first_channel)?.id;
  return [remembered, first, ids[0]].find((id) => ids.includes(id)) ?? null;
}

function enter(channel) {
  store.channel = channel;
  store.thread = null;
  store.messages = [];
  store.tab = "messages";
  const room = store.ctx.channels.get(channel);
  store.newSince = room?.unread ? room.read : null;
}

// From here on everything is new: called when time is about to run.
export function drawLineHere() {
  store.newSince = store.messages.at(-1)?.ts ?? "";
}

// Another part of the rail; on a narrow screen its list takes the whole of it.
export function turnTo(rail) {
  store.rail = rail;
  document.body.classList.add("listing");
  changed();
}

export async function go(channel, tab = "messages") {
  document.body.classList.remove("listing");
  enter(channel);
  store.tab = tab;
  memory.set(`channel.${store.viewer}`, channel);
  changed();
  if (store.ctx.channels.get(channel)?.kind === "app") await post("home", { tab });
  await refresh();
}

export async function become(viewer) {
  store.viewer = viewer;
  memory.set("viewer", viewer);
  enter(null);
  store.pending = [];
  listen();
  await refresh();
}

export function openThread(ts) {
  store.thread = ts;
  changed();
}

export async function markRead() {
  const room = store.ctx.channels.get(store.channel);
  const elsewhere = room?.kind === "app" && store.tab === "home";
  if (!room?.unread || document.hidden || elsewhere) return;
  room.unread = 0;
  room.mentions = 0;
  await post("read", { channel: store.channel });
}

// Live updates: the server says only *that* something changed; we fetch what.
let source = null;
let timer = 0;

export function listen() {
  source?.close();
  source = new EventSource(`/ui/events?${query({ viewer: store.viewer ?? "" })}`);
  source.addEventListener("changed", soon);
  source.addEventListener("clock", (event) => clockListeners.forEach((listener) => listener(JSON.parse(event.data))));
  source.addEventListener("open", () => document.body.classList.remove("offline"));
  source.addEventListener("error", () => document.body.classList.add("offline"));
}

const clockListeners = new Set();
export const onclock = (listener) => clockListeners.add(listener);

function soon() {
  clearTimeout(timer);
  timer = setTimeout(refresh, 60);
}

addEventListener("visibilitychange", () => !document.hidden && refresh());
