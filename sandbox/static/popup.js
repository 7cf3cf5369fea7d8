// Floating menus, pick lists and "are you sure" dialogs, all usable from the keyboard.
import { h } from "./dom.js";
import { textObject } from "./mrkdwn.js";
import { unlessPressed } from "./pointer.js";

let open = null;

export function closePopup() {
  if (!open) return false;
  const { node, anchor, onclose } = open;
  open = null;
  node.remove();
  anchor?.setAttribute("aria-expanded", "false");
  onclose?.();
  return true;
}

document.addEventListener("pointerdown", (event) => {
  if (open && !open.node.contains(event.target) && !open.anchor?.contains(event.target)) closePopup();
});

document.addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Escape" || !open) return;
    const anchor = open.anchor;
    closePopup();
    anchor?.focus();
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

export function popup(anchor, content, { label, onclose, wide = false } = {}) {
  closePopup();
  const node = h("div", { class: wide ? "popup wide" : "popup", role: "dialog", "aria-label": label }, content);
  (anchor.closest("dialog") ?? document.body).append(node);
  place(node, anchor.getBoundingClientRect());
  anchor.setAttribute("aria-expanded", "true");
  open = { node, anchor, onclose };
  return node;
}

function place(node, box) {
  const { offsetWidth: width, offsetHeight: height } = node;
  const left = Math.max(8, Math.min(box.left, innerWidth - width - 8));
  const below = box.bottom + 4;
  const fits = below + height <= innerHeight - 8;
  const top = fits ? below : Math.max(8, box.top - height - 4);
  node.style.left = `${left}px`;
  node.style.top = `${top}px`;
}

// A list of {label, value, hint?, danger?}; Up and Down move, Enter takes.
export function menu(anchor, entries, onpick, { label = "Menu" } = {}) {
  const buttons = entries.map((entry) => menuButton(entry, onpick));
  const node = popup(anchor, h("div", { class: "menu", role: "menu" }, buttons), { label });
  node.addEventListener("keydown", (event) => moveFocus(event, buttons));
  buttons[0]?.focus();
}

function menuButton(entry, onpick) {
  const pick = () => {
    closePopup();
    onpick(entry.value);
  };
  const hint = entry.hint && h("small", {}, entry.hint);
  return h("button", { type: "button", role: "menuitem", class: entry.danger ? "danger" : "", onclick: pick }, h("span", {}, entry.label), hint);
}

function moveFocus(event, buttons) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !buttons.length) return;
  event.preventDefault();
  const at = buttons.indexOf(document.activeElement);
  buttons[(at + step + buttons.length) % buttons.length].focus();
}

// A searchable list. `load(words)` gives (a promise of) groups [{label?, options: [{text, value, hint?}]}].
export function picker(anchor, { load, onpick, selected = () => false, keepOpen = false, label, minimum = 0, few = false }) {
  const list = h("div", { class: "options", role: "listbox", "aria-label": label });
  const search = h("input", { type: "text", placeholder: "Search", "aria-label": `Search: ${label}`, autocomplete: "off" });
  let turn = 0;
  const show = (groups) => {
    list.replaceChildren(...optionNodes(groups, selected, take));
    place(node, anchor.getBoundingClientRect());
  };
  const refresh = async () => {
    const mine = ++turn;
    if (search.value.length < minimum) return list.replaceChildren(note(`Type ${minimum} or more letters to search.`));
    const groups = await load(search.value);
    if (mine === turn) unlessPressed(() => show(groups));
    return undefined;
  };
  const take = (option) => {
    onpick(option);
    if (keepOpen) refresh();
    else {
      closePopup();
      anchor.focus();
    }
  };
  search.addEventListener("input", refresh);
  const node = popup(anchor, [!few && search, list], { label, wide: !few });
  node.addEventListener("keydown", (event) => pickerKeys(event, search, list));
  list.append(note("…"));
  const ready = refresh();
  if (few) ready.then(() => list.querySelector("button")?.focus());
  else search.focus();
}

const note = (words) => h("p", { class: "note" }, words);

function optionNodes(groups, selected, take) {
  const nodes = groups.flatMap((group) => [
    group.label ? h("div", { class: "group" }, group.label) : [],
    ...group.options.map((option) => optionButton(option, selected(option), take)),
  ]);
  return nodes.flat().length ? nodes.flat() : [note("Nothing found.")];
}

function optionButton(option, chosen, take) {
  const hint = option.hint && h("small", {}, option.hint);
  return h("button", { type: "button", role: "option", "aria-selected": String(chosen), onclick: () => take(option) }, h("span", {}, option.text), hint);
}

function pickerKeys(event, search, list) {
  const buttons = [...list.querySelectorAll("button")];
  if (event.key === "Enter" && document.activeElement === search) {
    event.preventDefault();
    buttons[0]?.click();
  } else if (event.key === "ArrowUp" && document.activeElement === buttons[0]) {
    event.preventDefault();
    search.focus();
  } else moveFocus(event, buttons);
}

// Slack's confirm object: resolves true when the person agrees.
export function confirmed(confirm, ctx) {
  if (!confirm) return Promise.resolve(true);
  return new Promise((resolve) => {
    const dialog = h("dialog", { class: "confirm", "aria-label": confirm.title?.text ?? "Are you sure?" });
    const answer = (yes) => () => {
      dialog.close();
      dialog.remove();
      resolve(yes);
    };
    dialog.addEventListener("cancel", answer(false));
    const style = confirm.style === "danger" ? "btn danger filled" : "btn primary";
    dialog.append(
      h("h2", {}, textObject(confirm.title, ctx)),
      h("div", { class: "mrkdwn" }, textObject(confirm.text, ctx)),
      h("footer", {}, 
        h("button", { type: "button", class: "btn", onclick: answer(false) }, confirm.deny?.text ?? "Cancel"),
        h("button", { type: "button", class: style, onclick: answer(true) }, confirm.confirm?.text ?? "Yes")),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}
