// Modals: the top view of the person's stack, its fields, submit, errors, close, and what the bot pushes.
import { avatar, fill, h, icon } from "./dom.js";
import { renderBlocks } from "./blocks.js";
import { plainText } from "./mrkdwn.js";
import { post, refresh, store } from "./store.js";

let shown = null; // {id, mark, dialog, values}

export function drawModal() {
  const view = store.data.views.at(-1);
  if (!view) return dropDialog();
  if (shown?.id === view.id && shown.mark === markOf(view)) return undefined;
  const kept = { ...view.values, ...(shown?.id === view.id ? shown.values : {}) };
  dropDialog();
  return openDialog(view, kept);
}

const markOf = (view) => JSON.stringify([view.hash, view.title, view.blocks, view.submit, store.data.views.length]);

function dropDialog() {
  shown?.dialog.remove();
  shown = null;
}

function openDialog(view, kept) {
  const values = {};
  const dialog = h("dialog", { class: "modal", dataset: { view: view.id }, "aria-label": view.title?.text ?? "Dialog" });
  shown = { id: view.id, mark: markOf(view), dialog, values };
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    close(view);
  });
  fill(dialog, head(view), banner(), h("div", { class: "viewbody" }, renderBlocks(withKept(view.blocks ?? [], kept), viewHost(view, values))), foot(view));
  document.body.append(dialog);
  dialog.showModal();
  (dialog.querySelector(".viewbody .field, .viewbody .select") ?? dialog.querySelector("footer button:last-child"))?.focus();
}

// An updated view keeps what was filled in where block_id and action_id stay the same, as Slack does.
function withKept(blocks, kept) {
  return blocks.map((block) => {
    const refill = (element) => element && refilled(element, kept[block.block_id]?.[element.action_id]);
    return { ...block, element: refill(block.element), accessory: refill(block.accessory), elements: block.elements?.map(refill) };
  });
}

function refilled(element, state) {
  const filled = Object.entries(state ?? {}).filter(([key, value]) => key !== "type" && value !== null && value?.length !== 0);
  const initial = filled.map(([key, value]) => [`initial_${key.replace("selected_", "")}`, value]);
  return { ...element, ...Object.fromEntries(initial) };
}

function head(view) {
  const app = store.ctx.people.get(store.data.bot.id);
  return h("header", {}, app && avatar(app, "small"), h("h2", {}, plainText(view.title)),
    h("button", { type: "button", class: "iconbutton", "aria-label": "Close", onclick: () => close(view) }, icon("close")));
}

const banner = () => h("p", { class: "banner", role: "alert", hidden: true });

function foot(view) {
  const closing = h("button", { type: "button", class: "btn", onclick: () => close(view) }, view.close ? plainText(view.close) : store.data.views.length > 1 ? "Back" : "Close");
  const submit = view.submit && h("button", { type: "button", class: "btn primary", onclick: (event) => submitView(view, event.currentTarget) }, plainText(view.submit));
  return h("footer", {}, closing, submit);
}

export function viewHost(view, values) {
  const act = async (block, element, more, node) => {
    node.setAttribute("aria-busy", "true");
    const action = { type: element.type, action_id: element.action_id, block_id: block.block_id, text: element.text, ...more };
    const answer = await post("action", { view_id: view.id, action, state: values });
    node.removeAttribute("aria-busy");
    if (!answer.ok) complain(answer.error);
    await refresh();
  };
  return {
    ctx: store.ctx, act,
    remember: (block, element, state) => ((values[block.block_id] ??= {})[element.action_id] = { type: element.type, ...state }),
    chose: (block, element, state, node) => act(block, element, state, node),
    suggest: (block, element, value) => post("suggest", { view_id: view.id, block_id: block.block_id, action_id: element.action_id, value }),
  };
}

function complain(words) {
  const node = document.querySelector("dialog.modal .banner");
  if (!node) return;
  node.textContent = words;
  node.hidden = false;
}

async function submitView(view, button) {
  const missing = emptyFields(view, shown.values);
  showErrors(missing);
  if (Object.keys(missing).length) return;
  button.disabled = true;
  const answer = await post("view/submit", { view_id: view.id, state: shown.values });
  button.disabled = false;
  if (answer.errors) showErrors(answer.errors);
  else if (!answer.ok) complain(answer.error);
  await refresh();
}

function emptyFields(view, values) {
  const missing = {};
  for (const block of view.blocks ?? []) {
    if (block.type !== "input" || block.optional) continue;
    const state = values[block.block_id]?.[block.element.action_id] ?? {};
    const filled = Object.entries(state).some(([key, value]) => key !== "type" && value !== null && value?.length !== 0);
    if (!filled) missing[block.block_id] = "Please complete this required field.";
  }
  return missing;
}

function showErrors(errors) {
  for (const block of shown.dialog.querySelectorAll(".block.input")) {
    const words = errors[block.dataset.block];
    const node = block.querySelector(".error");
    node.hidden = !words;
    node.textContent = words ?? "";
    block.classList.toggle("invalid", Boolean(words));
  }
  const first = shown.dialog.querySelector(".invalid .field, .invalid .select");
  first?.focus();
  first?.scrollIntoView({ block: "center" });
}

async function close(view) {
  await post("view/close", { view_id: view.id });
  await refresh();
}
