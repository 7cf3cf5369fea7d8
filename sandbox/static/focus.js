// A redraw makes controls anew. Whoever goes by the keyboard stays on the same one: it is known by
// its place (a message, the form, the Home, a part of the page) and by what it is there.
const FOCUSABLE = "button, a[href], input, textarea, select, [tabindex]";

// Does the work; what had the focus and was made anew has it again, or what came in its stead.
export function keepingFocus(work) {
  const held = document.activeElement;
  const known = held && held !== document.body ? keyOf(held) : null;
  work();
  if (known && !held.isConnected) focusOn(known);
}

function keyOf(node) {
  const place = placeOf(node);
  if (!place) return null;
  const all = controls(place);
  const same = all.filter((one) => nameOf(one) === nameOf(node));
  const caret = typeof node.selectionStart === "number" ? [node.selectionStart, node.selectionEnd] : null;
  return { place, name: nameOf(node), nth: same.indexOf(node), index: all.indexOf(node), caret };
}

function focusOn({ place, name, nth, index, caret }) {
  const all = controls(place);
  const found = all.filter((one) => nameOf(one) === name)[nth];
  // Pressed, "I have it" becomes "Give it back": the focus stays at that place of the row.
  const node = found ?? all[Math.min(index, all.length - 1)];
  node?.focus({ preventScroll: true });
  if (node && node === found && caret) node.setSelectionRange(...caret);
}

const controls = (place) => [...(document.querySelector(place)?.querySelectorAll(FOCUSABLE) ?? [])].filter((one) => !one.disabled && one.offsetParent !== null);

const nameOf = (node) => node.closest("[data-control]")?.dataset.control ?? node.getAttribute("aria-label") ?? node.textContent.trim();

function placeOf(node) {
  const view = node.closest("dialog[data-view]");
  if (view) return `dialog[data-view="${view.dataset.view}"]`;
  const row = node.closest("article[data-ts]");
  const box = (row ?? node).parentElement?.closest("[id]");
  if (!box) return null;
  return row ? `#${box.id} article[data-ts="${row.dataset.ts}"]` : `#${box.id}`;
}
