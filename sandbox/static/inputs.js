// Fields one types or ticks: text, numbers, dates, times, checkboxes, radio buttons.
import { h } from "./dom.js";
import { textObject, unescape } from "./mrkdwn.js";

const NATIVE = { datepicker: "date", timepicker: "time", number_input: "text", email_text_input: "email", url_text_input: "url" };

const label = (block, element) => unescape(block.label?.text ?? element.placeholder?.text ?? "");

export function textInput(element, block, host) {
  const tag = element.multiline ? "textarea" : "input";
  const node = h(tag, {
    class: "field", placeholder: unescape(element.placeholder?.text ?? ""), "aria-label": label(block, element),
    maxLength: element.max_length ?? undefined, value: element.initial_value ?? "", rows: element.multiline ? 4 : undefined,
    inputMode: element.type === "number_input" ? "decimal" : undefined,
  });
  if (tag === "input") node.type = NATIVE[element.type] ?? "text";
  const state = () => ({ value: node.value === "" ? null : node.value });
  host.remember(block, element, state());
  node.addEventListener("input", () => host.remember(block, element, state()));
  node.addEventListener("keydown", (event) => {
    const wanted = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
    if (event.key !== "Enter" || element.multiline || !wanted.includes("on_enter_pressed")) return;
    if (block.dispatch_action) {
      event.preventDefault();
      host.chose(block, element, state(), node);
    }
  });
  return node;
}

export function dateInput(element, block, host) {
  const key = element.type === "timepicker" ? "time" : "date";
  const node = h("input", { class: "field date", type: NATIVE[element.type], "aria-label": label(block, element), value: element[`initial_${key}`] ?? "" });
  const state = () => ({ [`selected_${key}`]: node.value || null });
  host.remember(block, element, state());
  node.addEventListener("change", () => {
    host.remember(block, element, state());
    host.chose(block, element, state(), node);
  });
  return node;
}

export function dateTimeInput(element, block, host) {
  const zone = host.ctx.zone;
  const node = h("input", { class: "field date", type: "datetime-local", "aria-label": label(block, element) });
  if (element.initial_date_time) node.value = toLocal(element.initial_date_time, zone);
  const state = () => ({ selected_date_time: node.value ? fromLocal(node.value, zone) : null });
  host.remember(block, element, state());
  node.addEventListener("change", () => {
    host.remember(block, element, state());
    host.chose(block, element, state(), node);
  });
  return node;
}

function toLocal(epoch, zone) {
  const parts = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "short", timeZone: zone });
  return parts.format(new Date(epoch * 1000)).replace(" ", "T");
}

function fromLocal(text, zone) {
  const guess = Date.parse(`${text}Z`) / 1000;
  const shift = Date.parse(`${toLocal(guess, zone)}Z`) / 1000 - guess;
  return guess - shift;
}

let counter = 0;

export function ticks(element, block, host) {
  const many = element.type === "checkboxes";
  const name = `tick${++counter}`;
  const first = many ? element.initial_options ?? [] : [element.initial_option].filter(Boolean);
  const boxes = element.options.map((option) => tick(option, name, many, first.some((one) => one.value === option.value), host));
  const state = () => {
    const picked = element.options.filter((_, index) => boxes[index].querySelector("input").checked);
    return many ? { selected_options: picked } : { selected_option: picked[0] ?? null };
  };
  host.remember(block, element, state());
  const node = h("div", { class: "ticks", role: many ? "group" : "radiogroup", "aria-label": label(block, element) }, boxes);
  node.addEventListener("change", () => {
    host.remember(block, element, state());
    host.chose(block, element, state(), node);
  });
  return node;
}

function tick(option, name, many, checked, host) {
  const box = h("input", { type: many ? "checkbox" : "radio", name, checked });
  const more = option.description && h("small", {}, textObject(option.description, host.ctx));
  return h("label", {}, box, h("span", {}, textObject(option.text, host.ctx), more));
}
