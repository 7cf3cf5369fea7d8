// "Run a workflow's step": what Workflow Builder does with the app's steps, one at a time.
import { fill, h, icon } from "./dom.js";
import { changed, onchange, post, refresh, store } from "./store.js";

const PERSON = "slack#/types/user_id";
const DAY = "slack#/types/date";

let shown = null; // {dialog, step, fields, run}

onchange(() => shown?.run && drawEnd());

export function openSteps() {
  const dialog = h("dialog", { class: "modal", "aria-label": "Run a workflow’s step" });
  dialog.addEventListener("close", () => { dialog.remove(); shown = null; });
  shown = { dialog, step: store.data.steps[0], fields: new Map(), run: null };
  drawForm();
  document.body.append(dialog);
  dialog.showModal();
}

function drawForm() {
  const { dialog, step } = shown;
  shown.fields = new Map(step.inputs.map((one) => [one.name, field(one)]));
  const choice = h("select", { class: "field", "aria-label": "Step", onchange: (event) => { shown.step = store.data.steps[event.target.selectedIndex]; drawForm(); } },
    store.data.steps.map((one) => h("option", { selected: one === step }, one.title)));
  fill(dialog, head(), h("form", { class: "viewbody", onsubmit: run },
    h("p", { class: "hint" }, `In Slack, Workflow Builder lists these steps. ${step.description}.`), labelled("Step", choice),
    step.inputs.map((one) => labelled(one.title, shown.fields.get(one.name), one)),
    h("p", { class: "end", role: "status" }),
    h("button", { type: "submit", hidden: true })),
    h("footer", {}, h("button", { type: "button", class: "btn", onclick: () => dialog.close() }, "Close"), h("button", { type: "button", class: "btn primary", onclick: run }, "Run")));
}

const head = () => h("header", {}, icon("bolt"), h("h2", {}, "Run a workflow’s step"),
  h("button", { type: "button", class: "iconbutton", "aria-label": "Close", onclick: () => shown.dialog.close() }, icon("close")));

function field(one) {
  if (one.type === PERSON) {
    const people = store.data.people.filter((person) => person.playable);
    return h("select", { class: "field", "aria-label": one.title }, people.map((person) => h("option", { value: person.id, selected: person.id === store.viewer }, person.id === store.viewer ? `${person.name} (who used this workflow)` : person.name)));
  }
  return h("input", { class: "field", type: one.type === DAY ? "date" : "text", "aria-label": one.title });
}

function labelled(title, node, one) {
  const optional = one && !one.required ? h("small", {}, " (optional)") : null;
  return h("div", { class: "inputblock" }, h("div", { class: "label" }, title, optional), node, one && h("p", { class: "hint" }, one.description));
}

async function run(event) {
  event.preventDefault();
  const { step, fields } = shown;
  const inputs = Object.fromEntries([...fields].map(([name, node]) => [name, node.value.trim()]));
  const missing = step.inputs.find((one) => one.required && !inputs[one.name]);
  if (missing) return say(`Please fill in "${missing.title}".`);
  say("Running …");
  const answer = await post("step", { step: step.step, inputs });
  if (!answer.ok) return say(answer.error);
  shown.run = answer.run;
  await refresh();
  return changed();
}

function drawEnd() {
  const found = store.data.runs.find((one) => one.id === shown.run);
  if (!found || found.status === "running") return;
  shown.run = null;
  if (found.status === "failed") say(`It failed: ${found.error}`);
  else say(h("strong", {}, "Completed. It gives the next step:"), h("dl", {}, Object.entries(found.outputs).map(([name, value]) => [h("dt", {}, name), h("dd", {}, String(value))])));
}

function say(...words) {
  const node = shown.dialog.querySelector(".end");
  fill(node, words);
  node.scrollIntoView({ block: "end" });
}
