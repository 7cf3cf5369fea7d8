// Select menus: static, external, people and conversations; one choice or several.
import { h } from "./dom.js";
import { plainText, unescape } from "./mrkdwn.js";
import { picker } from "./popup.js";

const KEY = { static: "option", external: "option", users: "user", conversations: "conversation", channels: "channel" };

const plain = (object) => unescape(String(object?.text ?? object ?? ""));

export function isSelect(type) {
  return /^(multi_)?(static|external|users|conversations|channels)_select$/.test(type);
}

export function select(element, block, host) {
  const kind = element.type.replace("multi_", "").replace("_select", "");
  const many = element.type.startsWith("multi_");
  const field = { element, block, host, kind, chosen: initial(element, kind, host), many };
  host.remember(block, element, stateOf(field));
  const words = h("span", { class: "words" });
  const button = h("button", { type: "button", class: "select", "aria-haspopup": "listbox", "aria-expanded": "false" }, words);
  const show = () => showChoice(field, words, button);
  button.addEventListener("click", () => openPicker(field, button, show));
  show();
  return button;
}

function initial(element, kind, host) {
  const one = element[`initial_${KEY[kind]}`];
  const several = element[`initial_${KEY[kind]}s`];
  return (several ?? (one ? [one] : [])).map((value) => (KEY[kind] === "option" ? asOption(value) : named(value, kind, host)));
}

const asOption = (option) => ({ text: plain(option.text), hint: option.description && plain(option.description), value: option.value, raw: option });

function named(id, kind, host) {
  if (kind === "users") return { text: host.ctx.people.get(id)?.name ?? id, value: id };
  const name = host.ctx.channels.get(id)?.name;
  return { text: name ? `#${name}` : id, value: id };
}

function showChoice(field, words, button) {
  const text = field.chosen.map((option) => option.text).join(", ");
  const placeholder = field.element.placeholder ? plainText(field.element.placeholder) : ["Choose…"];
  words.replaceChildren(...(text ? [text] : placeholder));
  words.classList.toggle("empty", !text);
  const label = field.block.label?.text ?? field.element.placeholder?.text ?? "Choose";
  button.setAttribute("aria-label", text ? `${label}: ${text}` : label);
}

function openPicker(field, button, show) {
  const minimum = field.kind === "external" ? field.element.min_query_length ?? 3 : 0;
  const pick = (option) => {
    field.chosen = field.many ? toggled(field, option) : [option];
    show();
    const state = stateOf(field);
    field.host.remember(field.block, field.element, state);
    field.host.chose(field.block, field.element, state, button);
  };
  const selected = (option) => field.chosen.some((one) => one.value === option.value);
  const count = (field.element.options ?? field.element.option_groups?.flatMap((one) => one.options) ?? []).length;
  const few = field.kind === "static" && count <= 7;
  picker(button, { few, load: (query) => load(field, query), onpick: pick, selected, keepOpen: field.many, label: button.getAttribute("aria-label"), minimum });
}

function toggled(field, option) {
  const without = field.chosen.filter((one) => one.value !== option.value);
  if (without.length < field.chosen.length) return without;
  const most = field.element.max_selected_items ?? Infinity;
  return without.length >= most ? field.chosen : [...without, option];
}

async function load(field, query) {
  if (field.kind === "external") return external(field, query);
  const groups = field.element.option_groups ?? [{ options: field.element.options ?? [] }];
  const all = {
    static: () => groups.map((group) => ({ label: group.label && plain(group.label), options: group.options.map(asOption) })),
    users: () => [{ options: [...field.host.ctx.people.values()].filter((one) => !one.bot).map((one) => ({ text: one.name, hint: one.role, value: one.id })) }],
    conversations: () => [{ options: rooms(field.host.ctx) }],
    channels: () => [{ options: rooms(field.host.ctx) }],
  }[field.kind]();
  return narrowed(all, query);
}

const rooms = (ctx) => [...ctx.channels.values()].filter((one) => one.kind === "channel").map((one) => ({ text: `#${one.name}`, value: one.id }));

function narrowed(groups, query) {
  const words = query.trim().toLocaleLowerCase();
  const fits = (option) => option.text.toLocaleLowerCase().includes(words);
  return groups.map((group) => ({ ...group, options: group.options.filter(fits) })).filter((group) => group.options.length);
}

async function external(field, query) {
  const answer = await field.host.suggest(field.block, field.element, query);
  const groups = answer.option_groups ?? [{ options: answer.options ?? [] }];
  return groups.map((group) => ({ label: group.label && plain(group.label), options: group.options.map(asOption) }));
}

// The value as Slack writes it in an action and in a view's state.
function stateOf(field) {
  const raw = field.chosen.map((option) => (KEY[field.kind] === "option" ? option.raw : option.value));
  const key = `selected_${KEY[field.kind]}`;
  return field.many ? { [`${key}s`]: raw } : { [key]: raw[0] ?? null };
}
