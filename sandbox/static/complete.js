// Completion in the composer: /commands at the start, @people, #channels and :emoji: anywhere.
import { avatar, h } from "./dom.js";
import { emoji, names } from "./emoji.js";
import { store } from "./store.js";

const MOST = 8;

// What could stand where the caret is: {from, entries: [{insert, node}]} or null.
export function candidates(text, caret) {
  const before = text.slice(0, caret);
  if (/^\/\S*$/.test(before)) return found(0, commands(before));
  const hit = /(^|\s)([@#:])([^\s@#:]*)$/.exec(before);
  if (!hit) return null;
  const from = caret - hit[3].length - 1;
  const words = hit[3].toLocaleLowerCase();
  const kinds = { "@": people, "#": channels, ":": emojis };
  return found(from, kinds[hit[2]](words));
}

const found = (from, entries) => (entries.length ? { from, entries: entries.slice(0, MOST) } : null);

function commands(start) {
  return (store.data?.commands ?? [])
    .filter((one) => one.name.startsWith(start.toLocaleLowerCase()))
    .map((one) => ({ insert: `${one.name} `, node: [h("strong", {}, one.name), h("code", {}, one.hint), h("small", {}, one.description)] }));
}

function people(words) {
  return [...store.ctx.people.values()]
    .filter((one) => one.id !== "USLACKBOT" && starts(`${one.name} ${one.handle ?? ""}`, words))
    .map((one) => ({ insert: `@${one.handle} `, node: [avatar(one, "tiny"), h("strong", {}, one.name), h("small", {}, `@${one.handle} · ${one.role}`)] }));
}

function channels(words) {
  return [...store.ctx.channels.values()]
    .filter((one) => one.kind === "channel" && one.name.includes(words))
    .map((one) => ({ insert: `#${one.name} `, node: [h("strong", {}, `#${one.name}`), h("small", {}, one.topic ?? "")] }));
}

function emojis(words) {
  if (words.length < 2) return [];
  return names()
    .filter((name) => name.includes(words))
    .map((name) => ({ insert: `:${name}: `, node: [emoji(name), h("strong", {}, `:${name}:`)] }));
}

function starts(name, words) {
  return name.toLocaleLowerCase().split(/\s+/).some((part) => part.startsWith(words)) || name.toLocaleLowerCase().startsWith(words);
}

// The line under the composer: how the command that is being typed goes on.
export function usage(text) {
  const command = store.data?.commands.find((one) => text === one.name || text.startsWith(`${one.name} `));
  return command ? [h("strong", {}, command.name), " ", h("code", {}, command.hint), " — ", command.description] : null;
}
