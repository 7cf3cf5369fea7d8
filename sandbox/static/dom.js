// Small helpers to build the page. Text always enters as a text node, so nothing a
// stranger wrote can become markup: innerHTML is used nowhere in the sandbox.

export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props ?? {})) setProp(node, key, value);
  append(node, children);
  return node;
}

function setProp(node, key, value) {
  if (value === undefined || value === null || value === false) return;
  if (key === "class") node.className = value;
  else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
  else if (key === "dataset") Object.assign(node.dataset, value);
  else if (key === "colour") node.style.backgroundColor = value;
  else if (key in node && !key.startsWith("aria-") && key !== "list" && key !== "role") node[key] = value;
  else node.setAttribute(key, value === true ? "" : value);
}

function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null || child === false) continue;
    node.append(child);
  }
}

export function fill(node, ...children) {
  node.replaceChildren();
  append(node, children);
  return node;
}

export const $ = (id) => document.getElementById(id);

const SVG = "http://www.w3.org/2000/svg";

export function svgUse(href, className) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  svg.setAttribute("class", className);
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", href);
  svg.append(use);
  return svg;
}

export function icon(name) {
  return svgUse(`/ui/static/icons.svg#${name}`, "icon");
}

export function avatar(person, size = "") {
  const mark = person.bot ? icon("pin") : person.initials;
  return h("span", { class: `avatar ${size}`, colour: person.colour, "aria-hidden": "true" }, mark);
}

// Reads and writes small personal preferences; a browser that refuses storage is no error.
export const memory = {
  get(key) {
    try {
      return localStorage.getItem(`sandbox.${key}`);
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      localStorage.setItem(`sandbox.${key}`, value);
    } catch {
      /* private windows may refuse: the preference lasts for this page only */
    }
  },
};
