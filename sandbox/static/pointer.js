// A redraw between pressing a button and letting go of it takes the button away from under the
// pointer, and the browser makes no click of the two. So what redraws waits until nothing is pressed.
let pressed = false;
const waiting = new Set();

// Does it now, or as soon as nothing is pressed; asked for again meanwhile, once is enough.
export function unlessPressed(work) {
  if (pressed) waiting.add(work);
  else work();
}

function released() {
  pressed = false;
  const due = [...waiting];
  waiting.clear();
  due.forEach((work) => work());
}

// Only the first button: a menu of the browser's own may swallow the end of the others.
addEventListener("pointerdown", (event) => (pressed = event.button === 0), true);
// The click comes right after the release, and before this.
const soon = () => setTimeout(released, 0);
for (const end of ["pointerup", "pointercancel", "contextmenu"]) addEventListener(end, soon, true);
addEventListener("blur", (event) => event.target === window && soon(), true);
