// The box one writes in: Enter sends, Shift+Enter breaks the line, Up recalls the last.
import { fill, h, icon } from "./dom.js";
import { candidates, usage } from "./complete.js";
import { anywhereMenu } from "./shortcuts.js";
import { post, refresh, store } from "./store.js";

const sent = [];

export function composer(root, { thread = () => null, label, placeholder }) {
  const area = h("textarea", { rows: 1, "aria-label": label, autocomplete: "off", spellcheck: true, "aria-autocomplete": "list" });
  const list = h("div", { class: "completions", role: "listbox", "aria-label": "Suggestions", hidden: true });
  const line = h("p", { class: "usage", "aria-live": "polite" });
  const button = h("button", { type: "button", class: "send", "aria-label": "Send message", title: "Send (Enter)", disabled: true }, icon("send"));
  const box = { area, list, line, button, thread, choice: null, index: 0 };
  const picker = h("input", { type: "file", hidden: true, "aria-label": "A file to send" });
  const attach = h("button", { type: "button", class: "attach", "aria-label": "Attach a file", title: "Attach a file (or drop it here)", onclick: () => picker.click() }, "+");
  picker.addEventListener("change", () => { send(picker.files[0]); picker.value = ""; });
  root.addEventListener("dragover", (event) => event.preventDefault());
  root.addEventListener("drop", (event) => { event.preventDefault(); send(event.dataTransfer.files[0]); });
  area.addEventListener("input", () => typed(box));
  area.addEventListener("click", () => suggest(box));
  area.addEventListener("blur", () => setTimeout(() => hide(box), 150));
  area.addEventListener("keydown", (event) => pressed(box, event));
  button.addEventListener("click", () => submit(box));
  fill(root, list, h("div", { class: "box" }, attach, picker, anywhereMenu(), area, button), line);
  box.setPlaceholder = () => (area.placeholder = placeholder());
  return box;
}

function typed(box) {
  box.area.style.height = "auto";
  box.area.style.height = `${Math.min(box.area.scrollHeight, 180)}px`;
  box.button.disabled = !box.area.value.trim();
  const words = usage(box.area.value);
  fill(box.line, words ?? []);
  suggest(box);
}

function suggest(box) {
  box.choice = candidates(box.area.value, box.area.selectionStart);
  box.index = 0;
  draw(box);
}

function draw(box) {
  box.list.hidden = !box.choice;
  if (!box.choice) return;
  const entries = box.choice.entries.map((entry, index) =>
    h("button", { type: "button", role: "option", tabIndex: -1, "aria-selected": String(index === box.index), onpointerdown: (event) => { event.preventDefault(); take(box, entry); } }, entry.node));
  fill(box.list, entries);
}

function hide(box) {
  box.choice = null;
  draw(box);
}

function take(box, entry) {
  const { area, choice } = box;
  const after = area.value.slice(area.selectionStart);
  area.value = area.value.slice(0, choice.from) + entry.insert + after;
  const caret = choice.from + entry.insert.length;
  area.setSelectionRange(caret, caret);
  area.focus();
  typed(box);
}

function pressed(box, event) {
  if (event.isComposing) return;
  if (box.choice && listKey(box, event)) return event.preventDefault();
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    submit(box);
  } else if (event.key === "ArrowUp" && !box.area.value && sent.length) {
    event.preventDefault();
    box.area.value = sent.at(-1);
    typed(box);
    hide(box);
  }
}

function listKey(box, event) {
  const { entries } = box.choice;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    box.index = (box.index + step + entries.length) % entries.length;
    draw(box);
    return true;
  }
  if (event.key === "Escape") {
    hide(box);
    event.stopPropagation();
    return true;
  }
  if (event.key === "Tab" || (event.key === "Enter" && !complete(box))) {
    take(box, entries[box.index]);
    return true;
  }
  return false;
}

// A command that is typed out already is sent by Enter, not completed once more.
const complete = (box) => box.choice.entries.some((entry) => entry.insert.trim() === box.area.value.trim() && entry.insert.startsWith("/"));

async function submit(box) {
  const text = box.area.value.trimEnd();
  if (!text) return;
  sent.push(text);
  box.area.value = "";
  typed(box);
  hide(box);
  const pending = waiting(text, box.thread());
  if (!text.startsWith("/")) store.pending.push(pending); // a command never stands in the channel
  document.getElementById(box.thread() ? "replies" : "timeline").dataset.end = "1";
  document.dispatchEvent(new Event("sandbox:painted"));
  const answer = await post("send", { channel: store.channel, text, thread_ts: box.thread() });
  store.pending = store.pending.filter((one) => one !== pending);
  if (answer.error && !answer.shown) alert(answer.error);
  await refresh();
}

function alert(words) {
  const node = h("div", { class: "toast", role: "alert" }, words);
  document.body.append(node);
  setTimeout(() => node.remove(), 6000);
}

// A file goes to the conversation at once, as a message of its own.
async function send(file) {
  if (!file) return;
  const bytes = new Uint8Array(await file.arrayBuffer());
  let letters = "";
  for (const byte of bytes) letters += String.fromCharCode(byte);
  const answer = await post("upload", { channel: store.channel, name: file.name, data: btoa(letters) });
  if (!answer.ok) alert(answer.error ?? "The file could not be sent.");
  await refresh();
}

let counter = 0;

function waiting(text, thread) {
  const ts = `pending-${++counter}`;
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return { id: ts, ts, thread_ts: thread, channel: store.channel, viewer: store.viewer, user: store.viewer, text: escaped, blocks: [], reactions: [], epoch: store.ctx.now, pending: true };
}
