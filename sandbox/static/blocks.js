// Block Kit to nodes. A `host` stands for the message or view the blocks live in:
// {ctx, remember(block, element, state), chose(block, element, state, node), act(block, element, more, node), suggest(...)}
import { h } from "./dom.js";
import { dateInput, dateTimeInput, textInput, ticks } from "./inputs.js";
import { mrkdwn, plainText, textObject, unescape } from "./mrkdwn.js";
import { confirmed, menu } from "./popup.js";
import { isSelect, select } from "./selects.js";

const BLOCKS = {
  section, header, divider: () => h("hr"), context, actions, image, input,
};

const ELEMENTS = {
  button, overflow, image: picture, datepicker: dateInput, timepicker: dateInput, datetimepicker: dateTimeInput,
  checkboxes: ticks, radio_buttons: ticks, plain_text_input: textInput, number_input: textInput,
  email_text_input: textInput, url_text_input: textInput,
};

export function renderBlocks(blocks, host) {
  return blocks.map((raw, index) => {
    const block = { ...raw, block_id: raw.block_id ?? `block-${index}` };
    const node = (BLOCKS[block.type] ?? unsupported)(block, host);
    return h("div", { class: `block ${block.type}`, dataset: { block: block.block_id } }, node);
  });
}

export function renderElement(element, block, host) {
  const node = isSelect(element.type) ? select(element, block, host) : (ELEMENTS[element.type] ?? unsupported)(element, block, host);
  // By this a control is known again when it is drawn anew: focus.js.
  if (element.action_id) node.dataset.control = [block.type === "input" ? block.block_id : "", element.action_id, element.value ?? ""].join(" ");
  return node;
}

function unsupported(thing) {
  return h("p", { class: "note" }, `This sandbox does not draw "${thing.type}".`);
}

function section(block, host) {
  const text = block.text && h("div", { class: "mrkdwn" }, textObject(block.text, host.ctx));
  const fields = block.fields && h("div", { class: "fields" }, block.fields.map((field) => h("div", { class: "mrkdwn" }, textObject(field, host.ctx))));
  const accessory = block.accessory && h("div", { class: "accessory" }, renderElement(block.accessory, block, host));
  return h("div", { class: "row" }, h("div", { class: "grow" }, text, fields), accessory);
}

function header(block) {
  return h("h3", {}, plainText(block.text));
}

function context(block, host) {
  const part = (one) => (one.type === "image" ? picture(one) : h("span", { class: "mrkdwn" }, textObject(one, host.ctx)));
  return h("div", { class: "contextline" }, block.elements.map(part));
}

function actions(block, host) {
  return h("div", { class: "buttons" }, block.elements.map((element) => renderElement(element, block, host)));
}

function input(block, host) {
  const optional = block.optional && h("small", {}, " (optional)");
  const hint = block.hint && h("p", { class: "hint" }, plainText(block.hint));
  const field = renderElement(block.element, block, { ...host, chose: block.dispatch_action ? host.chose : () => {} });
  return h("div", { class: "inputblock" }, h("div", { class: "label" }, plainText(block.label), optional), field, h("p", { class: "error", role: "alert", hidden: true }), hint);
}

// Nothing is fetched from outside: a picture of another host shows as its words.
function picture(element) {
  const file = element.slack_file?.id ?? element.slack_file?.url.split("/files/")[1]?.split("/")[0];
  const url = file ? `/ui/picture/${file}` : (element.image_url ?? "");
  const own = url.startsWith("/") || url.startsWith("data:image/") || url.startsWith(location.origin);
  const alt = unescape(element.alt_text ?? "picture");
  return own ? h("img", { src: url, alt }) : h("span", { class: "picture", title: alt }, alt);
}

function image(block) {
  return h("figure", {}, block.title && h("figcaption", {}, plainText(block.title)), picture(block));
}

function button(element, block, host) {
  const style = { primary: "btn primary", danger: "btn danger" }[element.style] ?? "btn";
  const label = element.accessibility_label ?? undefined;
  const node = h("button", { type: "button", class: style, "aria-label": label }, plainText(element.text));
  node.addEventListener("click", async () => {
    if (!(await confirmed(element.confirm, host.ctx))) return;
    if (element.url) window.open(element.url, "_blank", "noopener,noreferrer");
    host.act(block, element, element.value === undefined ? {} : { value: element.value }, node);
  });
  return node;
}

function overflow(element, block, host) {
  const node = h("button", { type: "button", class: "btn more", "aria-label": "More actions", "aria-haspopup": "menu", "aria-expanded": "false" }, "⋯");
  const entries = element.options.map((option) => ({ label: plainText(option.text), hint: option.description?.text, value: option }));
  node.addEventListener("click", () =>
    menu(node, entries, async (option) => {
      if (!(await confirmed(element.confirm, host.ctx))) return;
      if (option.url) window.open(option.url, "_blank", "noopener,noreferrer");
      host.act(block, element, { selected_option: option }, node);
    }, { label: "More actions" }));
  return node;
}

export const bodyText = (text, ctx) => h("div", { class: "mrkdwn" }, mrkdwn(text, ctx));
