// The bar above: it belongs to the sandbox, not to Slack. The clock, and who one is.
import { $, avatar, fill, h, memory } from "./dom.js";
import { barClock } from "./dates.js";
import { picker } from "./popup.js";
import { become, drawLineHere, onclock, post, refresh, store } from "./store.js";

const STEPS = [
  ["hour", "+1 hour"],
  ["day", "+1 day"],
  ["week", "+1 week"],
  ["monday", "to next Monday 9:00"],
];

let busy = false;

export function startBar() {
  fill($("steps"), STEPS.map(([step, label]) => h("button", { type: "button", class: "step", dataset: { step }, onclick: () => move(step) }, label)));
  onclock(showClock);
  $("switcher").addEventListener("click", choosePerson);
  startHints();
}

async function move(step) {
  if (busy) return;
  drawLineHere();
  showBusy(true, 0);
  const answer = await post("clock", { step });
  if (!answer.ok) {
    showBusy(false, 1);
    $("clocknote").textContent = answer.error;
  }
}

function showClock(state) {
  store.ctx.now = state.now;
  $("now").textContent = barClock(state.now, store.ctx.zone);
  if (busy && !state.busy) refresh();
  showBusy(state.busy, state.progress);
  if (state.error) $("clocknote").textContent = state.error;
}

function showBusy(on, progress) {
  busy = on;
  document.body.classList.toggle("moving", on);
  for (const button of $("steps").children) button.disabled = on;
  $("progress").hidden = !on;
  $("progress").value = progress ?? 0;
  if (on) $("clocknote").textContent = "Linchpin is at work…";
  else if ($("clocknote").textContent.startsWith("Linchpin is")) $("clocknote").textContent = "";
}

export function drawBar() {
  const { viewer, clock } = store.data;
  showClock(clock);
  $("now").title = `As ${viewer.name} sees it (${viewer.tz})`;
  $("zone").textContent = viewer.tz.split("/").at(-1).replaceAll("_", " ");
  fill($("switcher"), h("span", { class: "youare" }, "You are"), avatar(viewer, "small"),
    h("span", { class: "who" }, h("strong", {}, viewer.name), h("small", {}, viewer.role)), h("span", { class: "caret", "aria-hidden": "true" }, "▾"));
  $("switcher").setAttribute("aria-label", `You are ${viewer.name}, ${viewer.role}. Become someone else`);
}

function choosePerson() {
  const people = [...store.ctx.people.values()].filter((one) => one.playable);
  const options = people.map((one) => ({ text: [avatar(one, "small"), h("span", { class: "face" }, h("strong", {}, one.name), h("small", {}, one.role))], value: one.id, words: `${one.name} ${one.role}`.toLocaleLowerCase() }));
  const load = (words) => [{ options: options.filter((one) => one.words.includes(words.toLocaleLowerCase())) }];
  picker($("switcher"), { load, label: "Become someone else", selected: (one) => one.value === store.viewer, onpick: (one) => become(one.value) });
}

function startHints() {
  if (!$("hints") || memory.get("hints") === "off") return;
  $("hints").hidden = false;
  $("hidehints").addEventListener("click", () => {
    $("hints").hidden = true;
    memory.set("hints", "off");
  });
}
